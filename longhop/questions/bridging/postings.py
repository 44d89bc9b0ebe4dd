"""Postings: which rows of a table belong to a number, no more of them than a bound."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]


class Postings:
    """The rows of each number, and how many there are in all."""

    def __init__(self, numbers: Rows, size: int) -> None:
        self.counts = np.bincount(numbers, minlength=size)
        self._rows = np.argsort(numbers, kind="stable")
        self._ends = np.concatenate([[0], np.cumsum(self.counts)])
        self._kept: dict[int, Rows] = {}

    def of(self, number: int) -> Rows:
        """The rows of a number."""
        kept = self._kept.get(number)
        if kept is not None:
            return kept
        rows: Rows = self._rows[self._ends[number] : self._ends[number + 1]]
        return rows

    def bound(self, most: int, key: Callable[[int], str]) -> None:
        """Keep no more rows than that of any number: those with the first keys.

        A key is asked for only where there are more, since it takes a hash to make one.
        """
        for number in np.flatnonzero(self.counts > most):
            rows = sorted(self.of(int(number)).tolist(), key=key)
            self._kept[int(number)] = np.asarray(rows[:most], np.int64)
