"""The wanted mix of groups: shares by composition, number of hops, language and scope."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from longhop.corpus.languages.codes import language_code
from longhop.records.numbers import NoTruth
from longhop.records.questions import Composition, Scope

Shares = dict[str, Annotated[float, Field(ge=0, le=1), NoTruth]]


class Mix(BaseModel):
    """Wanted shares; of what is not given, kinds come in turn as far as there are any."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    composition: Shares = Field({}, description="Such as bridge 0.6, temporal 0.4.")
    hops: Shares = Field({}, description="Such as '2' 0.5, '3' 0.3, '4' 0.2.")
    language: Shares = Field({}, description="Such as en 0.7, zh 0.3.")
    scope: Shares = Field({}, description="Such as inter 0.8, intra 0.2.")
    exact: bool = Field(
        False, description="Rather fewer groups than another mix; else it is filled up and told."
    )

    @model_validator(mode="before")
    @classmethod
    def _hops_are_words(cls, value: object) -> object:
        """YAML reads `2: 0.5` as a number."""
        if isinstance(value, dict) and isinstance(value.get("hops"), dict):
            hops = {str(key): share for key, share in value["hops"].items()}
            return {**value, "hops": hops}
        return value

    @model_validator(mode="after")
    def _whole(self) -> "Mix":
        known = {
            "composition": {str(each) for each in Composition} - {Composition.SINGLE},
            "hops": {"2", "3", "4"},
            "scope": {str(each) for each in Scope},
        }
        for code in self.language:
            if language_code(code) != code:
                raise ValueError(f"language: {code!r} is no ISO 639-1 code such as en or zh")
        for axis, shares in self.axes().items():
            if not shares:
                continue
            unknown = sorted(set(shares) - known.get(axis, set(shares)))
            if unknown:
                there = ", ".join(sorted(known[axis]))
                raise ValueError(f"{axis}: {unknown[0]!r} is none of {there}")
            if abs(sum(shares.values()) - 1) > 1e-6:
                raise ValueError(f"{axis}: the shares add up to {sum(shares.values()):g}, not 1")
        return self

    def axes(self) -> dict[str, Shares]:
        """The wanted shares by axis; those of which nothing is said are empty."""
        return {
            "composition": self.composition,
            "hops": self.hops,
            "language": self.language,
            "scope": self.scope,
        }
