"""Lines of a stream: where one ends, and where one never does."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from longhop.corpus.reading.decoding import BUFFER, has_old_ends, with_new_ends
from longhop.corpus.reading.kinds import HEAD
from longhop.corpus.reading.rows import LONGEST, in_mebibytes


@dataclass(frozen=True, slots=True)
class Overlong:
    """A line that was passed over, and how long it was."""

    size: int

    def __str__(self) -> str:
        return (
            f"a line of {in_mebibytes(self.size)} is longer than"
            f" {in_mebibytes(LONGEST)}, and was passed over"
        )


def split_lines(file: BufferedReader) -> Iterator[bytes | Overlong]:
    """The lines, each with its end: a line feed, or a carriage return in files without any.

    What Unicode calls a line's end besides is text: U+2028 stands in many web pages.
    """
    if has_old_ends(file.peek(HEAD)[:HEAD]):
        file = with_new_ends(file)
    while line := file.readline(LONGEST + 1):
        if len(line) <= LONGEST or line.endswith(b"\n"):
            yield line
        else:
            yield Overlong(len(line) + _skip_line(file))


def _skip_line(file: BufferedReader) -> int:
    size = 0
    while rest := file.readline(BUFFER):
        size += len(rest)
        if rest.endswith(b"\n"):
            break
    return size
