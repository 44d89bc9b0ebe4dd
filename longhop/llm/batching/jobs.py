"""One request in a batch: its name on the wire, its line, and what became of it."""

import asyncio
import base64
import json
from dataclasses import dataclass
from typing import Any

from longhop.records.model import ModelAnswer, ModelRequest

_KEY_BYTES = 32


@dataclass(eq=False)
class Job:
    """A request that waits for its answer from a batch."""

    key: str
    request: ModelRequest
    schema: str
    stage: str
    answer: "asyncio.Future[ModelAnswer]"
    submitted: int = 0

    @property
    def size(self) -> int:
        """The bytes of its prompt."""
        return sum(len(each.content.encode("utf-8", "replace")) for each in self.request.messages)

    def line(self, body: dict[str, Any]) -> bytes:
        """The line of the input file that asks for it."""
        asked = {
            "custom_id": name_of(self.key),
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": body,
        }
        return json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace") + b"\n"

    def settle(self, outcome: ModelAnswer | BaseException) -> None:
        """Hand over the answer, or the error, to whoever still waits."""
        if self.answer.done():
            return
        if isinstance(outcome, BaseException):
            self.answer.set_exception(outcome)
            self.answer.exception()  # read here, so that nobody is told of it who did not wait
        else:
            self.answer.set_result(outcome)


def file_of(jobs: list[Job], bodies: list[dict[str, Any]]) -> bytes:
    """The input file that asks for jobs, each by its body."""
    return b"".join(job.line(body) for job, body in zip(jobs, bodies, strict=True))


def name_of(key: str) -> str:
    """A memo key as a request's name: short enough for every Batch API, and reversible."""
    hashed, plus, again = key.partition("+")
    return base64.urlsafe_b64encode(bytes.fromhex(hashed)).decode().rstrip("=") + (
        f".{again}" if plus else ""
    )


def key_named(name: object) -> str | None:
    """The memo key that a request's name stands for, or None if it is none of ours."""
    if not isinstance(name, str):
        return None
    hashed, dot, again = name.partition(".")
    try:
        raw = base64.urlsafe_b64decode(hashed + "=" * (-len(hashed) % 4))
    except ValueError:
        return None
    if len(raw) != _KEY_BYTES:
        return None
    return raw.hex() + (f"+{again}" if dot else "")
