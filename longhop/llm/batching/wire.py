"""The Batch API as it is spoken: files of lines in, batches, files of lines out."""

import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from openai import APIConnectionError, APIStatusError, AsyncOpenAI

from longhop.errors import EndpointError
from longhop.llm.endpoint import Endpoint, Unavailable, cause_of

RUNNING = frozenset({"validating", "in_progress", "finalizing", "cancelling"})
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
        return self.status in RUNNING


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

    async def submit(self, data: bytes, *, stage: str, model: str, ability: str) -> Batch:
        """A new batch of the lines in `data`."""
        metadata = {
            _MARK: self.home,
            "longhop_stage": stage,
            "longhop_model": model[:512],
            "longhop_ability": ability,
        }
        try:
            file = await self._client.files.create(file=("requests.jsonl", data), purpose="batch")
        except (APIStatusError, APIConnectionError) as error:
            raise self._sorted(error) from error
        try:
            made = await self._client.batches.create(
                input_file_id=file.id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata=metadata,
            )
        except APIStatusError as error:
            raise self._sorted(error) from error
        except APIConnectionError as error:
            # It may have been made although nobody could say so: it must not be paid twice.
            async for each in self.ours():
                if each.input_file == file.id:
                    return each
            raise self._sorted(error) from error
        return _told(made)

    async def look(self, batch_id: str) -> Batch:
        """How a batch is now."""
        try:
            return _told(await self._client.batches.retrieve(batch_id))
        except (APIStatusError, APIConnectionError) as error:
            raise self._sorted(error) from error

    async def cancel(self, batch_id: str) -> None:
        """Give a batch up."""
        try:
            await self._client.batches.cancel(batch_id)
        except (APIStatusError, APIConnectionError) as error:
            raise self._sorted(error) from error

    async def ours(self) -> AsyncIterator[Batch]:
        """The batches of the last days that were made for this store, newest first."""
        oldest = time.time() - _LOOK_BACK_SECONDS
        try:
            async for each in self._client.batches.list(limit=100):
                if each.created_at < oldest:
                    return
                if (each.metadata or {}).get(_MARK) == self.home:
                    yield _told(each)
        except (APIStatusError, APIConnectionError) as error:
            raise self._sorted(error) from error

    async def lines(self, file_id: str | None) -> Iterator[dict[str, Any]]:
        """The lines of a file, those that are no object left out; none where there is no file."""
        if file_id is None:
            return iter(())
        try:
            content = await self._client.files.content(file_id)
        except (APIStatusError, APIConnectionError) as error:
            raise self._sorted(error) from error
        return _objects(content.content.splitlines())

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
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def _told(batch: Any) -> Batch:
    metadata, counts = batch.metadata or {}, batch.request_counts
    errors = batch.errors.data if batch.errors is not None and batch.errors.data else []
    return Batch(
        id=batch.id,
        status=batch.status,
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
