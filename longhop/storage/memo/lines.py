"""An entry is one line of JSON, `{"key":"9f…","value":…}`, in the journal and in segments alike."""

import hashlib
import json
from collections.abc import Iterator

# Whatever was paid for can be kept, lone surrogates too.
_TEXT = ("utf-8", "surrogatepass")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def key_of(key: str) -> bytes:
    """The key as the index holds it; its bytes sort as its code points do."""
    return key.encode(*_TEXT)


def line_of(key: str, value: object) -> bytes:
    """The line of an entry, without its newline."""
    return _ENCODER.encode({"key": key, "value": value}).encode(*_TEXT)


def value_of(line: bytes) -> object:
    """The value that a line holds."""
    value: object = json.loads(line)["value"]
    return value


def rank_of(line: bytes) -> bytes:
    """The head of the line's hash: the smallest of a key's lines holds, and a read is checked."""
    return hashlib.sha256(line).digest()[:16]


def whole_lines(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Key, start and end of every whole line; a torn one is passed over."""
    start = 0
    while (end := data.find(b"\n", start)) >= 0:
        try:
            entry = json.loads(data[start:end])
            key = entry["key"] if "value" in entry else None
        except (ValueError, KeyError, TypeError, RecursionError):
            key = None
        if isinstance(key, str):
            yield key_of(key), start, end
        start = end + 1
