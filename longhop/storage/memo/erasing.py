"""Erasing: entries leave the memo for good, and no file keeps what they said."""

from collections.abc import Callable

from longhop.errors import StorageError
from longhop.storage.memo.database import Database
from longhop.storage.memo.flushing import flush_fresh
from longhop.storage.memo.index import Index
from longhop.storage.memo.lines import whole_lines
from longhop.storage.memo.segments import Segments

# Whether an entry goes, by its key and by its whole line.
Doomed = Callable[[str, bytes], bool]


def erase_entries(index: Index, segments: Segments, database: Database, doomed: Doomed) -> int:
    """How many entries were erased, of the store and of this machine's files.

    What is fresh is flushed before. A segment that holds some is written anew without them, and
    deleted once the new one is there: a kill in between leaves what is still to be erased where it
    is, and loses nothing else. The database is packed in the end, so that its free pages keep
    nothing.
    """
    flush_fresh(index, segments)
    erased = 0
    for name in sorted(segments.names()):
        try:
            data = segments.load(name)
        except FileNotFoundError:
            continue
        kept: dict[bytes, bytes] = {}
        gone = 0
        for key, start, end in whole_lines(data):
            line = data[start:end]
            if doomed(key.decode("utf-8", "surrogatepass"), line):
                gone += 1
            else:
                kept[key] = line
        if not gone:
            continue
        erased += gone
        if kept:
            index.add(*segments.write(kept))
        segments.delete(name)
        index.drop([name])
    segments.keep_only(index.segments())
    database.pack()
    return erased


def require_alone(others: int) -> None:
    """Nobody else may have the memo open: what they have in memory would come back.

    Raises:
        StorageError: Somebody has.
    """
    if others:
        raise StorageError(
            f"{others} other processes of this machine use this store, a build perhaps: erase once"
            " they have ended"
        )
