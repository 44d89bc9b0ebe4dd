"""Benchmarks that stages keep out, and what of them they met."""

from contextlib import ExitStack
from typing import Self

from longhop.publishing.decontaminating import find_contaminations, read_benchmarks, to_rejection
from longhop.records.accounts import Rejection
from longhop.records.artifacts import Artifact
from longhop.records.contamination import Contamination
from longhop.resources import resources


class Screen(ExitStack):
    """Looks for benchmarks' items in texts, and keeps every one that it met beside what held it."""

    def __init__(self, stage: str, benchmarks: dict[str, str], ngram: int) -> None:
        super().__init__()
        self.stage = stage
        self._known = read_benchmarks(benchmarks, resources().sources, ngram=ngram)
        self._met = resources().store.writer("contaminations", Contamination)

    def __enter__(self) -> Self:
        self.enter_context(self._met)
        return self

    def look(self, item: str, text: str) -> Rejection | None:
        """The rejection of an item whose text holds something of a benchmark."""
        found = find_contaminations(self.stage, item, text, self._known)
        for each in found:
            self._met.add(each)
        return to_rejection(found, text) if found else None

    @property
    def artifacts(self) -> dict[str, Artifact]:
        """What was met; once the screen is left."""
        return {"contaminations": self._met.artifact}
