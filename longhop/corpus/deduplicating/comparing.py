"""Whether two documents count as one, by all of their shingles."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import NamedTuple

import numpy as np

from longhop.corpus.deduplicating.joining import Pairs
from longhop.corpus.deduplicating.proposing import Shelf
from longhop.corpus.shingles import Hashes, shingle_hashes
from longhop.records.accounts import Reason
from longhop.records.corpus import Document
from longhop.scratch import scratch_file, scratch_told
from longhop.spec.sections import Deduplication


class Twin(NamedTuple):
    """The document that another one counts as, and why."""

    reason: Reason
    other: int
    share: float


def compare(
    shelf: Shelf, proposed: Pairs, documents: Callable[[], Iterable[Document]], plan: Deduplication
) -> tuple[dict[int, Twin], list[tuple[int, int]]]:
    """The best twin of each document that has one, and all pairs that count as one."""
    twins: dict[int, Twin] = {}
    links: list[tuple[int, int]] = []
    with _Shingles(shelf, np.unique(proposed).tolist(), documents, plan.shingle) as known:
        for better, worse in proposed.tolist():
            ours, theirs = known[better], known[worse]
            small, large = sorted((ours, theirs), key=len)
            both = _shared(small, large)
            alike = both / (len(ours) + len(theirs) - both)
            if alike >= plan.jaccard:
                links.append((better, worse))
                twins.setdefault(worse, Twin(Reason.NEAR_DUPLICATE, better, alike))
            elif both >= plan.containment * len(small):
                outer, inner = (better, worse) if len(ours) >= len(theirs) else (worse, better)
                links.append((better, worse))
                twins.setdefault(inner, Twin(Reason.CONTAINED, outer, both / len(small)))
    for worse, better in shelf.same.items():
        twins[worse] = Twin(Reason.EXACT_DUPLICATE, better, 1)
        links.append((better, worse))
    return twins, links


def _shared(small: Hashes, large: Hashes) -> int:
    """How many of the one are in the other, looked up in time by the smaller one."""
    places = np.searchsorted(large, small)
    return int((large[np.minimum(places, len(large) - 1)] == small).sum())


class _Shingles(ExitStack):
    """The shingles of some documents, on disk: they may be more than the texts."""

    def __init__(
        self,
        shelf: Shelf,
        numbers: Sequence[int],
        documents: Callable[[], Iterable[Document]],
        width: int,
    ) -> None:
        super().__init__()
        self._file = self.enter_context(scratch_file())
        self._places: dict[int, tuple[int, int]] = {}
        self._last: tuple[int, Hashes] | None = None
        wanted = {shelf.ids[each]: each for each in numbers}
        start = 0
        for document in documents() if wanted else ():
            number = wanted.get(document.id)
            if number is not None:
                hashes = shingle_hashes(document.text, width)
                with scratch_told():
                    self._file.write(hashes.tobytes())
                self._places[number] = (start, len(hashes))
                start += hashes.nbytes

    def __getitem__(self, number: int) -> Hashes:
        """The shingles of a document; those asked for twice in a row are read once."""
        if self._last is None or self._last[0] != number:
            start, count = self._places[number]
            self._file.seek(start)
            found = np.frombuffer(self._file.read(8 * count), np.uint64)
            if self._last is not None and count < len(self._last[1]):
                return found  # the larger one of a pair is the one that comes again
            self._last = (number, found)
        return self._last[1]
