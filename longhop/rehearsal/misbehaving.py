"""What befalls a request before its answer is sent, and the answer on its way."""

import asyncio
import json
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist

from aiohttp import web

from longhop.rehearsal.completing import Answer, problem
from longhop.rehearsal.conduct import Conduct
from longhop.rehearsal.log import Log

_FOREVER = 24 * 3600.0
_CUT = 499  # no client sees it: the log alone does


@dataclass(frozen=True)
class Attempt:
    """One attempt of a request, the first being "0", and what the conduct does to it."""

    request: web.Request
    key: str
    number: str
    conduct: Conduct
    log: Log

    async def befall(self) -> web.Response | None:
        """Let the request wait; then fail it, for ever or at once, or let it go on."""
        conduct, transport = self.conduct, self.request.transport
        if conduct.latency_s:
            await asyncio.sleep(waiting_time(conduct, self.key, self.number))
        if self.number == "0" and self._strikes(conduct.error_share, "error"):
            return as_response(self._error())
        if self._strikes(conduct.hang_share, "hang"):
            self.log.by_status["hang"] += 1
            await asyncio.sleep(_FOREVER)
        if transport is not None and self._strikes(conduct.cut_share, "cut"):
            transport.abort()
            return web.Response(status=_CUT)
        return None

    async def send(self, answer: Answer) -> web.StreamResponse:
        """The response to send, or sent already as far as it goes."""
        if self._strikes(self.conduct.no_choices_share, "no_choices"):
            return web.json_response({**answer.content, "choices": []})
        if self._strikes(self.conduct.truncated_share, "truncated"):
            return await self._truncated(json.dumps(answer.content).encode())
        self.log.answered[self.key] += 1
        self.log.note(answer.misbehaves)
        return as_response(answer)

    def _strikes(self, share: float, kind: str) -> bool:
        struck = self.conduct.strikes(share, kind, self.key, self.number)
        self.log.note(kind if struck else "")
        return struck

    def _error(self) -> Answer:
        statuses = self.conduct.error_statuses
        status = statuses[int(self.conduct.draw("status", self.key) * len(statuses))]
        return problem(status, "The server had an error.", "server_error")

    async def _truncated(self, whole: bytes) -> web.StreamResponse:
        """A part of the body: as all there is, or with more promised and the connection closed."""
        part = whole[: len(whole) * 6 // 10]
        if self.conduct.draw("promise", self.key, self.number) < 0.5:
            return web.Response(body=part, content_type="application/json")
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = len(whole)
        await response.prepare(self.request)
        await response.write(part)
        if self.request.transport is not None:
            self.request.transport.close()
        return response


def waiting_time(conduct: Conduct, key: str, attempt: str) -> float:
    """The seconds that one attempt takes; over many, `latency_s` is their mean."""
    latency = conduct.latency
    chance = conduct.draw("latency", key, attempt)
    times = 1.0
    if latency.shape == "exponential":
        times = -log(1 - chance)
    elif latency.shape == "lognormal":
        deviation = NormalDist().inv_cdf(max(chance, 1e-12))
        times = exp(latency.spread * deviation - latency.spread**2 / 2)
    if conduct.strikes(latency.tail_share, "tail", key, attempt):
        times *= latency.tail_times
    return conduct.latency_s * times / (1 + latency.tail_share * (latency.tail_times - 1))


def as_response(answer: Answer) -> web.Response:
    """The answer as it goes over the wire."""
    return web.json_response(answer.content, status=answer.status, headers=answer.headers)
