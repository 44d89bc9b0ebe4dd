"""The characters of a text: one form for each, and none that nobody can see."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable

from longhop.corpus.cleaning.changes import Change

_LINE_ENDS = r"\r\n?|[\x0b\x0c\x85\u2028]"
_CONTROL = r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufff9-\ufffb]"
_SPACES = r"[\xa0\u1680\u2000-\u200a\u202f\u205f]|\u3000+"
# Marks of direction, soft hyphens, joints between words and signs that only machines see.
_INVISIBLE = r"[\xad\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
# Letters of scripts that shape or separate words by a joiner: Arabic to Tibetan, Burmese, Khmer.
_SHAPED = r"\u0600-\u08ff\u0900-\u0fff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"
_PICTURE = r"\u2190-\u2bff\u3030-\u303d\u3297-\u3299\U0001f000-\U0001faff"
# A joiner stays after a letter that it shapes, and between the parts of an emoji.
_JOINER = (
    rf"(?<![{_SHAPED}\ufe0e\ufe0f{_PICTURE}])[\u200b-\u200d]"
    rf"|(?<=[\ufe0e\ufe0f{_PICTURE}])(?:[\u200b\u200c]|\u200d(?![{_PICTURE}]))"
)

# Dashes and quotation marks of Windows-1252 that were read as Latin-1.
_MISREAD = {
    code: character
    for code in range(0x80, 0xA0)
    if code != 0x85 and (character := bytes([code]).decode("cp1252", "ignore"))
}

_SUBSTITUTIONS: tuple[tuple[Change, re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (Change.BROKEN_CHARACTERS, re.compile(r"[\ud800-\udfff]"), "\ufffd"),
    (
        Change.BROKEN_CHARACTERS,
        re.compile(f"[{''.join(map(chr, _MISREAD))}]"),
        lambda match: _MISREAD[ord(match.group())],
    ),
    (Change.CONTROL_CHARACTERS, re.compile(_CONTROL), ""),
    (Change.INVISIBLE_CHARACTERS, re.compile(_INVISIBLE), ""),
    (Change.INVISIBLE_CHARACTERS, re.compile(_JOINER), ""),
    (Change.LINE_ENDINGS, re.compile(_LINE_ENDS), "\n"),
    (Change.LINE_ENDINGS, re.compile(r"\u2029"), "\n\n"),
    (Change.WHITE_SPACE, re.compile(_SPACES), " "),
)
_ODD_ASCII = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_ODD = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    r"\u3000\ud800-\udfff\ufeff\ufff9-\ufffb]"
)


def normalise_characters(text: str, changes: Counter[Change]) -> str:
    """The text in Unicode NFC, with one kind of line end and of space, and nothing unseen.

    What a script or an emoji needs stays: joiners after letters that they shape, variation
    selectors, private characters. Half of a surrogate pair is no character, and marked as lost.
    """
    if (_ODD_ASCII if text.isascii() else _ODD).search(text):
        for change, pattern, instead in _SUBSTITUTIONS:
            text, count = pattern.subn(instead, text)
            changes[change] += count
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        changes[Change.UNICODE_FORM] += 1
    return text
