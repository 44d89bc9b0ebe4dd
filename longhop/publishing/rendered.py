"""Rows on their way into the files that trainers read, each row in each of the formats."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from longhop.publishing.drafting import Drafts
from longhop.publishing.sizing import Ruler
from longhop.publishing.tables import LinesFile, ParquetFile, schema_of_format
from longhop.publishing.turns import Form, Turns
from longhop.publishing.weighing import Kind, Weights
from longhop.records.examples import Example
from longhop.records.pairs import Pair
from longhop.records.renderings import Axis, Format, Sizes
from longhop.spec.sections import Publishing

P = TypeVar("P", bound=Example | Pair)


@dataclass(frozen=True)
class Measures(Generic[P]):
    """What is told of each row beside what it says: its tokens, and what it weighs."""

    ruler: Ruler
    weights: Weights
    kind: Callable[[P, Sequence[Axis]], Kind]


class Renderings(Generic[P]):
    """The files of each format; the id of a row is in all of them, so its way back stays open."""

    def __init__(
        self,
        drafts: Drafts,
        plan: Publishing,
        forms: Mapping[Format, Form[P]],
        measures: Measures[P] | None = None,
    ) -> None:
        self._drafts = drafts
        self._plan = plan
        self._forms = forms
        self._measures = measures
        self._open: dict[str, LinesFile | ParquetFile] = {}

    @property
    def formats(self) -> list[Format]:
        """The wanted formats that such rows have."""
        return [each for each in self._plan.renderings if each in self._forms]

    def add(self, row: P) -> None:
        """Take one row; what several formats say alike is counted once."""
        counted: dict[Turns, dict[str, int]] = {}
        for name in self.formats:
            form = self._forms[name]
            turns = form.turns(row)
            columns = {"id": row.id, **form.columns(row, turns)}
            path = f"{name}/{row.split}"
            if (told := self._measures) is not None:
                tokens = counted.get(turns) or told.ruler.count(turns)
                counted[turns] = tokens
                path = told.ruler.place(path, row.split, tokens)
                columns["tokens"] = tokens
                kind = told.kind(row, self._plan.weigh_by)
                columns["loss_weight"] = told.weights.of(row.split, kind)
            if path not in self._open:
                self._open[path] = self._file(path, name)
            self._open[path].add(columns)

    def finish(self) -> Sizes | None:
        """End the files; what they add up to, if it was counted."""
        for each in self._open.values():
            each.close()
        if self._measures is None:
            return None
        return Sizes(
            template_tokens=self._plan.template_tokens,
            files=self._measures.ruler.sizes(f".{self._plan.files}"),
            weights=self._measures.weights.told,
        )

    def _file(self, path: str, name: Format) -> LinesFile | ParquetFile:
        draft = self._drafts.open(f"{path}.{self._plan.files}")
        if self._plan.files == "jsonl":
            return LinesFile(draft)
        names = self._measures.ruler.names if self._measures else ()
        table = ParquetFile(draft, schema_of_format(name, names))
        self._drafts.callback(table.let_go)
        return table
