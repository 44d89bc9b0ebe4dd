"""Brings what a batch has answered into the memo, before anything else is made of it."""

import asyncio
from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Any

from longhop.errors import EndpointError
from longhop.identity import digest
from longhop.llm.batching.jobs import key_named
from longhop.llm.batching.patience import Patience
from longhop.llm.batching.wire import Batch, BatchApi
from longhop.llm.completions import OTHER_SHAPES, answer_of
from longhop.llm.endpoint import Busy, Endpoint, Unavailable
from longhop.llm.spending import Purse
from longhop.ports import Remembrance
from longhop.records.model import ModelAnswer

_AT_ONCE = 200


class Collector:
    """Collects each ended batch once."""

    def __init__(
        self, endpoint: Endpoint, api: BatchApi, memo: Remembrance, purse: Purse, patience: Patience
    ) -> None:
        self.endpoint = endpoint
        self.api = api
        self.memo = memo
        self.purse = purse
        self.patience = patience

    def has(self, batch: Batch) -> bool:
        """Whether a batch was collected, by this build or an earlier one."""
        return self.memo.get(_mark(batch)) is not None

    async def collect(self, batch: Batch) -> dict[str, Exception]:
        """Put the answers of an ended batch into the memo; why the others have none, by key.

        Raises:
            EndpointError: The endpoint refused the batch as a whole.
        """
        causes: dict[str, Exception] = {}
        for file in (batch.output_file, batch.error_file):
            lines = await self.patience.until_done(partial(self.api.lines, file))
            while portion := list(islice(lines, _AT_ONCE)):
                self._keep(portion, batch, causes)
                await asyncio.sleep(0)  # a large file must not keep others waiting
        self.memo.put(_mark(batch), {"status": batch.status})
        if batch.status == "failed":
            raise EndpointError(
                f"endpoint {self.endpoint.address} refused batch {batch.id}: {batch.cause}"
            )
        return causes

    def _keep(
        self, lines: Iterable[dict[str, Any]], batch: Batch, causes: dict[str, Exception]
    ) -> None:
        answers: dict[str, ModelAnswer] = {}
        for line in lines:
            key = key_named(line.get("custom_id"))
            if key is None:
                continue
            try:
                outcome = self._read(line, batch)
            except OTHER_SHAPES as error:
                outcome = Unavailable(f"a line of another form: {type(error).__name__}")
            if isinstance(outcome, ModelAnswer):
                answers[key] = outcome
            else:
                causes[key] = outcome
        self.memo.put_many({key: each.model_dump() for key, each in answers.items()})
        for each in answers.values():
            self.purse.pay(batch.model, each, in_batch=True)

    def _read(self, line: dict[str, Any], batch: Batch) -> ModelAnswer | Exception:
        """The answer in a line, or what is wrong, sorted as for a single request."""
        response = line.get("response") or {}
        status, body = response.get("status_code"), response.get("body")
        status = int(status) if status is not None else None
        if status is None:
            error = line.get("error") or {}
            return Unavailable(str(error.get("message") or error.get("code") or "no response"))
        if status == 200:
            answer = answer_of(body)
            self.endpoint.abilities.answered(batch.model, batch.ability, answer.text)
            return answer
        if self.endpoint.adapts(batch.model, batch.ability, status, str(body)):
            return Unavailable("the endpoint wants another form")
        found = self.endpoint.sorted(status, body, batch.model, {})
        return Unavailable(str(found)) if isinstance(found, Busy) else found


def _mark(batch: Batch) -> str:
    """The memo key that says that a batch was collected."""
    return digest("batch", batch.id)
