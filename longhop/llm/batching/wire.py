"""The Batch API as it is spoken: files of lines in, batches, files of lines out."""

import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from openai import APIConnectionError, APIError, APIStatusError, AsyncOpenAI

from longhop.errors import EndpointError
from longhop.llm.completions import OTHER_SHAPES
from longhop.llm.endpoint import Endpoint, Unavailable, cause_of

# Whatever else a batch may be called, it has not ended.
ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
# Batches older than this are over, and what they held was asked anew.
_LOOK_BACK_SECONDS = 3 * 24 * 3600
_MARK = "longhop"


@dataclass(frozen=True)
class Batch:
    """A batch of ours, as the endpoint tells of it."""

    id: str
    status: str
    stage: str
    model: str
    ability: str
    input_file: str
    output_file: str | None
    error_file: str | None
    created_at: float
    total: int
    completed: int
    cause: str

    @property
    def is_running(self) -> bool:
        """Whether more of it is to come."""
        return self.status not in ENDED

    @property
    def lacks_output(self) -> bool:
        """Whether it says that it has answers and not where: some show their file a while later."""
        return bool(self.completed) and self.output_file is None


class BatchApi:
    """The calls. `home` names the store whose batches these are.

    Raises, all of them:
        Unavailable: It did not work this time.
        EndpointError: It will not work: there is no Batch API, or it takes no such batch.
    """

    def __init__(self, endpoint: Endpoint, home: str) -> None:
        self.endpoint = endpoint
        self.home = home

    @property
    def _client(self) -> AsyncOpenAI:
        return self.endpoint.client

    async def upload(self, data: bytes) -> str:
        """The id of a new file of lines."""
        with self._told():
            file = await self._client.files.create(file=("requests.jsonl", data), purpose="batch")
            return file.id

    async def make(self, file_id: str, *, stage: str, model: str, ability: str) -> Batch:
        """The batch of a file: one that was made of it, though nobody could say so, or a new one.

        Looked for at every try, since what was made must not be paid for twice.
        """
        async for each in self.ours():
            if each.input_file == file_id:
                return each
        with self._told():
            return _told(
                await self._client.batches.create(
                    input_file_id=file_id,
                    endpoint="/v1/chat/completions",
                    completion_window="24h",
                    metadata={
                        _MARK: self.home,
                        "longhop_stage": stage,
                        "longhop_model": model[:512],
                        "longhop_ability": ability,
                    },
                )
            )

    async def look(self, batch_id: str) -> Batch:
        """How a batch is now."""
        with self._told():
            return _told(await self._client.batches.retrieve(batch_id))

    async def cancel(self, batch_id: str) -> None:
        """Give a batch up."""
        with self._told():
            await self._client.batches.cancel(batch_id)

    async def ours(self) -> AsyncIterator[Batch]:
        """The batches of the last days that were made for this store, newest first."""
        oldest = time.time() - _LOOK_BACK_SECONDS
        seen: set[str] = set()
        with self._told():
            async for each in self._client.batches.list(limit=100):
                if each.id in seen or each.created_at < oldest:
                    return
                seen.add(each.id)
                if (each.metadata or {}).get(_MARK) == self.home:
                    yield _told(each)

    async def lines(self, file_id: str | None) -> Iterator[dict[str, Any]]:
        """The lines of a file, those that are no object left out; none where there is no file."""
        if file_id is None:
            return iter(())
        with self._told():
            content = await self._client.files.content(file_id)
        return _objects(content.content.splitlines())

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Sort what goes wrong."""
        try:
            yield
        except (APIStatusError, APIConnectionError) as error:
            raise self._sorted(error) from error
        except (APIError, *OTHER_SHAPES) as error:
            raise Unavailable(f"its Batch API speaks otherwise: {type(error).__name__}") from error

    def _sorted(self, error: APIStatusError | APIConnectionError) -> Exception:
        if isinstance(error, APIConnectionError):
            return Unavailable(cause_of(error))
        status = error.status_code
        if status in (404, 405, 501):
            return EndpointError(
                f"endpoint {self.endpoint.address} has no Batch API ({status} from"
                f" {error.request.url.path}): set LONGHOP_BATCH to nothing"
            )
        said, headers = error.body or error.message, error.response.headers
        found = self.endpoint.sorted(status, said, "", headers)
        if isinstance(found, EndpointError):
            return found
        if status == 429 or status >= 500 or status == 408:
            return Unavailable(str(found))
        return EndpointError(f"endpoint {self.endpoint.address} takes no such batch: {found}")


def _objects(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            yield found


def _told(batch: Any) -> Batch:
    metadata, counts = batch.metadata or {}, batch.request_counts
    errors = batch.errors.data if batch.errors is not None and batch.errors.data else []
    return Batch(
        id=batch.id,
        status=str(batch.status).casefold(),
        stage=metadata.get("longhop_stage", ""),
        model=metadata.get("longhop_model", ""),
        ability=metadata.get("longhop_ability", ""),
        input_file=batch.input_file_id,
        output_file=batch.output_file_id,
        error_file=batch.error_file_id,
        created_at=float(batch.created_at),
        total=counts.total if counts else 0,
        completed=counts.completed if counts else 0,
        cause="; ".join(str(each.message or each.code) for each in errors[:3]),
    )
