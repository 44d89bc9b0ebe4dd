"""The memo: what is dear is kept under a content key, below all stages.

An entry is committed to a local SQLite file before anyone sees it, so a kill loses only what was
in flight. From there it goes to the store as a line of an immutable segment, so a lost machine
loses at most one flush interval. All builds of a machine share that file, and see each other's
entries at once; those of another machine are seen by listing the store.

What lies where, for the kind `answers`:

    store      memo/answers/<sha256>.jsonl   segments: lines sorted by key, named by their bytes
    journals   answers.sqlite                what is fresh, and an index of the segments
               answers/segments/             the segments again, where the store is a bucket
               answers/live/                 a file a process, locked for as long as it lives

All of the journals folder but what is fresh is derived and may be deleted while no build runs.
The folder must be on a local disk: neither SQLite's locks nor ours hold on NFS.
"""

from longhop.storage.memo.memo import Memo

__all__ = ["Memo"]
