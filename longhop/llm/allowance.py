"""So many requests, or tokens, a minute."""

import time

_MINUTE = 60.0
# The share of a minute's allowance that may go at once after a pause.
_BURST = 1 / 12
_NOTHING = 1e-6


class Allowance:
    """A bucket that never lets more than `per_minute` through in any 60 seconds.

    It holds a twelfth of a minute's allowance, and what comes in during a minute is the rest. What
    takes more than it holds goes when it is full, and is worked off after that.
    """

    def __init__(self, unit: str, per_minute: float) -> None:
        self.unit = unit
        self.per_minute = per_minute
        self._holds = max(1.0, per_minute * _BURST)
        self._per_second = max(1.0, per_minute - self._holds) / _MINUTE
        self._level = self._holds
        self._at = time.monotonic()

    def wait(self, amount: float) -> float:
        """Seconds until there is room for an amount."""
        self._fill()
        lacking = min(amount, self._holds) - self._level
        return lacking / self._per_second if lacking > _NOTHING else 0.0

    def take(self, amount: float) -> None:
        """Let an amount through; what was guessed too high is given back as a negative one."""
        self._fill()
        self._level = min(self._holds, self._level - amount)

    def _fill(self) -> None:
        now = time.monotonic()
        self._level = min(self._holds, self._level + (now - self._at) * self._per_second)
        self._at = now

    def __str__(self) -> str:
        return f"the cap of {self.per_minute:,.10g} {self.unit} a minute"


class TokenGuess:
    """How many tokens a request will take, learned from those that were answered.

    Before the first answer: one for three characters, and half of what may be written.
    """

    def __init__(self) -> None:
        self._characters = self._read = self._written = self._answers = 0

    def guess(self, characters: int, max_tokens: int) -> float:
        """The tokens of a request with so many characters, read and written ones."""
        if not self._read:
            return characters / 3 + max_tokens / 2
        return characters * self._read / self._characters + self._written / self._answers

    def learn(self, characters: int, read: int, written: int) -> None:
        """An answer has come; one without usage teaches nothing."""
        if characters and read:
            self._characters += characters
            self._read += read
            self._written += written
            self._answers += 1
