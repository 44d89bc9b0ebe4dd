"""Journals of an earlier release, `<kind>/<random>.jsonl`, left behind by a killed process."""

from pathlib import Path

from longhop.storage.memo.index import Index
from longhop.storage.memo.lines import whole_lines
from longhop.storage.memo.locks import held, told


def adopt_orphans(folder: Path, index: Index) -> None:
    """Take over what they hold; a journal that a living process writes to is left alone."""
    with told(folder):
        for path in sorted(folder.glob("*.jsonl")):
            journal = held(path)
            if journal is None:
                continue
            with journal:
                data = journal.read()
                index.put([(key, data[start:end]) for key, start, end in whole_lines(data)])
                path.unlink(missing_ok=True)
