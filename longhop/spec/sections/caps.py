"""How many rows of one kind a dataset may hold."""

from typing import Annotated

from pydantic import Field, model_validator

from longhop.corpus.languages.codes import language_code
from longhop.records.numbers import NoTruth
from longhop.records.questions import Composition
from longhop.spec.sections.fields import Section

# A whole number is that many rows, a fraction that share of all rows that are kept.
Cap = (
    Annotated[int, Field(ge=1), NoTruth]
    | Annotated[float, Field(gt=0, lt=1, allow_inf_nan=False), NoTruth]
)
ANY = "any"


class Caps(Section):
    """The most rows of each composition, domain and language; `any` is for those not named."""

    composition: dict[str, Cap] = Field(
        {}, description="Such as bridge 5000: so many rows; or any 0.5: half of all rows."
    )
    domain: dict[str, Cap] = Field(
        {}, description="By what corpus.columns.domain says of the documents a row rests on."
    )
    language: dict[str, Cap] = Field({}, description="Such as zh 0.3.")

    @model_validator(mode="after")
    def _known(self) -> "Caps":
        kinds = [*map(str, Composition), ANY]
        for each in self.composition:
            if each not in kinds:
                raise ValueError(f"composition: {each!r} is none of {', '.join(kinds)}")
        for code in self.language:
            if code != ANY and language_code(code) != code:
                raise ValueError(f"language: {code!r} is no ISO 639-1 code such as en or zh")
        return self

    @property
    def stated(self) -> bool:
        """Whether there are any."""
        return bool(self.composition or self.domain or self.language)
