"""What the page says of all rows, counted from the published files as they go by."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from longhop.publishing.report.files import VersionFiles

# Evidence is counted in tenths of its context.
DEPTHS = 10
_SHORTEST = 256
_UNREAD = frozenset({"segments", "question", "answer", "judgements", "licenses", "drawn_by"})


@dataclass
class Facts:
    """The counts of multi-hop rows. Depths are of the middle of each piece of evidence."""

    rows: int = 0
    tokens: int = 0
    kinds: Counter[tuple[str, int]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    scopes: Counter[str] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    proofs: Counter[str] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    depth_by_hop: Counter[tuple[int, int]] = field(default_factory=Counter)
    depth_by_length: Counter[tuple[int, int]] = field(default_factory=Counter)
    probes: Counter[tuple[str, bool]] = field(default_factory=Counter)
    wordings: Counter[int] = field(default_factory=Counter)

    def add(self, row: dict[str, Any]) -> None:
        """Count one row, whose context is given by its characters."""
        self.rows += 1
        self.tokens += row["tokens"]
        length = length_of(row["tokens"])
        self.kinds[row["composition"], row["hop_count"]] += 1
        self.languages[row["language"]] += 1
        self.splits[row["split"]] += 1
        self.scopes[row["scope"]] += 1
        self.methods[row["method"]] += 1
        self.proofs[row["proof"]] += 1
        self.lengths[length] += 1
        self.wordings[len(row["history"]) + 1] += 1
        for each in row["evidence"]:
            depth = depth_of(each["start"], each["end"], row["context"])
            self.depth_by_hop[depth, each["hop"]] += 1
            self.depth_by_length[depth, length] += 1
        for each in row["probes"]:
            self.probes[each["kind"], each["correct"]] += 1


@dataclass
class PairFacts:
    """The counts of pairs; closeness in twentieths."""

    rows: int = 0
    relevant: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    splits: Counter[str] = field(default_factory=Counter)
    closeness: Counter[tuple[int, bool]] = field(default_factory=Counter)

    def add(self, pair: dict[str, Any]) -> None:
        """Count one pair."""
        self.rows += 1
        self.relevant += pair["relevant"]
        self.kinds[pair["kind"]] += 1
        self.languages[pair["language"]] += 1
        self.splits[pair["split"]] += 1
        if pair["reference"]:
            self.closeness[min(19, int(pair["closeness"] * 20)), pair["relevant"]] += 1


def count_rows(files: VersionFiles) -> Facts:
    """The counts of all multi-hop rows of a version."""
    facts = Facts()
    for path in files.splits:
        for row in files.measured(path, "context", _UNREAD):
            facts.add(row)
    return facts


def count_pairs(files: VersionFiles) -> PairFacts:
    """The counts of all pairs of a version."""
    facts = PairFacts()
    for path in files.splits:
        for pair in files.measured(path, "", frozenset({"evidence"})):
            facts.add(pair)
    return facts


def length_of(tokens: int) -> int:
    """The next power of two, from 256: what lengths are grouped by."""
    return max(_SHORTEST, 1 << (max(1, tokens) - 1).bit_length())


def told_length(tokens: int) -> str:
    """A group of lengths in words: up to so many tokens."""
    return f"≤ {tokens // 1024}k" if tokens >= 1024 else f"≤ {tokens}"


def depth_of(start: int, end: int, characters: int) -> int:
    """The tenth of its context that the middle of a piece of evidence lies in, from 0."""
    middle = (start + end) / 2
    return min(DEPTHS - 1, int(DEPTHS * middle / max(1, characters)))
