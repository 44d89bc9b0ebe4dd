"""What is known of the documents before any is asked: numbers, a row a document."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Field:
    """The documents as a policy sees them; all arrays have n rows, in the order of their ids.

    `rank` (n,) is a permutation drawn by keyed hash: who comes first where nothing else tells.
    `cost` (n,) is what asking a document costs, in units of the mean document's cost.
    `closeness` (n, 3) is its greatest similarity to the reference, the mean of its five greatest,
    and the mean of all; None where there is no reference.
    `clusters` (n,) are numbers from 0; `neighbours` (n, k) rows of the nearest documents, nearest
    first, and -1 where there are no more; `nearness` (n, k) their cosines, 0 beside a -1.
    `reference` (r, d) are unit vectors, as are the vectors of pairs in the ledger; None without.
    """

    rank: NDArray[np.int64]
    cost: NDArray[np.float64]
    closeness: NDArray[np.float64] | None
    clusters: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    nearness: NDArray[np.float32]
    reference: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return len(self.rank)
