"""The same requests through the Batch API: cheaper, and hours later."""

from longhop.llm.batching.desk import OVERDUE_SECONDS, Batches

__all__ = ["OVERDUE_SECONDS", "Batches"]
