"""Which documents are previewed: a few that name the same things, so that something can be linked.

They are chosen by names and keyed hash alone, so that the same corpus gives the same preview, and a
second one finds the answers of the first.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, zip_longest

from longhop.identity import keyed_share
from longhop.operations.surveying import names_of
from longhop.records.corpus import Chunk

MOST_DOCUMENTS = MOST_CHUNKS = 8
# Documents that it may start from; those that name the same may lie anywhere in the corpus.
_POOL = 200
# A name that more documents hold than this joins none of them in particular: it may be a footer's.
_COMMON = 8
# A document about what another one names is what a bridge needs; a single word may be no name.
_OF_TITLE, _OF_WORD = 8.0, 0.1

# A name within the split and the language that hops must share.
_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Choice:
    """The chosen documents by id, each with the names that it shares, and the chunks to ask.

    `of` is how many documents there are, `chunks_of` how many chunks the chosen ones have.
    """

    documents: dict[str, tuple[str, ...]]
    chunks: tuple[Chunk, ...]
    of: int
    chunks_of: int


@dataclass
class _Names:
    """The documents that hold a name, the first of them by rank, and those it is the title of."""

    holders: dict[str, None] = field(default_factory=dict)
    titled: set[str] = field(default_factory=set)
    count: int = 0


def choose_chunks(read: Callable[[], Iterable[Chunk]], *, documents: int, name: str) -> Choice:
    """At most so many documents, and at most eight of their chunks.

    `read` gives all chunks of the corpus document by document; it is called three times. Each
    document gives the chunk first that shares most with the other ones, then each its second.
    """
    pool, of = _pool(read(), name)
    names = _holders(read(), frozenset(key for keys in pool.values() for key in keys))
    weights = {key: _weight(key[2], each) for key, each in names.items()}
    chosen = _chosen(pool, names, weights, documents, name)
    parts: dict[str, list[Chunk]] = {each: [] for each in chosen}
    for chunk in read():
        if chunk.document_id in parts:
            parts[chunk.document_id].append(chunk)
    keys = {each: {key for chunk in parts[each] for key in _keys(chunk)} for each in chosen}
    shared = Counter(key for each in keys.values() for key in each if key in weights)
    worth = {key: weights[key] for key, count in shared.items() if count > 1 and weights[key]}
    return Choice(
        documents={each: _named(parts[each], worth) for each in chosen},
        chunks=_spread(parts, worth),
        of=of,
        chunks_of=sum(len(each) for each in parts.values()),
    )


def _pool(chunks: Iterable[Chunk], name: str) -> tuple[dict[str, set[_Key]], int]:
    """The first documents by keyed hash with what they name, and how many documents there are."""
    heap: list[tuple[float, str, set[_Key]]] = []
    of = 0
    for document, part in groupby(chunks, key=lambda each: each.document_id):
        of += 1
        rank = -_rank(document, name)
        if len(heap) == _POOL and rank < heap[0][0]:
            continue
        entry = (rank, document, {key for each in part for key in _keys(each)})
        if len(heap) < _POOL:
            heapq.heappush(heap, entry)
        else:
            heapq.heapreplace(heap, entry)
    return {document: keys for _, document, keys in sorted(heap, reverse=True)}, of


def _holders(chunks: Iterable[Chunk], wanted: frozenset[_Key]) -> dict[_Key, _Names]:
    names: dict[_Key, _Names] = defaultdict(_Names)
    for document, part in groupby(chunks, key=lambda each: each.document_id):
        rows = list(part)
        title = _key(rows[0], rows[0].title)
        for key in {key for each in rows for key in _keys(each)} & wanted:
            found = names[key]
            found.count += 1
            if found.count <= _COMMON:
                found.holders[document] = None
                if key == title:
                    found.titled.add(document)
    return names


def _weight(name: str, names: _Names) -> float:
    """How much a name says of those who share it: the rarer the more, nothing where it is common.

    One above 1 is the title of some of them and named by the others.
    """
    if not 1 < names.count <= _COMMON:
        return 0.0
    if names.titled and len(names.titled) < names.count:
        return _OF_TITLE / (names.count - 1)
    return (1.0 if " " in name or not name.isascii() else _OF_WORD) / (names.count - 1)


def _chosen(
    pool: Mapping[str, set[_Key]],
    names: Mapping[_Key, _Names],
    weights: Mapping[_Key, float],
    documents: int,
    name: str,
) -> list[str]:
    """One document after the other, what is tied most to the chosen ones first, ties by hash.

    Where no title ties any of them to another, one that a title ties to something else begins anew.
    """
    held: dict[str, list[_Key]] = defaultdict(list)
    for key, found in sorted(names.items()):
        if weights[key]:
            for document in found.holders:
                held[document].append(key)
    titled = [each for each in pool if any(weights[key] > 1 for key in held.get(each, ()))]
    chosen: list[str] = []
    while len(chosen) < min(documents, len({*pool, *held})):
        ties: dict[str, float] = defaultdict(float)
        for key in {key for each in chosen for key in held.get(each, ())}:
            for document in names[key].holders:
                ties[document] += weights[key]
        near = sorted(
            (each for each in ties if each not in chosen),
            key=lambda each: (-ties[each], _rank(each, name), each),
        )
        anew = [each for each in titled if each not in chosen]
        if near and (ties[near[0]] > 1 or not anew):
            chosen.append(near[0])
        else:
            rest = [each for each in pool if each not in chosen]
            chosen.append((anew or [each for each in rest if each in held] or rest)[0])
    return chosen


def _spread(parts: Mapping[str, list[Chunk]], worth: Mapping[_Key, float]) -> tuple[Chunk, ...]:
    """At most eight chunks in the order of their documents, the worthiest of each first."""

    def value(chunk: Chunk) -> float:
        return sum(worth.get(key, 0.0) for key in _keys(chunk))

    ranked = [sorted(rows, key=lambda each: (-value(each), each.start)) for rows in parts.values()]
    turns = [each for turn in zip_longest(*ranked) for each in turn if each is not None]
    taken = {each.id for each in turns[:MOST_CHUNKS]}
    return tuple(each for rows in parts.values() for each in rows if each.id in taken)


def _named(chunks: Iterable[Chunk], worth: Mapping[_Key, float]) -> tuple[str, ...]:
    """The names that a document shares with another chosen one, the most telling first."""
    found = {name: worth[key] for each in chunks for key, name in _pairs(each) if key in worth}
    return tuple(sorted(found, key=lambda each: (-found[each], each)))


def _keys(chunk: Chunk) -> set[_Key]:
    return {key for key, _ in _pairs(chunk)}


def _pairs(chunk: Chunk) -> Iterator[tuple[_Key, str]]:
    for name in sorted(names_of(chunk)):
        yield _key(chunk, name), name


def _key(chunk: Chunk, name: str) -> _Key:
    return str(chunk.split), chunk.language, name.casefold()


def _rank(document: str, name: str) -> float:
    return keyed_share("preview", name, document)
