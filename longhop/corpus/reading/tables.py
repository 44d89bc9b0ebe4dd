"""Rows of comma- and tab-separated files, under the names that their first row gives."""

import csv
from collections.abc import Iterator
from io import BufferedReader

from longhop.corpus.reading.decoding import recode
from longhop.corpus.reading.kinds import Kind
from longhop.corpus.reading.quoting import Lines, Record, RecordReader
from longhop.corpus.reading.rows import LONGEST, Broken, Place, Row, turn_away
from longhop.records.accounts import Reason, Rejection

_SEPARATORS = ",;\t|"


def read_table(file: BufferedReader, place: Place, kind: Kind) -> Iterator[Row]:
    """The rows after the first, each under the number of the line that it begins on.

    Raises:
        Broken: The first row cannot be read, so nobody knows what the others mean.
    """
    csv.field_size_limit(LONGEST)
    file, encoding = recode(file)
    lines = Lines(file, encoding)
    strict = kind is Kind.TSV
    separator = "\t" if strict else _find_separator(lines)
    names: list[str] | None = None
    for record in RecordReader(lines, separator, strict=strict):
        where = place.at(record.start)
        values = _split(record, separator, where)
        if names is not None:
            yield values if isinstance(values, Row) else _row(names, values, where, record)
        elif isinstance(values, list):
            names = [each.strip() for each in values] or None
        elif isinstance(values.found, Rejection):
            raise Broken(f"its first row cannot be read: {values.found.detail}")


def _find_separator(lines: Lines) -> str:
    """What the first line has most of; half the world's tables have semicolons."""
    first = lines.take()
    if first is None:
        return ","
    lines.put_back([first])
    return max(_SEPARATORS, key=first.text.count)


def _split(record: Record, separator: str, place: Place) -> list[str] | Row:
    """The values of a row, or the row turned away."""
    if record.refused is not None:
        return turn_away(place, *record.refused, "".join(each.text for each in record.lines))
    texts = (each.text for each in record.lines)
    try:
        if record.plain:
            return next(csv.reader(texts, delimiter=separator, quoting=csv.QUOTE_NONE))
        return next(csv.reader(texts, delimiter=separator))
    except csv.Error as error:
        reason = Reason.TOO_LONG if "field larger" in str(error) else Reason.BROKEN_LINE
        return turn_away(place, reason, str(error), record.lines[0].text)


def _row(names: list[str], values: list[str], place: Place, record: Record) -> Row:
    if not any(each.strip() for each in values) and len(values) != len(names):
        return Row(place, None)
    if len(values) != len(names):
        detail = f"{len(values)} fields where the first row has {len(names)}"
        return turn_away(place, Reason.BROKEN_LINE, detail, ",".join(values[:20]))
    most = max(record.lines, key=lambda each: each.doubt)
    return Row(place, dict(zip(names, values, strict=True)), most.encoding, most.doubt)
