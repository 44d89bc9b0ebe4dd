"""Windows: the parts of a text that the model sees, one at a time."""

from longhop.corpus.languages.scripts import LATIN, main_script

# Windows of about the packaged model's 256 word pieces: the letters of most scripts are a piece
# each, and only Latin ones make words.
_LATIN_WINDOW, _WINDOW = 900, 220
_HEAD = 4000  # so many characters tell the script


def windows_of(text: str) -> list[str]:
    """The text in parts of one width, in order; an empty text has one, which is empty."""
    width = _width(text)
    return [text[start : start + width] for start in range(0, max(1, len(text)), width)]


def window_at(text: str, place: int) -> str:
    """The one of its windows that the character at a place lies in."""
    width = _width(text)
    start = place // width * width
    return text[start : start + width]


def _width(text: str) -> int:
    return _LATIN_WINDOW if main_script(text[:_HEAD]) == LATIN else _WINDOW
