"""How long a text is, in the unit that a document's target is given in."""

from dataclasses import dataclass

from longhop.corpus.languages.codes import UNSPACED
from longhop.ports import Tokenizer

# Tokens of a word, or of a character where words are not written apart, until they are measured.
_TOKENS_OF_A_WORD, _TOKENS_OF_A_CHARACTER = 1.35, 0.9
_ENOUGH = 20
# A document of a target may be so much shorter or longer.
LEAST, MOST = 0.9, 1.1


@dataclass(frozen=True)
class Measure:
    """The length that documents should have: in tokens of a tokenizer, or in words."""

    target: int
    tokenizer: Tokenizer
    in_tokens: bool = False

    @property
    def unit(self) -> str:
        """What it counts."""
        return "tokens" if self.in_tokens else "words"

    def of(self, text: str, language: str) -> int:
        """The length of a text as a whole."""
        return self.tokenizer.count(text) if self.in_tokens else count_words(text, language)

    def is_short(self, size: int) -> bool:
        """Whether so long a document is too short."""
        return size < LEAST * self.target

    def is_long(self, size: int) -> bool:
        """Whether so long a document is too long."""
        return size > MOST * self.target

    def words(self, amount: float, text: str, language: str) -> float:
        """So much in words, at the rate of a text of the same kind."""
        return self.words_of_tokens(amount, text, language) if self.in_tokens else amount

    def words_of_tokens(self, tokens: float, text: str, language: str) -> float:
        """So many tokens in words, at the rate of a text of the same kind."""
        words = count_words(text, language)
        if words >= _ENOUGH:
            return tokens * words / self.tokenizer.count(text)
        rate = _TOKENS_OF_A_CHARACTER if language in UNSPACED else _TOKENS_OF_A_WORD
        return tokens / rate


def count_words(text: str, language: str) -> int:
    """The words of a text; its characters where words are not written apart."""
    return len("".join(text.split())) if language in UNSPACED else len(text.split())
