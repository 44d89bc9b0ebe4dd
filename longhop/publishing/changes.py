"""What is new in a version against its base, row by row, and why."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from longhop.identity import digest
from longhop.records.base import Record
from longhop.records.changes import RowChange, What, Why
from longhop.records.examples import ComposedContext, Role
from longhop.records.pairs import Pair
from longhop.records.takedowns import mark_of
from longhop.records.verification import MultiHop

# The parts of a row that are held against each other, and what it means that one is other.
_PARTS = (
    ("layout", Why.LAYOUT),
    ("context", Why.CONTEXT),
    ("wording", Why.WORDING),
    ("probes", Why.PROBES),
    ("judgements", Why.JUDGEMENTS),
    ("rest", Why.PROVENANCE),
)
# Stages whose rejections are of documents.
_OF_DOCUMENTS = frozenset({"read", "clean", "decontaminate", "deduplicate", "take_down"})


class RowLook(Record):
    """What is held against the other version of a row: who it is, and hashes of what it says.

    {"id": "m-9be1…", "group": "g-07aa…", "documents": ["ada", "orlin"], "beside": ["f3"],
     "members": ["q-5f0c…", "c-91ab…"], "parts": {"context": "…", "wording": "…", …}}

    `documents` are those that it rests on, `beside` the others of its context; `members` are the
    questions and chunks that it is made of.
    """

    id: str
    group: str
    documents: tuple[str, ...]
    members: tuple[str, ...]
    parts: dict[str, str]
    beside: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that a rejection which took the row away can be of, the nearest first."""
        return tuple(dict.fromkeys((self.id, self.group, *self.members, *self.documents)))


class Difference(Record):
    """A row of two versions that is not the same in both; None where a version has it not.

    {"before": {…}, "after": null}
    """

    before: RowLook | None
    after: RowLook | None


@dataclass(frozen=True)
class Known:
    """What the files of a version say of documents, beside its rows.

    `read` has the words' hash and the length of each that was kept, `dropped` those that were read
    and not kept, `written` those that a model wrote, `draws` why each was drawn (None where all
    are). `takedowns` are the marks of those taken down.
    """

    read: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    draws: Mapping[str, str] | None = None
    takedowns: frozenset[str] = frozenset()

    def has(self, document: str) -> bool:
        """Whether rows could rest on it."""
        return document in self.read or document in self.written

    def drew(self, document: str) -> bool:
        """Whether it was asked about, or nobody chose whom to ask."""
        return self.draws is None or document in self.draws or document in self.written


def look_at(
    row: MultiHop, context: ComposedContext, known: Known, *, stale: bool = False
) -> RowLook:
    """A row with its context, as it is compared; `stale` where some probes are of another one."""
    said = row.model_dump(mode="json")
    hops = tuple(dict.fromkeys(hop.document_id for hop in row.hops))
    drawn = [(known.draws or {}).get(each) for each in hops]
    wording = [said[name] for name in ("question", "answer", "composition", "scope", "hops")]
    return RowLook(
        id=row.id,
        group=row.group_id,
        documents=hops,
        beside=tuple(
            dict.fromkeys(
                each.document_id for each in context.segments if each.role is not Role.SUPPORTING
            )
        ),
        members=tuple(
            chain(
                (hop.id for hop in row.hops),
                dict.fromkeys(span.chunk_id for hop in row.hops for span in hop.evidence),
            )
        ),
        parts={
            "layout": digest(context.layout.model_dump(mode="json")),
            "context": context.sha256,
            "wording": digest(wording),
            "probes": digest(said["probes"], row.proof, stale),
            "judgements": digest(said["judgements"]),
            "rest": digest(row.composer, said["history"], said["links"], drawn),
        },
    )


def look_at_pair(pair: Pair) -> RowLook:
    """A pair, as it is compared: a question of one document, without a context."""
    said = pair.model_dump(mode="json")
    wording = ("question", "answer", "kind", "subject", "relation", "evidence", "title")
    return RowLook(
        id=pair.id,
        group=pair.id,
        documents=(pair.document_id,),
        members=(pair.id,),
        parts={
            "wording": digest(*(said.pop(name) for name in wording)),
            "rest": digest(said),
        },
    )


def side_by_side(
    before: Iterable[RowLook], after: Iterable[RowLook], counts: Counter[str]
) -> Iterator[Difference]:
    """The rows that are not the same in both; all are counted. Both come in the order of ids."""
    counts.update(dict.fromkeys(("added", "removed", "changed", "kept"), 0))
    old, new = iter(before), iter(after)
    one, other = next(old, None), next(new, None)
    while one is not None or other is not None:
        if one is None or (other is not None and other.id < one.id):
            counts["added"] += 1
            yield Difference(before=None, after=other)
            other = next(new, None)
        elif other is None or one.id < other.id:
            counts["removed"] += 1
            yield Difference(before=one, after=None)
            one = next(old, None)
        else:
            same = one.parts == other.parts
            counts["kept" if same else "changed"] += 1
            if not same:
                yield Difference(before=one, after=other)
            one, other = next(old, None), next(new, None)


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
        other = [why for part, why in _PARTS if before.parts.get(part) != after.parts.get(part)]
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
