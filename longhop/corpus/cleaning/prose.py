"""Whether a text is something to read at all: words, not numbers, code points or debris."""

import re

# A word of three letters or more that no digit touches; hexadecimal has next to none.
_WORD = re.compile(r"(?<!\d)[^\W\d_]{3,}(?!\d)")
# What base64, keys and hashes are made of, and no language.
_DEBRIS = re.compile(r"[A-Za-z0-9+/=]{25,}|\ufffd+")
_FEWEST = 0.1
_WINDOWS, _WIDTH = 4, 500


def is_prose(text: str) -> bool:
    """Whether a tenth of a text is words: code, formulae, tables and recipes all have more.

    White space is not counted, and a long text is looked at in four places.
    """
    if len(text) > _WINDOWS * _WIDTH:
        step = (len(text) - _WIDTH) // (_WINDOWS - 1)
        text = " ".join(text[at : at + _WIDTH] for at in range(0, _WINDOWS * step, step))
    signs = text.split()
    wanted = _FEWEST * sum(map(len, signs))
    # Words between spaces do for most texts, and are found at once.
    words = map(len, filter(str.isalpha, signs))
    if sum(length for length in words if 3 <= length < 25) >= wanted:
        return bool(signs)
    return sum(map(len, _WORD.findall(_DEBRIS.sub(" ", text)))) >= wanted
