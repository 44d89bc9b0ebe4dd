"""How fast requests may follow each other at an endpoint that counts them over time."""

from collections import deque

_LOOKED_BACK_SECONDS, _REMEMBERED, _ENOUGH = 60.0, 4096, 8
# Every answer lets the next request come sooner by so much: a tenth in fifty.
_SOONER = 0.998
# So soon after a change another refusal says nothing new: it was sent before.
_SETTLING_SECONDS = 0.5
_NO_TIME = 1e-3


class Throttle:
    """The seconds between two requests, learned from refusals: none until the first.

    An endpoint that lets so many requests through in some time, and says how long it is until it
    takes the next, has told its rate: what it answered, by the time since the first of these and
    until then. Between refusals the rate grows slowly, in case it was told too low.
    """

    def __init__(self) -> None:
        self.interval = 0.0
        self._answered: deque[float] = deque(maxlen=_REMEMBERED)
        self._changed_at = float("-inf")
        self._next_at = 0.0

    def answered(self, now: float) -> None:
        """One more answer."""
        self._answered.append(now)
        self.interval *= _SOONER
        if self.interval < _NO_TIME:
            self.interval = 0.0

    def refused(self, now: float, retry_after: float) -> None:
        """A request was refused although few were in flight."""
        while self._answered and now - self._answered[0] > _LOOKED_BACK_SECONDS:
            self._answered.popleft()
        if len(self._answered) < _ENOUGH or now - self._changed_at < _SETTLING_SECONDS:
            return
        self._changed_at = now
        span = now - self._answered[0] + retry_after
        self.interval = max(self.interval, span / len(self._answered))

    def wait(self, now: float) -> float:
        """Seconds until the next request."""
        return max(0.0, self._next_at - now) if self.interval else 0.0

    def take(self, now: float) -> None:
        """A request is sent."""
        self._next_at = max(now, self._next_at) + self.interval
