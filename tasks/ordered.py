"""Records in the order of their ids, in the memory of a few: so that streams of them can be merged.

What stages write of rows is in that order already, and is then read where it lies.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, TypeVar

from longhop.records.artifacts import Artifact
from longhop.records.base import Record
from longhop.records.corpus import Chunk
from longhop.records.verification import MultiHop
from longhop.resources import resources
from longhop.sorting import sort_on_disk
from longhop.storage.artifacts import OpenArtifact
from longhop.storage.spools import KeySet, Lookup, Spool

R = TypeVar("R", bound=Record)
A = TypeVar("A")
B = TypeVar("B")


@contextmanager
def in_order(
    artifacts: Sequence[Artifact], kind: type[R], key: str = "id"
) -> Iterator[OpenArtifact[R] | Spool[R]]:
    """The records of artifacts in the order of a field, to be read as often as wanted.

    Those of one id keep their order.
    """
    store = resources().store
    if len(artifacts) == 1:
        with store.opened(artifacts[0], kind) as records:
            if all(before <= after for before, after in pairwise(records.values(key))):
                yield records
                return
    with Spool(kind) as spool:
        lines = (
            (getattr(record, key), record.model_dump_json().encode())
            for artifact in artifacts
            for record in store.iterate(artifact, kind)
        )
        for _, line in sort_on_disk(lines, key=lambda it: it[0], size=lambda it: len(it[1])):
            spool.write(line)
        yield spool


def beside(
    items: Iterable[A],
    others: Iterable[B],
    *,
    key: Callable[[A], Any],
    other_key: Callable[[B], Any],
) -> Iterator[tuple[A, B | None]]:
    """Each item with the other of its key, if there is one; both come in the order of the keys.

    Of several others with one key the last counts.
    """
    waiting = iter(others)
    ahead = next(waiting, None)
    found: B | None = None
    for item in items:
        wanted = key(item)
        if found is not None and other_key(found) != wanted:
            found = None
        while ahead is not None and other_key(ahead) <= wanted:
            found = ahead if other_key(ahead) == wanted else None
            ahead = next(waiting, None)
        yield item, found


@contextmanager
def look_up_evidence(
    chunks: Sequence[Artifact], rows: Iterable[MultiHop]
) -> Iterator[Callable[[MultiHop], dict[str, Chunk]]]:
    """The chunks that each of the rows rests on, as far as they are there, found row by row.

    They lie in a scratch file; memory holds a few numbers for each.
    """
    store = resources().store
    needed = KeySet(span for row in rows for span in _spans(row))
    with Lookup(Chunk, lambda each: each.id) as found:
        for part in chunks:
            for chunk in store.iterate(part, Chunk):
                if chunk.id in needed:
                    found.add(chunk)
        yield lambda row: found.take(_spans(row))


def _spans(row: MultiHop) -> Iterable[str]:
    return dict.fromkeys(span.chunk_id for hop in row.hops for span in hop.evidence)
