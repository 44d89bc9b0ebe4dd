"""Lines in the order of shards and ids, so that neither their order nor their files' matters."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import xxhash

from longhop.corpus.reading import Read
from longhop.identity import shard_of
from longhop.records.accounts import Reason, Rejection
from longhop.records.corpus import Document
from longhop.sorting import sort_on_disk

_EXCERPT = 200
# What an item takes in memory beside its text, in characters.
_BESIDE = 500


@dataclass(frozen=True)
class _Placed:
    """A line that is not blank, with what it is sorted by; rejections come before all shards."""

    shard: int
    id: str
    content: str
    read: Read


def arrange(reads: Iterable[Read], shards: int) -> Iterator[tuple[int, Read]]:
    """Every line that is not blank with its shard: what was turned away first, as shard -1.

    The rest is sorted by shard and id. Of several documents of one id the first is the one whose
    content has the smallest hash, and the others are turned away.
    """
    ordered = sort_on_disk(
        (_place(each, shards) for each in reads if each.found is not None),
        key=lambda each: (each.shard, each.id, each.content, str(each.read.place)),
        size=lambda each: _BESIDE + _characters(each.read),
    )
    first: _Placed | None = None
    for each in ordered:
        if first is None or each.shard < 0 or (each.shard, each.id) != (first.shard, first.id):
            first = each
            yield each.shard, each.read
        else:
            yield each.shard, _turned_away(each, first)


def _place(read: Read, shards: int) -> _Placed:
    if not isinstance(read.found, Document):
        return _Placed(-1, str(read.place), "", read)
    document = read.found
    fields = (document.license, document.language, document.title, document.text)
    hashed = xxhash.xxh3_128_hexdigest("\0".join(fields).encode())
    return _Placed(shard_of(document.id, shards), document.id, hashed, read)


def _characters(read: Read) -> int:
    found = read.found
    if isinstance(found, Document):
        return len(found.text) + len(found.title) + len(found.id) + len(found.license)
    return len(found.raw) + len(found.detail) if found else 0


def told_of_rivals(document_id: str) -> str:
    """What is said of a document whose id another has."""
    return f"id {document_id[:_EXCERPT]!r} comes more than once"


def _turned_away(other: _Placed, first: _Placed) -> Read:
    """A rival under an id that is taken."""
    document, kept = other.read.found, first.read.found
    assert isinstance(document, Document) and isinstance(kept, Document)
    same = document.text == kept.text
    rejection = Rejection(
        stage="read",
        item=str(other.read.place),
        reason=Reason.EXACT_DUPLICATE if same else Reason.DUPLICATE_ID,
        detail=told_of_rivals(document.id),
        raw=document.text[:_EXCERPT],
    )
    return replace(other.read, found=rejection)
