"""What an endpoint understands of structured answers, found out by the first request it answers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from longhop.identity import digest
from longhop.ports import Remembrance

# What an endpoint may understand, the strictest first.
ABILITIES = ("json_schema", "json_object", "text")
# Nobody waits longer than this for the one that finds it out: it may be a slow answer.
_WAIT_AT_MOST = 5.0
# So many answers in a row without an object are needed to call a wish unfulfilled: one may refuse.
_IN_VAIN = 2


class Abilities:
    """The ability of each model of an endpoint, remembered over builds.

    The first request that is answered finds it out, with no request of its own: while it is under
    way the others wait a little, so that an endpoint does not refuse all of them. An endpoint that
    takes the wish for a schema and answers without any object does not understand it either.
    """

    def __init__(self, address: str, memo: Remembrance | None = None) -> None:
        self.address = address
        self.memo = memo
        self._level: dict[str, int] = {}
        self._found: set[str] = set()
        self._finding: dict[str, asyncio.Lock] = {}
        self._in_vain: Counter[str] = Counter()

    def of(self, model: str) -> str:
        """What is known or hoped of a model."""
        if model not in self._level:
            self._level[model] = self._remembered(model)
        return ABILITIES[self._level[model]]

    def knows(self, model: str) -> bool:
        """Whether an answer has shown what a model understands, in this build or before."""
        self.of(model)
        return model in self._found

    @asynccontextmanager
    async def finding(self, model: str) -> AsyncIterator[None]:
        """A place for one request: the first of a model has it alone for a while."""
        self.of(model)
        if model in self._found:
            yield
            return
        lock = self._finding.setdefault(model, asyncio.Lock())
        alone = True
        try:
            await asyncio.wait_for(lock.acquire(), _WAIT_AT_MOST)
        except TimeoutError:
            alone = False
        if alone and model in self._found:
            lock.release()
            alone = False
        try:
            yield
        finally:
            if alone:
                lock.release()

    def step_down(self, model: str, refused: str) -> bool:
        """Go below an ability that was refused; false if there is nothing below it."""
        below = ABILITIES.index(refused) + 1
        if below >= len(ABILITIES):
            return False
        self._level[model] = max(self._level[model], below)
        return True

    def answered(self, model: str, ability: str, text: str) -> None:
        """Note what an answer says of the model: it holds an object, or was asked in vain."""
        if model in self._found:
            return
        if "{" not in text:
            self._in_vain[model] += 1
            if self._in_vain[model] >= _IN_VAIN and self.step_down(model, ability):
                self._in_vain[model] = 0
            return
        self._found.add(model)
        if self.memo is not None:
            self.memo.put(self._key(model), {"ability": self.of(model)})

    def _remembered(self, model: str) -> int:
        kept = self.memo.get(self._key(model)) if self.memo is not None else None
        ability = kept.get("ability") if isinstance(kept, dict) else None
        if ability not in ABILITIES:
            return 0
        self._found.add(model)
        return ABILITIES.index(ability)

    def _key(self, model: str) -> str:
        return digest("ability", self.address, model)
