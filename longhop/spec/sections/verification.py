"""What a row must stand, and what a version must show to be released."""

from typing import Annotated

from pydantic import Field, model_validator

from longhop.records.calibration import Mode
from longhop.records.numbers import NoTruth
from longhop.spec.sections.fields import Place, Section, Share


class Release(Section):
    """Shares of good, of multi-hop and of unique rows that a version must have to be released.

    Each is demanded of the lower 95% bound; what is not given is measured alone.
    """

    good: Share | None = Field(None, description="Rows that judges, or people, call good.")
    multi_hop: Share | None = Field(None, description="Rows that need all of their hops.")
    unique: Share | None = Field(None, description="Rows that ask what no other row asks.")

    @property
    def demanded(self) -> dict[str, float]:
        """The shares that are demanded, by name."""
        wanted = {"good": self.good, "multi_hop": self.multi_hop, "unique": self.unique}
        return {name: share for name, share in wanted.items() if share is not None}


class Verification(Section):
    """What a row must stand."""

    judging: Mode = Field(
        Mode.SCORING,
        description="scoring: by criteria, from 1 to 10; classification: high or low.",
    )
    judge_threshold: Annotated[float, Field(ge=1, le=10), NoTruth] = Field(
        8.0, description="Rows whose mean score is lower are turned away."
    )
    calibration: Place | None = Field(
        None,
        description="A file that `longhop calibrate` made: its thresholds count instead.",
    )
    samples: Annotated[int, Field(ge=1, le=9), NoTruth] = Field(
        1, description="Times that each judge is asked; more than one wants a temperature."
    )
    agreement: Share = Field(
        0.5, description="The share of the judgements that must reach the threshold alone."
    )
    attempts: Annotated[int, Field(ge=1, le=5), NoTruth] = Field(
        2, description="Times that a group is worded before it is given up."
    )
    probes: Annotated[int, Field(ge=1, le=9), NoTruth] = Field(
        1,
        description="Times that the solver is asked without a part of the evidence; one right"
        " answer turns the row away.",
    )
    distractor_probes: Share = Field(
        0.05, description="The share of the rows that are asked with their distractors alone."
    )
    audit: Annotated[int, Field(ge=0), NoTruth] = Field(
        0, description="Finished rows that are judged and proved once more, for the release gate."
    )
    labels: tuple[Place, ...] = Field(
        (), description="Sheets that people filled in: they count instead of the audit's judge."
    )
    release: Release = Release()

    @model_validator(mode="after")
    def _measured(self) -> "Verification":
        sampled = {"good", "multi_hop"} & set(self.release.demanded)
        if sampled and not self.audit and not self.labels:
            raise ValueError(
                f"release demands {sorted(sampled)[0]}, which nothing measures: give audit, the"
                " number of rows that are judged and proved once more, or labels"
            )
        return self
