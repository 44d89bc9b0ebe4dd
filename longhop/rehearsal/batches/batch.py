"""One batch: what it is asked to do, and how far it is."""

import time
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from longhop.rehearsal.batches.files import StoredFile

WINDOW_S = 24 * 3600
_OVER = ("completed", "failed", "expired", "cancelled")


@dataclass
class Batch:
    """One batch; each status that it reached has its time."""

    number: int
    input_file: StoredFile
    metadata: dict[str, str] | None
    lives_s: float
    status: str = "validating"
    errors: dict[str, Any] | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    total: int = 0
    completed: int = 0
    failed: int = 0
    model: str | None = None
    started: float = field(default_factory=time.time)
    times: dict[str, int] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Its name, the same in every server that was asked for the same batches."""
        key = str(self.number).encode()
        return f"batch_{blake2b(self.input_file.content, key=key, digest_size=12).hexdigest()}"

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.status in _OVER

    def move(self, status: str) -> None:
        """Reach the next status."""
        self.status = status
        self.times[status] = int(time.time())

    def told(self) -> dict[str, Any]:
        """What the API says of it."""
        counts = {"total": self.total, "completed": self.completed, "failed": self.failed}
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "model": self.model,
            "errors": self.errors,
            "input_file_id": self.input_file.id,
            "completion_window": "24h",
            "status": self.status,
            "output_file_id": self.output_file_id,
            "error_file_id": self.error_file_id,
            "created_at": int(self.started),
            "in_progress_at": self.times.get("in_progress"),
            "expires_at": int(self.started + self.lives_s),
            "finalizing_at": self.times.get("finalizing"),
            "completed_at": self.times.get("completed"),
            "failed_at": self.times.get("failed"),
            "expired_at": self.times.get("expired"),
            "cancelling_at": self.times.get("cancelling"),
            "cancelled_at": self.times.get("cancelled"),
            "request_counts": counts,
            "metadata": self.metadata,
        }
