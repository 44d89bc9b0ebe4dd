"""What a build will cost: ranges, since nobody knows before it is paid."""

from collections.abc import Callable, Collection, Iterable
from typing import Self

from longhop.records.base import Record
from longhop.records.money import Price, Prices


class Range(Record):
    """The least, the likely and the most that something will be.

    {"low": 120.0, "likely": 300.0, "high": 400.0}
    """

    low: float
    likely: float
    high: float

    @classmethod
    def exactly(cls, value: float) -> Self:
        """What is known."""
        return cls(low=value, likely=value, high=value)

    def __add__(self, other: "Range") -> "Range":
        return Range(
            low=self.low + other.low,
            likely=self.likely + other.likely,
            high=self.high + other.high,
        )

    def __mul__(self, other: "Range") -> "Range":
        """The product; both are of nothing below zero."""
        return Range(
            low=self.low * other.low,
            likely=self.likely * other.likely,
            high=self.high * other.high,
        )

    def times(self, factor: float) -> "Range":
        """So many times as much."""
        return self * Range.exactly(factor)

    def told(self, shown: Callable[[float], str]) -> str:
        """In words: the likely value, and the others in brackets where they look different."""
        if shown(self.low) == shown(self.high):
            return shown(self.likely)
        return f"{shown(self.likely)} ({shown(self.low)} to {shown(self.high)})"

    def at_most(self, most: float) -> "Range":
        """Nothing above a limit."""
        return Range(
            low=min(self.low, most), likely=min(self.likely, most), high=min(self.high, most)
        )

    def at_least(self, least: "Range") -> "Range":
        """Nothing below another one."""
        return Range(
            low=max(self.low, least.low),
            likely=max(self.likely, least.likely),
            high=max(self.high, least.high),
        )

    def without(self, share: "Range") -> "Range":
        """What is left of it once a share is taken away."""
        return Range(
            low=self.low * (1 - share.high),
            likely=self.likely * (1 - share.likely),
            high=self.high * (1 - share.low),
        )


class StageEstimate(Record):
    """What a stage will use: all answers, those of them that are fresh, and tokens per answer.

    {"stage": "ask", "model": "some-model", "answers": {…}, "fresh": {…}, "read": {…},
     "written": {…}, "basis": "sample of 200 prompts"}
    """

    stage: str
    model: str
    answers: Range
    fresh: Range
    read: Range
    written: Range
    basis: str

    @property
    def tokens(self) -> Range:
        """The fresh tokens, read and written."""
        return self.fresh * (self.read + self.written)

    def cost(self, price: Price) -> Range:
        """What the fresh answers cost."""
        return self.fresh * (
            self.read.times(price.input / 1e6) + self.written.times(price.output / 1e6)
        )


def cost_of(
    stages: Iterable[StageEstimate], prices: Prices, batched: Collection[str]
) -> Range | None:
    """What the fresh answers of stages cost, those named in batches; None if a price is unknown."""
    cost = Range.exactly(0)
    for each in stages:
        price = prices.models.get(each.model)
        if price is None:
            return None
        cost += each.cost(price).times(price.batch if each.stage in batched else 1.0)
    return cost


class Estimate(Record):
    """What a build will use and how long its endpoint will take.

    {"stages": [{…}], "seconds": {…}, "rate_basis": "32 in flight, 0.5 to 20 s each",
     "remembered": {"low": 0.0, "likely": 0.0, "high": 0.02}}
    """

    stages: tuple[StageEstimate, ...]
    seconds: Range
    rate_basis: str
    remembered: Range
