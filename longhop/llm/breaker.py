"""When to stop asking: an endpoint that answers nothing any more, or never will."""

import time

from longhop.errors import EndpointDown, EndpointError, LongHopError

# An endpoint that answered nothing and refused this many wants something else of every request.
REFUSALS = 10


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

    def answered(self) -> None:
        """The endpoint answers."""
        self.last_answer = time.monotonic()
        self._failing_since = None

    def failed(self, cause: str) -> None:
        """A request came to nothing: too many of these for too long, and the circuit breaks."""
        now = time.monotonic()
        if self._failing_since is None:
            self._failing_since, self._first_cause = now, cause
        waited = now - self._failing_since
        if waited > self.patience:
            self.error = EndpointDown(
                f"endpoint {self.address} gave no answer for {waited:.0f} s; it began"
                f" with: {self._first_cause}. Every answer so far is kept: build again to go on."
            )

    def asked_to_wait(self, seconds: float, cause: str) -> None:
        """The endpoint is full: it wants a pause, which may be longer than anybody waits."""
        if seconds > self.patience:
            self.error = EndpointDown(
                f"endpoint {self.address} asks to be left alone for {seconds:.0f} s, longer than"
                f" LONGHOP_PATIENCE ({self.patience:g} s): {cause}. Every answer so far is kept:"
                " build again to go on."
            )
            return
        self.failed(cause)

    def refused(self, cause: Exception) -> None:
        """A request was refused for good; where all are and none was answered, all would be."""
        self._refusals += 1
        if self._refusals >= REFUSALS and self.last_answer < 0:
            self.error = EndpointError(
                f"endpoint {self.address} refused all of {self._refusals} requests and"
                f" answered none; the last time it said: {cause}"
            )
