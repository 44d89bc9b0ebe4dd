"""Documents that are the same, nearly the same, or wholly inside another.

Sketches propose pairs, the documents' own shingles decide. Memory holds some three hundred bytes a
document; texts pass through it one at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from longhop.corpus.deduplicating.comparing import Twin, compare
from longhop.corpus.deduplicating.proposing import Shelf, propose
from longhop.corpus.splitting import choose_split
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document, Membership, Sketch
from longhop.spec.sections import Deduplication, Splits

Links = Sequence[tuple[int, int]]


def group_documents(
    sketches: Iterable[Sketch],
    documents: Callable[[], Iterable[Document]],
    plan: Deduplication,
    splits: Splits,
    *,
    dataset: str,
    incumbents: Mapping[str, Membership],
    order: Callable[[str], Any],
    words: Mapping[str, str] | None = None,
) -> Iterator[tuple[Membership, Rejection | None]]:
    """Every document with its near-duplicate group and split, and why it is turned away.

    They come in the order of what `order` makes of their ids.

    An incumbent is a document that the base kept and that still has the `words` it had then. Of two
    documents that count as one the incumbent is kept, else the one with more shingles. A group that
    holds an incumbent keeps its split; a new document that overlaps with incumbents of different
    splits is turned away, so that nothing crosses over nights.
    The result does not depend on the order of the documents.
    """
    before = {each: earlier for each, earlier in incumbents.items() if earlier.kept}
    shelf, proposed = propose(sketches, {each: (words or {}).get(each) for each in before})
    twins, links = compare(shelf, proposed, documents, plan)
    standing = {each: before[each] for each in shelf.standing}
    rejections = {
        shelf.ids[worse]: _turned_away(shelf, worse, twin)
        for worse, twin in twins.items()
        if shelf.ids[worse] not in standing
    }
    torn = _torn(shelf, links, standing)
    rejections |= torn
    names: dict[str, Membership] = {}
    for ids in _connected(shelf, links, without=torn):
        earlier = [standing[each] for each in ids if each in standing]
        if len({each.split for each in earlier}) > 1:
            rejections |= {
                each: _overlapping(each, earlier) for each in ids if each not in standing
            }
        known = earlier or [before[each] for each in ids if each in before]
        first = min(known, key=lambda each: each.document_id, default=None)
        split = first.split if first else choose_split(ids[0], splits, dataset)
        group = first.group if first else ids[0]
        for each in ids:
            named = standing.get(each) or Membership(
                document_id=each, group=group, split=split, kept=True
            )
            if named.group != each or len(ids) > 1 or each in before:
                names[each] = named
    for each in sorted(shelf.ids, key=order):
        named = names.get(each) or Membership(
            document_id=each, group=each, split=choose_split(each, splits, dataset), kept=True
        )
        kept = each not in rejections
        yield named.model_copy(update={"document_id": each, "kept": kept}), rejections.get(each)


def _torn(shelf: Shelf, links: Links, standing: Mapping[str, Membership]) -> dict[str, Rejection]:
    """New documents that overlap with incumbents of several splits: they can be of none."""
    near: dict[str, list[Membership]] = defaultdict(list)
    for pair in links:
        one, other = (shelf.ids[each] for each in pair)
        for each, beside in ((one, other), (other, one)):
            if each not in standing and beside in standing:
                near[each].append(standing[beside])
    return {
        each: _overlapping(each, sorted(earlier, key=lambda it: it.document_id))
        for each, earlier in near.items()
        if len({beside.split for beside in earlier}) > 1
    }


def _overlapping(item: str, earlier: Sequence[Membership]) -> Rejection:
    names = ", ".join(f"{each.document_id} ({each.split})" for each in earlier[:3])
    return Rejection(
        stage="deduplicate",
        item=item,
        reason=Reason.NEAR_DUPLICATE,
        detail=f"overlaps with documents of several splits: {names}",
    )


def _connected(
    shelf: Shelf, links: Links, *, without: Mapping[str, Rejection]
) -> Iterator[list[str]]:
    """The ids of all groups that are linked, and of single documents, sorted within a group."""
    held = [pair for pair in links if not any(shelf.ids[each] in without for each in pair)]
    ends = np.array(held, np.int64).reshape(-1, 2)
    count = len(shelf.ids)
    graph = coo_array((np.ones(len(ends), bool), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    order = np.argsort(labels, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(members):
            yield sorted(shelf.ids[each] for each in members)


def _turned_away(shelf: Shelf, worse: int, twin: Twin) -> Rejection:
    other = shelf.ids[twin.other]
    detail = f"of {other}" if twin.share == 1 else f"{twin.share:.2f} of {other}"
    return Rejection(stage="deduplicate", item=shelf.ids[worse], reason=twin.reason, detail=detail)
