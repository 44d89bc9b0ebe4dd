"""What is new in a version against its base, row by row, and why."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from longhop.identity import digest
from longhop.records.base import Record
from longhop.records.changes import Why
from longhop.records.examples import ComposedContext, Role
from longhop.records.pairs import Pair
from longhop.records.verification import MultiHop

# The parts of a row that are held against each other, and what it means that one is other.
_PARTS = (
    ("layout", Why.LAYOUT),
    ("context", Why.CONTEXT),
    ("wording", Why.WORDING),
    ("probes", Why.PROBES),
    ("judgements", Why.JUDGEMENTS),
    ("rest", Why.PROVENANCE),
    ("labels", Why.PROVENANCE),
)


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
    are). `takedowns` are the marks of those taken down, `labels` hashes of the licence and domain
    of each, as far as the version keeps its documents.
    """

    read: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    dropped: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    draws: Mapping[str, str] | None = None
    takedowns: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)

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
            **_labels(context, known),
        },
    )


def _labels(context: ComposedContext, known: Known) -> dict[str, str]:
    """A hash of the licences and domains of a row's documents, if the version keeps them."""
    if not known.labels:
        return {}
    return {"labels": digest(*(known.labels.get(each.document_id) for each in context.segments))}


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
            same = not other_parts(one, other)
            counts["kept" if same else "changed"] += 1
            if not same:
                yield Difference(before=one, after=other)
            one, other = next(old, None), next(new, None)


def other_parts(before: RowLook, after: RowLook) -> list[Why]:
    """What of a row is other, each once; what only one version keeps is not compared."""
    both = before.parts.keys() & after.parts.keys()
    other = (
        why for part, why in _PARTS if part in both and before.parts[part] != after.parts[part]
    )
    return list(dict.fromkeys(other))
