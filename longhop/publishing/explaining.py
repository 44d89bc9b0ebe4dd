"""Why a row is added, removed or changed: decided from what the files of two versions say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from longhop.publishing.changes import Difference, Known, RowLook, other_parts
from longhop.records.changes import RowChange, What, Why
from longhop.records.takedowns import mark_of

# Stages whose rejections are of documents.
_OF_DOCUMENTS = frozenset({"read", "clean", "decontaminate", "deduplicate", "take_down"})
# Of the item the stage and reason for which it was turned away in a version, if it was.
Refusals = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True)
class Explainer:
    """Says why a row is other, of what the two versions' files say.

    `refused_before` and `refused_after` find what was turned away; `groups_before` and
    `groups_after` are those of the rows that only one version has.
    """

    before: Known
    after: Known
    refused_before: Refusals
    refused_after: Refusals
    groups_before: Callable[[str], bool]
    groups_after: Callable[[str], bool]

    def explain(self, found: Difference) -> RowChange:
        """One line of `changes.parquet`."""
        if found.before is not None and found.after is not None:
            what, row = What.CHANGED, found.after
            why, detail = self._changed(found.before, found.after)
        elif found.before is not None:
            what, row = What.REMOVED, found.before
            why, detail = self._removed(found.before)
        else:
            assert found.after is not None
            what, row = What.ADDED, found.after
            why, detail = self._added(found.after)
        return RowChange(row_id=row.id, what=what, why=why, detail=detail)

    def _removed(self, row: RowLook) -> tuple[Why, str]:
        marks = [mark_of(each) for each in row.documents]
        if down := [each for each in marks if each in self.after.takedowns]:
            return Why.TAKEN_DOWN, ", ".join(down)
        missing = [each for each in row.documents if not self.after.has(each)]
        for each in missing:
            if refused := _of_document(self.refused_after(each)):
                return Why.DOCUMENT_TURNED_AWAY, f"{each}: {refused}"
            if each in self.after.dropped:
                return Why.DOCUMENT_TURNED_AWAY, each
        if missing:
            return Why.DOCUMENT_GONE, ", ".join(missing)
        if changed := self._other(row.documents):
            return Why.DOCUMENT_CHANGED, ", ".join(changed)
        if undrawn := [each for each in row.documents if not self.after.drew(each)]:
            return Why.NOT_DRAWN, ", ".join(undrawn)
        if self.groups_after(row.group):
            return Why.REWORDED, row.group
        for name in row.names:
            if said := self.refused_after(name):
                return Why.NOW_TURNED_AWAY, " ".join((*said, name))
        return Why.NOT_MADE, ""

    def _added(self, row: RowLook) -> tuple[Why, str]:
        missing = [each for each in row.documents if not self.before.has(each)]
        for each in missing:
            if refused := _of_document(self.refused_before(each)):
                return Why.NOW_ACCEPTED, f"{each}: {refused}"
        if missing:
            return Why.NEW_DOCUMENT, ", ".join(missing)
        if changed := self._other(row.documents):
            return Why.DOCUMENT_CHANGED, ", ".join(changed)
        if drawn := [each for each in row.documents if not self.before.drew(each)]:
            return Why.NEWLY_DRAWN, ", ".join(drawn)
        if self.groups_before(row.group):
            return Why.REWORDED, row.group
        for name in row.names:
            if said := self.refused_before(name):
                return Why.NOW_ACCEPTED, " ".join((*said, name))
        return Why.NEW_GROUP, row.group

    def _changed(self, before: RowLook, after: RowLook) -> tuple[Why, str]:
        other = other_parts(before, after)
        together = (*after.documents, *after.beside)
        if Why.CONTEXT in other and (changed := self._other(together)):
            return Why.DOCUMENT_CHANGED, ", ".join(changed)
        first, *others = map(str, other)
        went = map(mark_of, sorted({*before.beside} - {*after.beside}))
        down = [each for each in went if each in self.after.takedowns]
        told = [f"{Why.TAKEN_DOWN} {each}" for each in down] if Why.CONTEXT in other else []
        return Why(first), ", ".join([*told, *others])

    def _other(self, documents: Iterable[str]) -> list[str]:
        """Those of the documents that both versions read, and that read otherwise."""
        was, now = self.before.read, self.after.read
        return [
            each for each in documents if each in was and each in now and was[each] != now[each]
        ]


def _of_document(said: tuple[str, str] | None) -> str:
    return " ".join(said) if said and said[0] in _OF_DOCUMENTS else ""
