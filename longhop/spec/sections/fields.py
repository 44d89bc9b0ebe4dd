"""The kinds of fields that sections have; these bounds are those of the form, too."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from longhop.records.numbers import NoTruth

Share = Annotated[float, Field(ge=0, le=1), NoTruth]
SomeShare = Annotated[float, Field(gt=0, le=1), NoTruth]
Count = Annotated[int, Field(ge=1), NoTruth]
Place = Annotated[str, Field(min_length=1, max_length=1024)]
ModelName = Annotated[str, Field(min_length=1, max_length=256)]
Groups = Annotated[int, Field(ge=1, le=10_000_000), NoTruth]
Tokens = Annotated[int, Field(ge=256), NoTruth]
Money = Annotated[float, Field(gt=0, allow_inf_nan=False), NoTruth]


class Section(BaseModel):
    """A part of a spec: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
