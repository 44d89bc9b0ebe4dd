"""What can be loaded from a version: its data files by folder and split."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from longhop.records.corpus import Split
from longhop.records.renderings import Format

Files = dict[str, list[str]]

_NAMES = {"data": "default", **{str(each): str(each) for each in Format}}


def list_configs(paths: Iterable[str]) -> dict[str, Files]:
    """The files of each split by the name under which they are loaded: `default`, or a format's."""
    found: dict[str, Files] = {}
    for path in sorted(paths, key=_order):
        folder, *inner = PurePosixPath(path).with_suffix("").parts
        if inner and folder in _NAMES:
            found.setdefault(_NAMES[folder], {}).setdefault(inner[0], []).append(path)
    return {
        name: {str(each): found[name][each] for each in Split if each in found[name]}
        for name in _NAMES.values()
        if name in found
    }


def list_card_configs(paths: Iterable[str]) -> dict[str, Files]:
    """Those that a card can name: `datasets` reads all names of a card as the first one's files.

    That is Parquet. Lines of JSON are loaded by their folder.
    """
    return list_configs(each for each in paths if each.endswith(".parquet"))


def _order(path: str) -> tuple[str, bool, int, str]:
    """Buckets stand in the order of their lengths, the open one last."""
    at = PurePosixPath(path)
    return str(at.parent), at.stem == "longer", int(at.stem) if at.stem.isdigit() else 0, at.stem
