"""Documents that are the same, nearly the same, or wholly inside another."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from datasketch import MinHash, MinHashLSH

from longhop.corpus.shingles import shingle_hashes, words_of
from longhop.corpus.splitting import choose_split
from longhop.identity import digest
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document, Membership
from longhop.spec.sections import Deduplication, Splits

_PERMUTATIONS = 128
# One shingle in this many is looked up to find containers; all are counted to confirm one.
_SAMPLE = 4


def group_documents(
    documents: Sequence[Document],
    plan: Deduplication,
    splits: Splits,
    *,
    dataset: str,
    incumbents: Mapping[str, Membership],
) -> tuple[list[Membership], list[Rejection]]:
    """Every document with its near-duplicate group and split, and those turned away.

    Of documents that count as one the incumbent of the base is kept, else the longest. A group
    that holds an incumbent keeps the incumbent's split; a new document that would join groups of
    different splits is turned away, so that nothing crosses over nights.
    The result does not depend on the order of the documents.
    """
    standing = frozenset(each for each, earlier in incumbents.items() if earlier.kept)
    ranked = sorted(documents, key=lambda each: (each.id not in standing, *_rank(each)))
    shingles = {each.id: shingle_hashes(each.text, plan.shingle) for each in ranked}
    groups = _Groups(each.id for each in ranked)
    dropped: dict[str, Rejection] = {}
    for rejection, twin in (
        *_exact(ranked),
        *_near(ranked, shingles, plan.jaccard),
        *_contained(ranked, shingles, plan.containment),
    ):
        groups.join(rejection.item, twin)
        if rejection.item not in dropped and rejection.item not in standing:
            dropped[rejection.item] = rejection
    members: dict[str, list[str]] = defaultdict(list)
    for document in ranked:
        members[groups.root(document.id)].append(document.id)
    memberships = []
    for ids in members.values():
        earlier = [incumbents[each] for each in sorted(ids) if each in incumbents]
        dropped |= _between_splits(ids, earlier)
        name = earlier[0].group if earlier else min(ids)
        split = earlier[0].split if earlier else choose_split(name, splits, dataset)
        fresh = Membership(document_id="", group=name, split=split, kept=True)
        memberships += [
            incumbents.get(each, fresh).model_copy(
                update={"document_id": each, "kept": each not in dropped}
            )
            for each in ids
        ]
    return (
        sorted(memberships, key=lambda each: each.document_id),
        sorted(dropped.values(), key=lambda each: each.item),
    )


def _between_splits(ids: Sequence[str], earlier: Sequence[Membership]) -> dict[str, Rejection]:
    """New documents that overlap with incumbents of several splits: they can be of none."""
    if len({each.split for each in earlier}) < 2:
        return {}
    known = {each.document_id for each in earlier}
    names = ", ".join(f"{each.document_id} ({each.split})" for each in earlier[:3])
    detail = f"overlaps with documents of several splits: {names}"
    return {
        each: Rejection(stage="deduplicate", item=each, reason=Reason.NEAR_DUPLICATE, detail=detail)
        for each in ids
        if each not in known
    }


class _Groups:
    """Disjoint sets of ids."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._parent = {each: each for each in ids}

    def root(self, each: str) -> str:
        while self._parent[each] != each:
            self._parent[each] = self._parent[self._parent[each]]
            each = self._parent[each]
        return each

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first


def _rank(document: Document) -> tuple[int, str, str]:
    return -len(document.text), digest(document.text), document.id


def _turned_away(document: Document, reason: Reason, twin: str, share: float) -> Rejection:
    detail = f"of {twin}" if share == 1 else f"{share:.2f} of {twin}"
    return Rejection(stage="deduplicate", item=document.id, reason=reason, detail=detail)


def _exact(ranked: Sequence[Document]) -> list[tuple[Rejection, str]]:
    """The same words in the same order count as the same text."""
    seen: dict[str, str] = {}
    found = []
    for document in ranked:
        name = digest(words_of(document.text) or document.text)
        twin = seen.setdefault(name, document.id)
        if twin != document.id:
            found.append((_turned_away(document, Reason.EXACT_DUPLICATE, twin, 1), twin))
    return found


def _near(
    ranked: Sequence[Document], shingles: Mapping[str, frozenset[int]], threshold: float
) -> list[tuple[Rejection, str]]:
    """MinHash proposes, the shingles themselves decide."""
    index = MinHashLSH(threshold=max(0.1, threshold - 0.1), num_perm=_PERMUTATIONS)
    found = []
    for document in ranked:
        sketch = MinHash(num_perm=_PERMUTATIONS, seed=1, hashfunc=_as_is)
        sketch.update_batch(sorted(each & 0xFFFFFFFF for each in shingles[document.id]))
        own = shingles[document.id]
        for twin in sorted(index.query(sketch)):
            share = len(own & shingles[twin]) / len(own | shingles[twin])
            if share >= threshold:
                found.append((_turned_away(document, Reason.NEAR_DUPLICATE, twin, share), twin))
                break
        index.insert(document.id, sketch)
    return found


def _contained(
    ranked: Sequence[Document], shingles: Mapping[str, frozenset[int]], threshold: float
) -> list[tuple[Rejection, str]]:
    """A sample of the shingles proposes containers, all of them decide."""
    holders: dict[int, list[str]] = defaultdict(list)
    found = []
    for document in sorted(ranked, key=_rank):
        own = shingles[document.id]
        sampled = [each for each in own if each % _SAMPLE == 0] or sorted(own)[:1]
        votes = Counter(holder for each in sampled for holder in holders.get(each, ()))
        for holder, _ in sorted(votes.items(), key=lambda item: (-item[1], item[0]))[:5]:
            share = len(own & shingles[holder]) / len(own)
            if share >= threshold:
                found.append((_turned_away(document, Reason.CONTAINED, holder, share), holder))
                break
        for each in sampled:
            holders[each].append(document.id)
    return found


def _as_is(value: int) -> int:
    """Shingles are hashed already."""
    return int(np.uint32(value))
