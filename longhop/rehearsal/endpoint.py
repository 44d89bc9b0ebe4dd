"""The routes of the server, and what it does with a chat completion request."""

import json
from collections import Counter
from collections.abc import Sequence
from math import ceil

from aiohttp import web

from longhop.rehearsal.batches.desk import BatchDesk
from longhop.rehearsal.batches.routes import batch_routes
from longhop.rehearsal.completing import (
    NO_REQUEST,
    Answer,
    Asked,
    complete,
    object_to,
    problem,
    read_request,
)
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.limiting import Entry, Full, Window
from longhop.rehearsal.log import Log
from longhop.rehearsal.misbehaving import Attempt, as_response
from longhop.rehearsal.model import Model, RuleBasedReader

_LARGEST_BODY = 256 * 1024**2
_PREFIX = "rehearsal-"


class Rehearsal:
    """The handlers of the server, with its models, its conduct and its log."""

    def __init__(self, conduct: Conduct, models: Sequence[Model] = ()) -> None:
        self.conduct = conduct
        self.models = {model.name: model for model in (RuleBasedReader(), *models)}
        for name in self.models:
            if not name.startswith(_PREFIX):
                raise ValueError(f"the model {name!r} could pass for another: {_PREFIX}… is wanted")
        self.log = Log()
        self.batches = BatchDesk(conduct, self.models, lambda: self.log)
        self._window = Window(conduct.limits)
        self._in_flight = 0
        self._attempts: Counter[str] = Counter()

    def application(self) -> web.Application:
        """The routes."""
        application = web.Application(client_max_size=_LARGEST_BODY)
        application.add_routes(
            [
                web.post("/v1/chat/completions", self.complete),
                web.get("/v1/models", self.list_models),
                web.get("/log", self.tell_log),
                web.post("/log/reset", self.reset_log),
                *batch_routes(self.batches),
            ]
        )
        application.on_cleanup.append(self.batches.close)
        return application

    async def list_models(self, _: web.Request) -> web.Response:
        """The models there are."""
        models = [
            {"id": name, "object": "model", "created": 0, "owned_by": "rehearsal"}
            for name in self.models
        ]
        return web.json_response({"object": "list", "data": models})

    async def tell_log(self, _: web.Request) -> web.Response:
        """What was asked so far."""
        return web.json_response(self.log.told())

    async def reset_log(self, _: web.Request) -> web.Response:
        """Count anew."""
        self.log = Log()
        return web.json_response(self.log.told())

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Answer a chat completion request, or misbehave as the conduct says."""
        self.log.requests += 1
        self._in_flight += 1
        self.log.max_in_flight = max(self.log.max_in_flight, self._in_flight)
        try:
            response = await self._respond(request, await request.read())
            self.log.by_status[str(response.status)] += 1
            return response
        finally:
            self._in_flight -= 1

    async def _respond(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        try:
            asked = read_request(json.loads(raw))
        except ValueError:
            asked = problem(400, NO_REQUEST, "invalid_request")
        if isinstance(asked, Answer):
            return as_response(asked)
        self.log.by_task[asked.task] += 1
        self.log.asked[asked.key] += 1
        refused = object_to(asked, self.models, self.conduct) or self._too_many()
        if refused is None:
            entry = self._window.admit(asked.tokens)
            if not isinstance(entry, Full):
                return await self._answer(request, asked, entry)
            refused = _over(entry)
        self.log.note(refused.misbehaves)
        return as_response(refused)

    def _too_many(self) -> Answer | None:
        if self.conduct.capacity is None or self._in_flight <= self.conduct.capacity:
            return None
        headers = {"Retry-After": f"{self.conduct.retry_after_s:g}"}
        return problem(429, "Too many requests in flight.", "rate_limit_exceeded",
                       headers=headers, misbehaves="capacity")  # fmt: skip

    async def _answer(
        self, request: web.Request, asked: Asked, entry: Entry
    ) -> web.StreamResponse:  # fmt: skip
        self._attempts[asked.key] += 1
        number = str(self._attempts[asked.key] - 1)
        attempt = Attempt(request, asked.key, number, self.conduct, self.log)
        if failure := await attempt.befall():
            return failure
        answer = complete(asked, self.models[asked.body["model"]], self.conduct)
        self._window.charge(entry, answer.tokens)
        return await attempt.send(answer)


def _over(full: Full) -> Answer:
    wait = ceil(full.wait_s * 1000) / 1000
    return problem(
        429,
        f"Rate limit reached for {full.limit} per window. Please try again in {wait:g}s.",
        "rate_limit_exceeded",
        headers={"Retry-After": f"{wait:.3f}"},
        misbehaves=f"{full.limit}_limit",
    )
