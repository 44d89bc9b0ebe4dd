"""The artifacts of a version without documents that were taken down; the rest is as it was."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Any, NamedTuple

from longhop.contexts.composing import Composer
from longhop.errors import ContextOverflow
from longhop.records.accounts import Balance, Reason, Rejection
from longhop.records.artifacts import Artifact, parts_of
from longhop.records.base import Record
from longhop.records.corpus import Chunk, Document, Draw, Membership, Placement, Sketch
from longhop.records.examples import ComposedContext, Stale
from longhop.records.manifest import TAKE_DOWN
from longhop.records.pairs import Pair
from longhop.records.questions import HopGroup
from longhop.records.release import AuditedRow
from longhop.records.seeds import Origin
from longhop.records.takedowns import mark_of
from longhop.records.verification import MultiHop, ProbeKind
from longhop.resources import resources
from tasks.compose_contexts import both
from tasks.ordered import in_order, look_up_evidence
from tasks.reaching import OF_DOCUMENTS, Reach
from tasks.sifted import ContextSieve, Sieve

_KINDS: dict[str, type[Record]] = {
    "memberships": Membership,
    "sketches": Sketch,
    "placements": Placement,
    "draws": Draw,
    "origins": Origin,
    "siblings": Origin,
    "chunks": Chunk,
    "written_chunks": Chunk,
    "documents": Document,
    "written": Document,
    "groups": HopGroup,
    "low": MultiHop,
    "audit": AuditedRow,
}


class Rebuilt(NamedTuple):
    """What is left of the rows of a version, and what is not."""

    artifacts: dict[str, Artifact]
    rejected: Artifact
    balance: Balance


def without(made: Mapping[str, Artifact], reach: Reach) -> dict[str, Artifact]:
    """All artifacts of a version but its rows, with no record that is of the documents.

    Those that had none stay the objects that they were.
    """
    kept = dict(made)
    for name, artifact in made.items():
        plain = re.sub(r"-\d+$", "", name)
        if plain in _KINDS:
            kept[name] = _sifted(artifact, _KINDS[plain], _is_theirs(plain, reach))
    return kept


def take_rows_down(made: Mapping[str, Artifact], reach: Reach, composer: Composer) -> Rebuilt:
    """The rows that rest on none of the documents; contexts that held one are composed anew.

    No model is asked: the layout stays, and distractors are drawn as ever, from what is left. What
    a row's former distractors were asked is marked as stale.
    """
    store = resources().store
    marks = ", ".join(mark_of(each) for each in sorted(reach.documents))
    rests, holds = frozenset(reach.rests), frozenset(reach.holds)
    chunks = [*parts_of(made, "chunks"), *parts_of(made, "written_chunks")]
    before = store.iterate(made["stale"], Stale) if "stale" in made else ()
    stale = {each.row_id for each in before} - rests
    sieve = ContextSieve(TAKE_DOWN)
    with sieve, ExitStack() as held:
        rows = held.enter_context(in_order([made["rows"]], MultiHop))
        contexts = held.enter_context(in_order([made["contexts"]], ComposedContext, "row_id"))
        broken = (each for each in rows if each.id in holds)
        parts = held.enter_context(look_up_evidence(chunks, broken))
        for row, context in both(rows, contexts):
            if row.id in rests:
                sieve.add(_turned_away(row.id, Reason.TAKEN_DOWN, marks))
            elif row.id not in holds:
                sieve.keep(row, context)
            else:
                try:
                    anew = composer.compose(row, parts(row), context.layout)
                except ContextOverflow as error:
                    sieve.add(_turned_away(row.id, Reason.CONTEXT_OVERFLOW, str(error)))
                    continue
                sieve.keep(row, anew)
                if any(each.kind is ProbeKind.DISTRACTORS for each in row.probes):
                    stale.add(row.id)
    outcome = sieve.outcome()
    artifacts = {"rows": outcome["rows"], "contexts": outcome["contexts"]}
    if stale:
        marked = (Stale(row_id=each) for each in sorted(stale))
        artifacts["stale"] = store.write("stale", marked, Stale)
    return Rebuilt(artifacts, outcome["rejected"], outcome.balances[0])


def take_pairs_down(made: Mapping[str, Artifact], reach: Reach) -> Rebuilt:
    """The pairs that other documents answer."""
    marks = ", ".join(mark_of(each) for each in sorted(reach.documents))
    rests = frozenset(reach.rests)
    with Sieve(TAKE_DOWN, "row", "pairs", Pair) as sieve:
        for each in resources().store.iterate(made["pairs"], Pair):
            gone = each.id in rests
            sieve.add(_turned_away(each.id, Reason.TAKEN_DOWN, marks) if gone else each)
    outcome = sieve.outcome()
    return Rebuilt({"pairs": outcome["kept"]}, outcome["rejected"], outcome.balances[0])


def _turned_away(item: str, reason: Reason, detail: str) -> Rejection:
    return Rejection(stage=TAKE_DOWN, item=item, reason=reason, detail=detail)


def _is_theirs(name: str, reach: Reach) -> Callable[[Any], bool]:
    if name in OF_DOCUMENTS:
        return lambda each: getattr(each, OF_DOCUMENTS[name]) in reach.documents
    names = {
        "groups": reach.groups,
        "low": reach.low,
        "audit": frozenset(reach.rests),
    }[name]
    return lambda each: each.id in names


def _sifted(artifact: Artifact, kind: type[Record], is_theirs: Callable[[Any], bool]) -> Artifact:
    store = resources().store
    if not any(is_theirs(each) for each in store.iterate(artifact, kind)):
        return artifact
    left = (each for each in store.iterate(artifact, kind) if not is_theirs(each))
    return store.write(artifact.kind, left, kind)
