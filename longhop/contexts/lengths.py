"""How many tokens a document takes in a context, whole or up to any of its sentences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from longhop.contexts.headers import BETWEEN, header_of
from longhop.corpus.languages.sentences import cut_line, split_sentences
from longhop.ports import Tokenizer
from longhop.records.corpus import Document
from longhop.records.examples import Template

# So many documents' lengths are kept; the oldest is measured again when it is wanted again.
_KEPT = 20_000
# What stands behind a cut may be a token more than behind the whole.
_CUT = 1
# A sentence of more characters is no sentence, and is cut into parts of at most so many.
_LONG, _PART = 600, 200
_NUMBER = 8  # the number that headers are measured with


class Lengths(NamedTuple):
    """Where the sentences of a document end, and its tokens up to there: (s,) each, ascending.

    `ends` are code points without the white space behind a sentence; `tokens` count header, text
    and the lines between two documents. The last of them are those of the whole document.
    """

    ends: NDArray[np.int64]
    tokens: NDArray[np.int64]

    @property
    def whole(self) -> int:
        """The tokens of the whole document."""
        return int(self.tokens[-1])

    def within(self, room: int) -> int:
        """How many leading sentences take no more than `room` tokens."""
        return int(np.searchsorted(self.tokens, room, side="right"))


def ends_of(text: str, language: str) -> Iterator[int]:
    """Where a text may be cut: behind its sentences, without the white space there.

    One that is longer than sentences are (a log, a table, a script that marks no ends) may be cut
    behind its lines too, or where a cut harms least.
    """
    for start, end in split_sentences(text, language):
        at = start
        while end - start > _LONG and end - at > _PART:
            line = text.rfind("\n", at + 1, at + _PART)
            cut = line + 1 if line > at else cut_line(text, at, at + _PART)
            if text[at:cut].strip():
                yield at + len(text[at:cut].rstrip())
            at = cut
        if text[at:end].strip():
            yield at + len(text[at:end].rstrip())


@dataclass(frozen=True)
class Ruler:
    """Measures documents with one tokenizer, each once for all rows.

    Documents are measured apart. In a context they meet at blank lines, where most vocabularies
    divide a text anyway, so that sums are near the count of the whole; that is what is counted in
    the end.
    """

    tokenizer: Tokenizer
    _known: dict[tuple[str, str, Template], Lengths] = field(default_factory=dict)
    _numbers: dict[tuple[int, str], int] = field(default_factory=dict)

    def measure(self, document: Document, language: str, template: Template) -> Lengths:
        """The measure of a document that is not empty."""
        key = (document.id, language, template)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= _KEPT:
                del self._known[next(iter(self._known))]
            found = self._known[key] = self._measured(document, language, template)
        return found

    def extra(self, number: int, language: str, template: Template) -> int:
        """The tokens that a header with this number takes more than it was measured with."""
        if template is not Template.NUMBERED:
            return 0
        key = (number, language)
        if key not in self._numbers:
            one, other = (self._header(each, language, template) for each in (number, _NUMBER))
            self._numbers[key] = one - other
        return self._numbers[key]

    def _header(self, number: int, language: str, template: Template) -> int:
        nothing = Document(id="", title="", text="", license="", language=language)
        return self.tokenizer.count(header_of(nothing, number, language, template))

    def _measured(self, document: Document, language: str, template: Template) -> Lengths:
        header = header_of(document, _NUMBER, language, template)
        ends = np.array(list(ends_of(document.text, document.language)), np.int64)
        text = document.text[: int(ends[-1])]
        boundaries = self.tokenizer.boundaries(f"{header}{text}{BETWEEN}")
        tokens = np.searchsorted(boundaries, ends + len(header), side="left") + 1 + _CUT
        tokens[-1] = len(boundaries)
        return Lengths(ends, np.maximum.accumulate(tokens))
