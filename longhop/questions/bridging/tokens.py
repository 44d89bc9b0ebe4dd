"""Words with their places: what two spellings of a name are compared by."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from longhop.matching import ARTICLES

# Initials are one word ("J. K.", "U.S."), a Chinese character is one, and so is what is spelled
# without a break; the s of a possessive is none.
_TOKEN = re.compile(
    r"(?<!\w)[^\W\d_](?:\.[ ]?[^\W\d_])+(?!\w)"
    r"|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W_\u3400-\u9fff\uf900-\ufaff]+"
    r"|&"
)
_SAME = {"st": "saint", "mt": "mount", "ft": "fort", "&": "and"}
_APOSTROPHES = "'’`ʼ"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text: folded, where it stands, and how it is written."""

    word: str
    start: int
    end: int
    text: str

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def is_han(self) -> bool:
        """Whether it is a Chinese character."""
        return "\u3400" <= self.text[0] <= "\u9fff" or "\uf900" <= self.text[0] <= "\ufaff"


def tokens_of(text: str) -> list[Token]:
    """The words of a text, without articles and the s of possessives."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        if raw == "s" and _is_possessive(text, match.start()):
            continue
        if raw.lower() in ARTICLES and not _is_initial(raw, text, match.end()):
            continue
        found.append(Token(fold(raw), match.start(), match.end(), raw))
    return found


@lru_cache(maxsize=1 << 15)
def words_in(text: str) -> tuple[str, ...]:
    """The folded words of a text."""
    return tuple(token.word for token in tokens_of(text))


def fold(word: str) -> str:
    """A word without case, accents and the dots of initials, abbreviations written out."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        word = "".join(each for each in parts if not unicodedata.combining(each))
    word = word.casefold().replace(".", "").replace(" ", "")
    return _SAME.get(word, word)


def _is_possessive(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in _APOSTROPHES


def _is_initial(raw: str, text: str, end: int) -> bool:
    return raw == "A" and text[end : end + 1] == "."
