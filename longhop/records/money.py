"""Tokens, and what they cost by a price list that the user keeps."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, Field

from longhop.records.base import Record
from longhop.records.numbers import NoTruth

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False), NoTruth]


class Usage(Record):
    """Answers, and the tokens they had taken.

    {"answers": 40, "input_tokens": 21240, "output_tokens": 4011}
    """

    answers: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        """Read and written ones together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        """Both together."""
        return Usage(
            answers=self.answers + other.answers,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


# The usage of each model, by its name.
Bill = dict[str, Usage]


def add_bills(one: Mapping[str, Usage], other: Mapping[str, Usage]) -> Bill:
    """Both together, model by model, in the order of their names."""
    return {
        model: one.get(model, Usage()) + other.get(model, Usage())
        for model in sorted({*one, *other})
    }


def total(bill: Mapping[str, Usage]) -> Usage:
    """The usage of all models."""
    return sum(bill.values(), Usage())


class Price(Record):
    """What a million tokens of a model cost, and the share of it that its Batch API takes.

    {"input": 0.15, "output": 0.6, "batch": 0.5}
    """

    input: Amount
    output: Amount
    batch: Annotated[Amount, Field(le=1)] = 1.0

    def cost(self, usage: Usage) -> float:
        """What a usage costs, asked one by one."""
        return (usage.input_tokens * self.input + usage.output_tokens * self.output) / 1e6


class Prices(Record):
    """A price list: whose models it does not name, their price is unknown.

    {"version": "2026-11-20", "currency": "USD", "models": {"some-model": {…}}}
    """

    version: Annotated[str, BeforeValidator(str)]
    currency: str
    models: dict[str, Price]

    def cost(self, bill: Mapping[str, Usage]) -> float | None:
        """What the usage of some models costs, or None if the price of one is unknown."""
        if not bill.keys() <= self.models.keys():
            return None
        return sum(self.models[model].cost(usage) for model, usage in sorted(bill.items()))

    def told(self, cost: float | None) -> str:
        """An amount as people read it: two places from a unit up, else two figures."""
        if cost is None:
            return f"unknown {self.currency}"
        shown = f"{cost:,.2f}" if cost >= 1 or cost == 0 else f"{cost:.2g}"
        return f"{shown} {self.currency}"
