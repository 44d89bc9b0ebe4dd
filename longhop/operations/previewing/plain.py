"""Text of documents and models, made harmless to look at: no sign of it moves a cursor."""

import re
import unicodedata

# They join letters in the scripts that need them and move nothing.
_JOINERS = "\u200c\u200d"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def plain(text: str) -> str:
    """The text with every sign that cannot be seen written out: ESC as ␛, a bidi mark as <U+202E>.

    Line breaks and tabs stay.
    """
    return text if text.isascii() and text.isprintable() else "".join(map(_shown, text))


def one_line(text: str) -> str:
    """The same with single spaces for any white space."""
    return " ".join(plain(text).split())


def fenced(text: str) -> str:
    """A Markdown block of code that the text in it cannot close."""
    longest = max((len(each) for each in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{plain(text)}\n{fence}"


def _shown(sign: str) -> str:
    if sign in "\n\t" or sign in _JOINERS or unicodedata.category(sign) not in _HIDDEN:
        return sign
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"
