"""When to stop asking: an endpoint that answers nothing any more, or never will."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from longhop.errors import EndpointDown, EndpointError, LongHopError

# An endpoint that answered nothing and refused this many wants something else of every request.
REFUSALS = 10
# So few failures, with pauses between them, may all be chance.
_FAILURES = 4
_GO_ON = "Every answer so far is kept: build again to go on, or retry the run."


class Breaker:
    """The circuit of one endpoint. Once it is open it stays so, and names the first cause."""

    def __init__(self, address: str, patience: float) -> None:
        self.address = address
        self.patience = patience
        self.error: LongHopError | None = None
        self.last_answer = -1.0
        self._failing_since: float | None = None
        self._first_cause = ""
        self._refusals = 0
        self._failures = 0
        self._asking, self._quiet_since = 0, 0.0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Somebody wants an answer while this lasts; time in which nobody does counts for nothing.

        The pauses between the tries of a request are within it.
        """
        if not self._asking and self._failing_since is not None:
            self._failing_since += time.monotonic() - self._quiet_since
        self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1
            self._quiet_since = time.monotonic()

    def answered(self) -> None:
        """The endpoint answers."""
        self.last_answer = time.monotonic()
        self._failing_since = None

    @property
    def is_losing_patience(self) -> bool:
        """Whether one more failure may be the last."""
        if self._failing_since is None:
            return False
        return time.monotonic() - self._failing_since > self.patience / 2

    def failed(self, cause: str) -> None:
        """A request came to nothing: enough of these for too long, and the circuit breaks."""
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since, self._first_cause, self._failures = now, cause, 0
        self._failures += 1
        waited = now - self._failing_since
        if waited > self.patience and self._failures >= _FAILURES:
            self.error = EndpointDown(
                f"endpoint {self.address} gave no answer for {waited:.0f} s; it began"
                f" with: {self._first_cause}. {_GO_ON}"
            )

    def asked_to_wait(self, seconds: float, cause: str) -> None:
        """The endpoint is full: it wants a pause, which may be longer than anybody waits."""
        if seconds > self.patience:
            self.error = EndpointDown(
                f"endpoint {self.address} asks to be left alone for {seconds:.0f} s, longer than"
                f" LONGHOP_PATIENCE ({self.patience:g} s): {cause}. {_GO_ON}"
            )
            return
        self.failed(cause)

    def refused(self, cause: Exception, *, known: bool) -> None:
        """A request was refused for good: the endpoint is there, but it may want something else.

        It does where it refuses all and has answered none, now or, where it is `known`, before.
        """
        self._failing_since = None
        self._refusals += 1
        if self._refusals >= REFUSALS and self.last_answer < 0 and not known:
            self.error = EndpointError(
                f"endpoint {self.address} refused all of {self._refusals} requests and"
                f" answered none; the last time it said: {cause}"
            )
