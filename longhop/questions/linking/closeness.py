"""How near questions are to each other: by meaning or by words, of themselves or their documents.

MIMG (arXiv 2409.01893, §3) compares embedding with BM25, and questions with documents; the meaning
of questions did best, and is the default.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from longhop.identity import digest
from longhop.selection.vectors import SCALE, Steps, similarities
from longhop.words import weigh_words

# So many questions are all compared with each other; of more, parts of them.
_COMPARED = 1024


class Closeness(Protocol):
    """How near the questions of a pool are to each other, by their places in it."""

    def table(self, members: Sequence[int]) -> NDArray[np.float64]:
        """How near each of the members is to each: about 0 for strangers, 1 for itself."""


class VectorCloseness:
    """The cosine of vectors: one row a question of the pool."""

    def __init__(self, vectors: Steps) -> None:
        self.vectors = vectors

    def table(self, members: Sequence[int]) -> NDArray[np.float64]:
        """Cosines, exact to the step, so that ties are true ties."""
        rows = self.vectors[list(members)]
        return similarities(rows, rows) / SCALE**2


class WordCloseness:
    """BM25 of each text for the words of another, as a share of what it is for its own words."""

    def __init__(self, texts: Sequence[str]) -> None:
        found = weigh_words(texts)
        self._asked = (found.counts > 0).astype(np.float64).tocsr()
        self._weights = found.weights

    def table(self, members: Sequence[int]) -> NDArray[np.float64]:
        """The mean of both directions, since neither of two questions is the query."""
        places = list(members)
        scores = (self._asked[places] @ self._weights[places].T).toarray()
        own = np.maximum(np.diag(scores), 1e-9)
        shares = scores / own[:, None]
        table: NDArray[np.float64] = np.round((shares + shares.T) / 2, 6)
        return table


def nearest(
    closeness: Closeness, members: Sequence[int], ids: Sequence[str], *, most: int
) -> Iterator[tuple[int, int, float]]:
    """The nearest others of each member: (member, other, how near), the nearest first, ties by id.

    Where there are very many members they are cut into parts by keyed hash first, so the work
    grows with their number and not with its square.
    """
    for part in _parts(members, ids):
        ordered = sorted(part, key=lambda each: ids[each])
        table = closeness.table(ordered)
        np.fill_diagonal(table, -np.inf)
        width = min(most, len(ordered) - 1)
        for at, row in enumerate(table):
            for other in np.argsort(-row, kind="stable")[:width]:
                yield ordered[at], ordered[int(other)], float(row[int(other)])


def _parts(members: Sequence[int], ids: Sequence[str]) -> Iterator[list[int]]:
    count = -(-len(members) // _COMPARED)
    if count <= 1:
        yield list(members)
        return
    # A power of two, so that a few more questions tonight leave most parts as they were.
    count = 1 << (count - 1).bit_length()
    parts: list[list[int]] = [[] for _ in range(count)]
    for each in members:
        parts[int(digest("part", ids[each])[:8], 16) % count].append(each)
    yield from (part for part in parts if part)
