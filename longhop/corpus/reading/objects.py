"""The objects of JSON files: one a line, in one array, or one after the other."""

import codecs
import json
import re
from collections.abc import Iterator
from io import BufferedReader

from longhop.corpus.reading.decoding import BUFFER, decode, recode, recode_as
from longhop.corpus.reading.kinds import HEAD, is_one_value
from longhop.corpus.reading.lines import Overlong, split_lines
from longhop.corpus.reading.rows import LONGEST, Broken, Place, Row, in_mebibytes, turn_away
from longhop.records.accounts import Reason

_SPACE = " \t\r\n"
_BEYOND_ASCII = bytes(range(0x80, 0x100))
_DECODER = json.JSONDecoder()
# Bytes that were not UTF-8 are kept in a text as halves of surrogates.
_ESCAPED = re.compile("[\udc80-\udcff]")


def read_json(file: BufferedReader, place: Place, name: str) -> Iterator[Row]:
    """The objects of a JSON file, under the numbers of their lines or of their turns."""
    file, encoding = recode(file)
    head = file.peek(HEAD)[:HEAD]
    if is_one_value(head, name):
        yield from _read_values(file, place, encoding)
        return
    for number, line in enumerate(split_lines(file), 1):
        where = place.at(number)
        if isinstance(line, Overlong):
            yield turn_away(where, Reason.TOO_LONG, str(line))
        else:
            yield _read_line(line, where, encoding)


def _read_line(line: bytes, place: Place, encoding: str) -> Row:
    """The object that a line holds, in whatever encoding the line is by itself."""
    doubt = 0.0
    try:
        text = line.decode()
    except UnicodeDecodeError:
        decoded = decode(line.strip())
        if decoded is None:
            return turn_away(place, Reason.NOT_PROSE, "the line's bytes are no text", line)
        text, encoding, doubt = decoded.text, decoded.encoding, decoded.doubt
    text = text.removeprefix("\ufeff")  # of a file that others were joined to
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not text.strip(" \t\r\n\v\f"):
            return Row(place, None)
        return turn_away(place, Reason.BROKEN_LINE, str(error), text)
    if not isinstance(row, dict):
        return turn_away(place, Reason.BROKEN_LINE, "not a JSON object", text)
    return Row(place, row, encoding, doubt)


def _read_values(file: BufferedReader, place: Place, encoding: str) -> Iterator[Row]:
    """The values of an array, or those that stand one after the other, numbered like lines.

    What is not UTF-8 although the file's start is, is told by itself, as in lines.
    """
    doubt = 0.0
    guess = decode(file.peek(BUFFER).rstrip(_BEYOND_ASCII))
    if guess is not None and guess.encoding != "utf-8":
        encoding, doubt = guess.encoding, guess.doubt
        file = recode_as(file, encoding)
    values = _Values(file)
    opened = values.take("[")
    number = 0
    while not (values.is_at_end() or (opened and values.take("]"))):
        if opened and number and not values.take(","):
            raise Broken("no comma stands where one must")
        number += 1
        where = place.at(number)
        value, text = values.take_value()
        if not text.isascii() and _ESCAPED.search(text):
            yield _read_line(text.encode("utf-8", "surrogateescape"), where, encoding)
        elif isinstance(value, dict):
            yield Row(where, value, encoding, doubt)
        else:
            yield turn_away(where, Reason.BROKEN_LINE, "not a JSON object", text[:200])
    if opened and not values.closed:
        raise Broken("its array is never closed")
    if not values.is_at_end():
        raise Broken("something stands behind its array")


class _Values:
    """JSON values cut from a stream one after the other, each held whole while it is read."""

    def __init__(self, file: BufferedReader) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._at = 0
        self._ended = False
        self.closed = False

    def is_at_end(self) -> bool:
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text):
                return False
            if self._ended:
                return True
            self._fill()

    def take(self, sign: str) -> bool:
        if self.is_at_end() or self._text[self._at] != sign:
            return False
        self._at += 1
        self.closed = sign == "]"
        return True

    def take_value(self) -> tuple[object, str]:
        if self.is_at_end():
            raise Broken("a value is missing at its end")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except (ValueError, RecursionError) as error:
                if self._ended or isinstance(error, RecursionError):
                    raise Broken(f"no more JSON is understood: {error}") from error
            else:
                if end - self._at <= LONGEST and (end < len(self._text) or self._ended):
                    text, self._at = self._text[self._at : end], end
                    return value, text
            if len(self._text) - self._at > LONGEST:
                raise Broken(f"no value ends within {in_mebibytes(LONGEST)}")
            self._fill()

    def _fill(self) -> None:
        """As much again as is held, so that a long value is begun anew only a few times."""
        held = len(self._text) - self._at
        wanted = max(BUFFER, min(held, LONGEST - held))
        parts = [self._text[self._at :]]
        while wanted > 0 and not self._ended:
            data = self._file.read1(BUFFER)
            self._ended = not data
            parts.append(self._decoder.decode(data, final=self._ended))
            wanted -= len(data)
        self._text, self._at = "".join(parts), 0
