"""From bytes to text: what the bytes say themselves, else what they most likely are."""

import codecs
import re
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import Any

BUFFER = 1 << 20
_SAMPLE = 256 << 10
_SHORT = 400
# Readings that the library ranks as near as this are equal to us.
_NEAR = 0.05
# Text that is nearly all ASCII is English with some names far more often than a language that
# writes most of its words without accents; too few of them say nothing to a statistic.
_FEW, _LIKELY = 0.02, 0.1

_MARKS = (  # the longer ones first: that of UTF-16 begins that of UTF-32
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What texts are found in, the likelier first where the library cannot tell two apart: those of
# Latin letters where accents are few, the others where most letters are beyond ASCII.
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "iso8859_2")
_OTHER = (
    *("gb18030", "euc_jp", "cp932", "big5", "cp949", "cp1251", "koi8_r", "cp1253", "cp1255"),
    *("cp1256", "iso8859_5", "iso8859_7", "tis_620"),
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_INSIDE = re.compile(r"[^\W\d_][¡¿¹³£¥¯¼½¾]")
_IN_PROSE = frozenset("‘’‚“”„«»‹›–—…•·€£¥°§©®™¿¡ªº¹²³¼½¾×")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was in, and how far that is a guess: 0 where the bytes say it."""

    text: str
    encoding: str = "utf-8"
    doubt: float = 0.0


def decode(data: bytes) -> Decoded | None:
    """The text of bytes without a mark: UTF-8 if they are, else as they most likely are.

    Nothing where they are no text. Bytes that are UTF-8 but for a few are not guessed at: the few
    become U+FFFD, and their share is the doubt.
    """
    try:
        return Decoded(data.decode())
    except UnicodeDecodeError:
        return _decode_other(data)


def decode_whole(data: bytes) -> Decoded | None:
    """The text of a whole file, by its mark if it has one."""
    found = find_unicode(data)
    if found is None:
        return decode(data)
    encoding, mark = found
    return Decoded(data[mark:].decode(encoding, "replace"), encoding)


def find_unicode(head: bytes) -> tuple[str, int] | None:
    """The Unicode encoding that a file's first bytes give away, and the length of its mark."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    start = head[:4096]
    pairs = len(start) // 2
    if pairs < 2 or start.count(0) < pairs // 4:
        return None
    # Of the two bytes of an ASCII character in UTF-16 one is NUL, and always the same one.
    first, second = start[::2].count(0), start[1::2].count(0)
    if second > pairs // 4 and first <= pairs // 50:
        return "utf-16-le", 0
    if first > pairs // 4 and second <= pairs // 50:
        return "utf-16-be", 0
    return None


def recode(file: BufferedReader) -> tuple[BufferedReader, str]:
    """A file as UTF-8 without a mark, and the encoding it is in if the first bytes say."""
    found = find_unicode(file.peek(4))
    if found is None:
        return file, "utf-8"
    encoding, mark = found
    file.read(mark)
    if encoding == "utf-8":
        return file, encoding
    return recode_as(file, encoding), encoding


def recode_as(file: BufferedReader, encoding: str) -> BufferedReader:
    """A file that is in another encoding, as UTF-8."""
    return BufferedReader(_Recoded(file, encoding), BUFFER)


def has_old_ends(head: bytes) -> bool:
    """Whether lines end in a lone carriage return, as they did on old Macintoshes."""
    return b"\r" in head[:-1] and b"\n" not in head


def with_new_ends(file: BufferedReader) -> BufferedReader:
    """A file in which a carriage return ends a line, with line feeds instead."""
    return BufferedReader(_NewEnds(file), BUFFER)


class _Recoded(RawIOBase):
    def __init__(self, file: BufferedReader, encoding: str) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ready = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._ready and not self._ended:
            data = self._file.read1(BUFFER)
            self._ended = not data
            text = self._decoder.decode(data, final=self._ended)
            self._ready = text.encode("utf-8", "replace")
        part = self._ready[: len(buffer)]
        self._ready = self._ready[len(part) :]
        buffer[: len(part)] = part
        return len(part)


class _NewEnds(RawIOBase):
    def __init__(self, file: BufferedReader) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._file.read1(len(buffer)).replace(b"\r", b"\n")
        buffer[: len(data)] = data
        return len(data)


def _decode_other(data: bytes) -> Decoded | None:
    try:
        return Decoded(data.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        pass
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(not each.isascii() for each in text) - bad
    if good >= 9 * bad:
        return Decoded(text, doubt=round(bad / (good + bad), 3))
    return _guess(data)


def _guess(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes

    sample = _sample_of(data)
    controls = len(_CONTROL.findall(sample))
    if b"\x00" in sample or controls > len(sample) / 50:
        return None
    accents = _has_accents(sample)
    few = sum(len(each) for each in _HIGH_RUN.findall(sample)) / max(1, len(sample))
    if accents and few <= _FEW and _is_western(sample):
        return Decoded(data.decode("cp1252", "replace"), "cp1252", _LIKELY)
    order = (*_LATIN, *_OTHER) if accents else (*_OTHER, *_LATIN)
    matches = from_bytes(sample, cp_isolation=list(order), enable_fallback=False)
    least = min((each.chaos for each in matches), default=0.0)
    clear = [each for each in matches if each.chaos <= least + _NEAR]
    most = max((each.coherence for each in clear), default=0.0)
    equal = [each for each in clear if each.coherence >= most - _NEAR]
    names = {name for each in equal for name in each.could_be_from_charset}
    encoding = next((each for each in order if each in names), None)
    if accents and not most and len(sample) < _SHORT and _is_western(sample):
        encoding = "cp1252"
    if encoding is None:
        return None
    doubt = 1 - (1 - least) / max(1, len(equal))
    return Decoded(data.decode(encoding, "replace"), encoding, max(0.01, round(doubt, 3)))


def _has_accents(sample: bytes) -> bool:
    """Whether the bytes beyond ASCII stand alone among letters, and not in words of their own."""
    runs = [len(each) for each in _HIGH_RUN.findall(sample)]
    return sum(runs) <= 2 * len(runs) and (
        sum(runs) < 4 or sum(runs) < 0.75 * len(_LETTER.findall(sample))
    )


def _sample_of(data: bytes) -> bytes:
    """The part around the first byte beyond ASCII, cut where no character is split."""
    first = _HIGH_RUN.search(data)
    start = max(0, first.start() - 1024) if first else 0
    sample = data[start : start + _SAMPLE]
    if start + _SAMPLE >= len(data):
        return sample
    cut = max(sample.rfind(b"\n"), sample.rfind(b" "))
    return sample[:cut] if cut > 0 else sample


def _is_western(sample: bytes) -> bool:
    """Whether the accents are letters, or signs of prose, of Western Europe."""
    try:
        text = sample.decode("cp1252")
    except UnicodeDecodeError:
        return False
    high = [each for each in text if not each.isascii()]
    letters = sum(each.isalpha() or each in _IN_PROSE for each in high)
    return letters > 0.7 * len(high) and not _INSIDE.search(text)
