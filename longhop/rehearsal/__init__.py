"""The rehearsal model: a small rule-based reader behind an OpenAI-compatible HTTP server.

It stands in where no language model is at hand: in the demo, the tests and the load benchmarks.
It answers to its own name alone, so its answers never pass for another model's.
"""

from typing import TYPE_CHECKING, Any

from longhop.rehearsal.chance import VERSION
from longhop.rehearsal.conduct import BatchConduct, Conduct, Latency, Limits

if TYPE_CHECKING:
    from longhop.rehearsal.server import RehearsalServer, serve

MODEL = f"rehearsal-{VERSION}"

__all__ = ["MODEL", "BatchConduct", "Conduct", "Latency", "Limits", "RehearsalServer", "serve"]


def __getattr__(name: str) -> Any:  # the server's imports wait until it is wanted
    if name in ("RehearsalServer", "serve"):
        from longhop.rehearsal import server

        return getattr(server, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
