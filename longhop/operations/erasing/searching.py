"""What documents leave behind: their ids, runs of their words, the questions asked about them."""

from collections.abc import Iterable

from longhop.corpus.shingles import words_of
from longhop.corpus.tracing import Traces

# A shorter question is asked of other documents too.
_FEWEST_WORDS = 4


class Trail:
    """Tells whether strings are of documents, or say what these do.

    `names` are their ids and those of what was made of them, `texts` what they say, `others` what
    all other documents say; `questions` were asked about them and about no other document.
    """

    def __init__(
        self,
        names: frozenset[str],
        texts: Iterable[str],
        others: Iterable[str],
        questions: Iterable[str] = (),
    ) -> None:
        self.names = names
        self._traces = Traces(texts, others)
        self._questions = frozenset(
            words for each in questions if len(words := tuple(words_of(each))) >= _FEWEST_WORDS
        )

    @property
    def is_known(self) -> bool:
        """Whether the store had any text of them to look for."""
        return len(self._traces) > 0

    def quotes(self, strings: Iterable[str]) -> bool:
        """Whether one of the strings says what they do: a run of their words, or a question."""
        return any(
            self._traces.are_in(each) or tuple(words_of(each)) in self._questions
            if self._questions
            else self._traces.are_in(each)
            for each in strings
        )

    def names_one(self, strings: Iterable[str]) -> bool:
        """Whether one of the strings is an id of theirs."""
        return not self.names.isdisjoint(strings)
