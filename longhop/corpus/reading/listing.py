"""Which files a corpus is made of, which lie beside them, and what hash each has."""

import os
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from longhop.corpus.reading.kinds import pass_over
from longhop.corpus.reading.rows import shorten, storable
from longhop.errors import ConfigError
from longhop.ports import Sources
from longhop.spec.sections import Corpus

_ANYTHING = re.compile(r"[*?.]*")


@dataclass(frozen=True)
class Listing:
    """The data files that paths stand for, each once, and what else lies there; both sorted."""

    files: list[str]
    passed_over: list[str]


def list_files(corpus: Corpus, sources: Sources) -> list[str]:
    """The data files that the corpus' paths stand for, each once, sorted.

    Raises:
        ConfigError: A path stands for nothing.
    """
    return find_files(corpus.paths, sources).files


def list_passed_over(corpus: Corpus, sources: Sources) -> list[str]:
    """The other files there: of kinds that are not read, or about the tables that they lie by."""
    return find_files(corpus.paths, sources).passed_over


def find_files(paths: Iterable[str], sources: Sources) -> Listing:
    """The data files that paths stand for, and those that were passed over.

    A file that is named, itself or by what a glob ends in, is read whatever it is; one that a
    folder brings only if its kind is known. The folders of a LongHop store are among what was
    passed over, under names that end in a slash.

    Raises:
        ConfigError: A path stands for nothing.
    """
    kept: dict[str, str] = {}
    others: dict[str, str] = {}
    for path in paths:
        found = sources.find(path)
        named = [name for name in found if name == path or _is_meant(name, path)]
        data, passed = pass_over(sorted(set(found) - set(named)))
        for name in (*named, *data):
            kept.setdefault(_one_name(name), name)
        for name in passed:
            others.setdefault(_one_name(name), name)
    return Listing(
        sorted(kept.values()), sorted(name for one, name in others.items() if one not in kept)
    )


def fingerprint_files(paths: Iterable[str], sources: Sources, *, what: str) -> dict[str, str]:
    """The hash of each data file that the paths stand for, by its name.

    Raises:
        ConfigError: A file is not there, or cannot be opened.
    """
    try:
        return {name: sources.fingerprint(name) for name in find_files(paths, sources).files}
    except ConfigError as error:
        raise ConfigError(f"{what} {error}") from error


def count_endings(names: Sequence[str]) -> str:
    """How many files there are of each ending, the most first, as a message says it."""
    counts = Counter(posixpath.splitext(name)[1] or "no ending" for name in names)
    return ", ".join(f"{_shown(ending)} {count}" for ending, count in counts.most_common(8))


def _is_meant(name: str, pattern: str) -> bool:
    """Whether a glob's last part says more of a file than that it lies there."""
    last = pattern.rsplit("/", 1)[-1]
    return not _ANYTHING.fullmatch(last) and fnmatchcase(posixpath.basename(name), last)


def _shown(ending: str) -> str:
    return storable(shorten(ending, 20))


def _one_name(name: str) -> str:
    """The same for all names of a file: links, and the folder we are in, make many."""
    return name if "://" in name else os.path.realpath(name)
