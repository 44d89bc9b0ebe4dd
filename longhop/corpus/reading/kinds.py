"""What kind of file a file is, by its name and by its first bytes."""

import json
import posixpath
import re
from collections.abc import Iterable
from enum import StrEnum

from longhop.corpus.reading.decoding import find_unicode


class Kind(StrEnum):
    """The kinds of files that are read."""

    JSON = "json"
    CSV = "csv"
    TSV = "tsv"
    PARQUET = "parquet"
    ARROW = "arrow"
    TEXT = "text"
    MARKUP = "markup"
    HTML = "html"
    ZIP = "zip"
    TAR = "tar"


TABLES = frozenset({Kind.JSON, Kind.CSV, Kind.TSV, Kind.PARQUET, Kind.ARROW})
ARCHIVES = frozenset({Kind.ZIP, Kind.TAR})
# As many first bytes as telling a kind takes.
HEAD = 64 << 10

_BY_EXTENSION = {
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), Kind.JSON),
    ".csv": Kind.CSV,
    ".tsv": Kind.TSV,
    **dict.fromkeys((".parquet", ".pq"), Kind.PARQUET),
    **dict.fromkeys((".arrow", ".feather"), Kind.ARROW),
    ".txt": Kind.TEXT,
    **dict.fromkeys((".md", ".markdown", ".rst"), Kind.MARKUP),
    **dict.fromkeys((".html", ".htm", ".xhtml"), Kind.HTML),
    ".zip": Kind.ZIP,
    **dict.fromkeys((".tar", ".tgz", ".tzst"), Kind.TAR),
}
_COMPRESSED = (".gz", ".zst", ".zstd")
_ABOUT = re.compile(
    r"(readme|licen[cs]e|copying|notice|changelog|contributing|citation|authors"
    r"|data(set)?[ _-]?card)\b.*|.*\.(md|markdown)"
)
_STATE = re.compile(r"(dataset_infos?|state|dataset_dict|croissant)\.json|cache-.*\.arrow")
# A frame that says nothing may stand before the first that does: pzstd and seekable files.
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_HTML = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.I | re.S)


def kind_of_name(name: str) -> Kind | None:
    """What a file's name says that it is, whether compressed or not."""
    return _BY_EXTENSION.get(posixpath.splitext(plain_name(name))[1])


def plain_name(name: str) -> str:
    """The last part of a name, in small letters, without the ending of its compression."""
    base = posixpath.basename(name).lower()
    stem, ending = posixpath.splitext(base)
    return stem if ending in _COMPRESSED else base


def stem_of(name: str) -> str:
    """The last part of a name without its endings: a title where there is no other."""
    base = posixpath.basename(name)
    stem, ending = posixpath.splitext(base)
    return posixpath.splitext(stem)[0] if ending.lower() in _COMPRESSED else stem


def compression_of(head: bytes) -> str | None:
    """`gzip` or `zstd`, by the first bytes: a name may say otherwise."""
    if head.startswith(b"\x1f\x8b\x08"):
        return "gzip"
    if head.startswith(b"\x28\xb5\x2f\xfd") or _SKIPPABLE.match(head):
        return "zstd"
    return None


def kind_of(head: bytes, name: str) -> Kind:
    """What a file is: its first bytes where they leave no doubt, then its name, then a guess."""
    return _kind_of_magic(head) or kind_of_name(name) or _guess(head)


def pass_over(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """The data files of a folder, and its others: of no known kind, or about the tables there.

    A page beside tables, or above them, describes them: a data set's card is no document of it.
    """
    kinds = {name: kind_of_name(name) for name in names}
    folders: set[str] = set()
    for name, kind in kinds.items():
        folder = posixpath.dirname(name)
        if kind in TABLES and not _STATE.fullmatch(plain_name(name)):
            while folder not in folders:
                folders.add(folder)
                folder = posixpath.dirname(folder)
    kept: list[str] = []
    others: list[str] = []
    for name, kind in kinds.items():
        described = is_about(name) and posixpath.dirname(name) in folders
        (others if kind is None or described else kept).append(name)
    return kept, others


def is_about(name: str) -> bool:
    """Whether a file, where tables lie beside it, is about them: a card, a licence, an index."""
    plain = plain_name(name)
    page = kind_of_name(name) not in TABLES and _ABOUT.fullmatch(plain)
    return bool(page or _STATE.fullmatch(plain))


def is_hidden(name: str) -> bool:
    """Whether a part of a name begins with a dot or an underscore."""
    return any(part.startswith((".", "_")) for part in name.split("/") if part not in (".", ".."))


def is_one_value(head: bytes, name: str) -> bool:
    """Whether a JSON file is an array, or objects over several lines, not one a line.

    The first two lines say so. In doubt it is one a line: that costs the broken lines alone.
    """
    first, second = _first_lines(head)
    parsed = _parsed(first)
    if isinstance(parsed, dict):
        return False
    if first.startswith(b"["):
        if isinstance(parsed, list):
            return not second
        if plain_name(name).endswith(".json"):
            return True
        whole = re.match(rb'\[\s*\{\s*"', first) is not None
        unended = not second and len(head) >= HEAD
        return first == b"[" or (whole and (unended or first.endswith(b",")))
    return first.startswith(b"{") and second[:1] in (b'"', b"}")


def _kind_of_magic(head: bytes) -> Kind | None:
    if head.startswith(b"PAR1") and b"\x00" in head:
        return Kind.PARQUET
    if head.startswith(b"ARROW1\x00\x00") or (
        head.startswith(b"\xff\xff\xff\xff") and b"\x00" in head[4:8]
    ):
        return Kind.ARROW
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.ZIP
    if head[257:262] == b"ustar":
        return Kind.TAR
    return None


def _guess(head: bytes) -> Kind:
    if found := find_unicode(head):
        head = head[found[1] :].decode(found[0], "replace").encode("utf-8", "replace")
    first, _ = _first_lines(head)
    if isinstance(_parsed(first), dict) or is_one_value(head, "unknown.json"):
        return Kind.JSON
    return Kind.HTML if _HTML.match(head) else Kind.TEXT


def _first_lines(head: bytes) -> tuple[bytes, bytes]:
    lines = [line.strip() for line in head.replace(b"\r", b"\n").split(b"\n")]
    first, second, *_ = [*filter(None, lines), b"", b""]
    return first, second


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line.decode("latin-1"))
    except (ValueError, RecursionError):
        return None
