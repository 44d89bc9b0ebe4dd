"""Traces of documents: texts that quote them, told by runs of words that nothing else has."""

from collections.abc import Iterable

import numpy as np

from longhop.corpus.shingles import hash_runs, hash_words

# So many words in a row are a quote where no other document has them.
WIDTH = 6


class Traces:
    """Finds the texts that quote some documents.

    A run of words that another document has too is that one's as well, and finds nothing.
    """

    def __init__(self, texts: Iterable[str], others: Iterable[str]) -> None:
        found = [_runs(each) for each in texts]
        runs = np.unique(np.concatenate(found)) if found else np.zeros(0, np.uint64)
        for each in others:
            runs = runs[~np.isin(runs, _runs(each))] if len(runs) else runs
        self._runs = runs

    def __len__(self) -> int:
        return len(self._runs)

    def are_in(self, text: str) -> bool:
        """Whether a text quotes one of the documents."""
        if not len(self._runs) or not text:
            return False
        return bool(np.isin(_runs(text), self._runs).any())


def _runs(text: str) -> np.ndarray:
    return hash_runs(hash_words(text), WIDTH)
