"""What people say of rows, and the thresholds that follow from it."""

from bisect import bisect_right
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from longhop.records.base import Record


class Step(Record):
    """One step of a question as a labeller sees it.

    {"question": "Where was Ada born?", "answer": "Orlin", "evidence": "Ada was born in Orlin."}
    """

    question: str
    answer: str
    evidence: str


class Item(Record):
    """A row as a labeller sees it: nothing in it tells what a model said of it.

    {"id": "m-9be1…", "language": "en", "question": "Who founded the place where Ada was born?",
     "answer": "Brisa Holm", "steps": [{…}, {…}]}
    """

    id: str
    language: str
    question: str
    answer: str
    steps: tuple[Step, ...]


class Label(Record):
    """What one person says of a row; `unique` is None where they did not say.

    {"id": "m-9be1…", "good": true, "multi_hop": true, "unique": null, "comment": "",
     "labeller": "kim"}
    """

    id: str
    good: bool
    multi_hop: bool
    unique: bool | None
    comment: str
    labeller: str


class Agreement(Record):
    """How far two labellers agree on one question, over the rows that both answered it for.

    {"one": "kim", "other": "lee", "asked": "good", "rows": 200, "agreed": 188, "kappa": 0.71,
     "disagreed": ["m-07aa…", …]}

    `kappa` is None where chance alone makes them agree.
    """

    one: str
    other: str
    asked: str
    rows: int
    agreed: int
    kappa: float | None
    disagreed: tuple[str, ...]


class Labels(Record):
    """All that was read of one or several sheets.

    {"labels": [{…}, …], "unlabelled": 12, "agreements": [{…}, {…}, {…}]}

    `unlabelled` counts rows of sheets: one that two people left empty counts twice.
    """

    labels: tuple[Label, ...]
    unlabelled: int
    agreements: tuple[Agreement, ...]


class Mode(StrEnum):
    """What a judge gives: a score from 1 to 10, or 1 for good and 0 for anything else."""

    SCORING = "scoring"
    CLASSIFICATION = "classification"


class Scored(Record):
    """A labelled row with a judge's score; `length` counts what the judge read of it.

    {"id": "m-9be1…", "score": 8.25, "good": true, "language": "en", "length": 212}
    """

    id: str
    score: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)]
    good: bool
    language: str
    length: Annotated[int, Field(ge=0)]


class CellStatus(StrEnum):
    """What the labels say of a cell.

    met: the threshold reaches the wanted precision. unreachable: enough rows were labelled to see
    that no threshold does, or that the one that does for the rows it is pooled with does not here.
    too_few: the labels can tell neither.
    """

    MET = "met"
    UNREACHABLE = "unreachable"
    TOO_FEW = "too_few"


class Cell(Record):
    """One language and length bucket, and what was found for its threshold.

    {"language": "en", "bucket": 0, "status": "met", "threshold": 8.25, "rows": 240, "shown_at":
     8.25, "kept": 151, "precision": 0.967, "lower_bound": 0.912, "recall": 0.861, "kappa": 0.68}

    `bucket` is None for the pool of those cells of a language that are not met by themselves, and
    `language` is empty for the pool of those of all languages. The figures are of the labelled
    rows at the score `shown_at`: the threshold, or, where there is none, the score that came
    nearest to the wanted precision; none where too few rows were labelled to look at any.
    `lower_bound` is the one that was tested: one-sided, at the cell's share of the doubt.
    """

    language: str
    bucket: int | None
    status: CellStatus
    threshold: float | None
    rows: int
    shown_at: float | None
    kept: int
    precision: float | None
    lower_bound: float | None
    recall: float | None
    kappa: float | None


class Calibration(Record):
    """A judge's thresholds for a wanted precision, and what they rest on.

    {"wanted_precision": 0.9, "confidence": 0.95, "model": "rehearsal-1", "mode": "scoring",
     "guidelines": "81c0…", "edges": [160, 320], "cells": [{…}, …]}

    With `confidence`, all thresholds together hold. `guidelines` is the hash of the judge's prompt:
    under another one the scores mean something else. `edges` are the lengths at which the second
    and each later bucket begins.
    """

    wanted_precision: float
    confidence: float
    model: str
    mode: Mode
    guidelines: str
    edges: tuple[int, ...]
    cells: tuple[Cell, ...]

    def bucket_of(self, length: int) -> int:
        """The length bucket, from 0."""
        return bisect_right(self.edges, length)

    def cell_of(self, language: str, length: int) -> Cell | None:
        """The cell whose threshold counts, its own or a pool's; None where nothing was labelled."""
        bucket = self.bucket_of(length)
        own = self._cell(language, bucket)
        if own is None or own.status is not CellStatus.TOO_FEW:
            return own
        pools = (self._cell(language, None), self._cell("", None))
        return next((each for each in pools if each and each.status is CellStatus.MET), own)

    def threshold_of(self, language: str, length: int) -> float | None:
        """The lowest score to keep; None where no score is known to reach the wanted precision.

        No row is kept then. A language or a length of which nothing was labelled has none, too:
        what holds for short English rows says nothing of long Chinese ones.
        """
        cell = self.cell_of(language, length)
        return cell.threshold if cell else None

    def _cell(self, language: str, bucket: int | None) -> Cell | None:
        found = (each for each in self.cells if (each.language, each.bucket) == (language, bucket))
        return next(found, None)
