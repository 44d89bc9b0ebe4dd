"""Rate limits: what is let in within any stretch of time of a given length."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from longhop.rehearsal.conduct import Limits


@dataclass
class Entry:
    """A request that was let in, with the tokens it cost so far."""

    at: float
    tokens: int


@dataclass(frozen=True)
class Full:
    """Which limit is reached, "requests" or "tokens", and the seconds until there is room."""

    limit: str
    wait_s: float


class Window:
    """The requests of the last `window_s` seconds. What is turned away leaves no trace.

    A request of more tokens than the limit is let into an empty window: it could never be else.
    """

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._now = now
        self._entries: deque[Entry] = deque()
        self._tokens = 0

    def admit(self, tokens: int) -> Entry | Full:
        """Let a request in, or say how long it is until there is room for it."""
        now = self._now()
        if self.limits.requests is None and self.limits.tokens is None:
            return Entry(now, tokens)
        while self._entries and self._entries[0].at + self.limits.window_s <= now:
            self._tokens -= self._entries.popleft().tokens
        if full := self._full(tokens, now):
            return full
        entry = Entry(now, 0)
        self._entries.append(entry)
        self.charge(entry, tokens)
        return entry

    def charge(self, entry: Entry, tokens: int) -> None:
        """Add what the answer to a request cost, unless the request left the window by now."""
        entry.tokens += tokens
        if self._entries and entry.at >= self._entries[0].at:
            self._tokens += tokens

    def _full(self, tokens: int, now: float) -> Full | None:
        requests, most = self.limits.requests, self.limits.tokens
        waits = {}
        if requests is not None and len(self._entries) >= requests:
            waits["requests"] = self._leaves(self._entries[len(self._entries) - requests]) - now
        if most is not None and self._entries and self._tokens + tokens > most:
            waits["tokens"] = self._leaves(self._blocking(tokens, most)) - now
        if not waits:
            return None
        limit = max(waits, key=lambda each: waits[each])
        return Full(limit, waits[limit])

    def _blocking(self, tokens: int, most: int) -> Entry:
        """The entry with whose leaving there is room."""
        left = self._tokens
        for entry in self._entries:
            left -= entry.tokens
            if left + tokens <= most:
                return entry
        return self._entries[-1]

    def _leaves(self, entry: Entry) -> float:
        return entry.at + self.limits.window_s
