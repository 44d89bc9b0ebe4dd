"""The files that a client uploads, and those that batches write."""

import time
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any


@dataclass(frozen=True)
class StoredFile:
    """One file, as it is."""

    id: str
    filename: str
    purpose: str
    content: bytes
    created_at: int

    def told(self) -> dict[str, Any]:
        """What the API says of it."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": self.created_at,
            "expires_at": None,
            "filename": self.filename,
            "purpose": self.purpose,
            "status": "processed",
            "status_details": None,
        }


@dataclass
class Files:
    """All files by their id, the oldest first. Two uploads of the same bytes are two files."""

    by_id: dict[str, StoredFile] = field(default_factory=dict)
    _made: int = 0

    def add(self, filename: str, purpose: str, content: bytes) -> StoredFile:
        """Keep a file."""
        self._made += 1
        name = blake2b(content, key=str(self._made).encode(), digest_size=12).hexdigest()
        file = StoredFile(f"file-{name}", filename, purpose, content, int(time.time()))
        self.by_id[file.id] = file
        return file
