"""Sampling: which of the proposed groups are merged, so that the wanted mix comes out.

Groups of the base come first, the others by keyed hash, so that nothing hangs on the order in which
documents or questions came.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from longhop.identity import digest
from longhop.questions.linking.proposal import Proposal
from longhop.records.accounts import LeftReason
from longhop.spec.mix import Mix

Kind = dict[str, str]

# How far a share may be from what is wanted before it is told.
_TOLERANCE = 0.02


@dataclass
class Sampled:
    """The groups that are taken, how many were left and why, and what the mix lacks."""

    taken: list[Proposal] = field(default_factory=list)
    left: Counter[LeftReason] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


def sample_groups(
    proposals: Iterable[Proposal],
    mix: Mix,
    *,
    most: int,
    reuse: int,
    dataset: str,
    incumbents: frozenset[str],
) -> Sampled:
    """At most so many of the proposals, none of whose questions stands in more than `reuse`.

    The next one is of the kind that is furthest behind its wanted share; kinds of which nothing is
    said come in turn. With `mix.exact` it ends where a kind that is wanted has run out.
    """
    sampler = _Sampler(mix, most, reuse)
    order = sorted(proposals, key=lambda each: (digest("link", dataset, each.id), each.id))
    for proposal in order:
        if proposal.id in incumbents:
            sampler.take(proposal)
    cells: dict[tuple[str, ...], list[Proposal]] = defaultdict(list)
    for proposal in reversed(order):  # the last of a list is the next that is taken
        if proposal.id not in incumbents:
            cells[_cell(proposal)].append(proposal)
    sampler.fill(cells)
    return sampler.sampled


class _Sampler:
    def __init__(self, mix: Mix, most: int, reuse: int) -> None:
        self.mix = mix
        self.wanted = {axis: shares for axis, shares in mix.axes().items() if shares}
        self.most = most
        self.reuse = reuse
        self.sampled = Sampled()
        self.uses: Counter[str] = Counter()
        self.counts: Counter[tuple[str, str]] = Counter()
        self.turns: Counter[tuple[str, ...]] = Counter()
        self.capped: Counter[tuple[str, str]] = Counter()

    def take(self, proposal: Proposal) -> bool:
        """Take a proposal, or count why it is left."""
        kind = _kind(proposal)
        if len(self.sampled.taken) >= self.most:
            self.sampled.left[LeftReason.ENOUGH_GROUPS] += 1
            return False
        if any(self.uses[hop.id] >= self.reuse for hop in proposal.hops):
            self.sampled.left[LeftReason.REUSE_CAP] += 1
            self.capped.update(kind.items())
            return False
        self.sampled.taken.append(proposal)
        self.uses.update(hop.id for hop in proposal.hops)
        self.counts.update(kind.items())
        self.turns[_cell(proposal)] += 1
        return True

    def fill(self, cells: Mapping[tuple[str, ...], list[Proposal]]) -> None:
        """Take from the kinds that are furthest behind until there are enough, or none is left."""
        there = self.counts.copy()  # those of the base are there too
        for cell, proposals in cells.items():
            for axis_value in _named(cell).items():
                there[axis_value] += len(proposals)
        open_cells = [cell for cell in sorted(cells) if self._is_wanted(cell)]
        while open_cells and len(self.sampled.taken) < self.most:
            if self.mix.exact and self._has_run_out(open_cells):
                break
            cell = min(open_cells, key=self._turn)
            proposals = cells[cell]
            while proposals and not self.take(proposals.pop()):
                pass
            if not proposals:
                open_cells.remove(cell)
        if self.mix.exact:
            self._trim()
        rest = Counter({cell: len(proposals) for cell, proposals in cells.items()})
        enough = len(self.sampled.taken) >= self.most
        for cell, count in rest.items():
            wanted = self._is_wanted(cell) and enough
            reason = LeftReason.ENOUGH_GROUPS if wanted else LeftReason.UNWANTED_MIX
            if count:
                self.sampled.left[reason] += count
        self._tell(there)

    def _trim(self) -> None:
        """Give back what was taken last, until all shares are near those that are wanted."""
        taken = self.sampled.taken
        counts, kept = self.counts.copy(), len(taken)
        while kept and not self._is_near(counts, kept):
            kept -= 1
            counts.subtract(_kind(taken[kept]).items())
        if kept:
            self.sampled.left[LeftReason.UNWANTED_MIX] += len(taken) - kept
            del taken[kept:]
            self.counts = counts

    def _is_near(self, counts: Counter[tuple[str, str]], whole: int) -> bool:
        """Whether no share is further off than one group more or less would be."""
        near = max(_TOLERANCE, 1 / whole)
        return all(
            abs(counts[axis, value] / whole - share) <= near
            for axis, shares in self.wanted.items()
            for value, share in shares.items()
        )

    def _is_wanted(self, cell: tuple[str, ...]) -> bool:
        named = _named(cell)
        return all(shares.get(named[axis], 0.0) > 0 for axis, shares in self.wanted.items())

    def _turn(self, cell: tuple[str, ...]) -> tuple[object, ...]:
        """What is furthest behind; then each composition in turn, and each kind within it."""
        taken = self.counts["composition", _named(cell)["composition"]]
        return -self._behind(cell), taken, self.turns[cell], cell

    def _behind(self, cell: tuple[str, ...]) -> float:
        """How many groups its values lack together, were one more taken."""
        whole = len(self.sampled.taken) + 1
        named = _named(cell)
        return sum(
            shares[named[axis]] * whole - self.counts[axis, named[axis]]
            for axis, shares in self.wanted.items()
        )

    def _has_run_out(self, open_cells: Sequence[tuple[str, ...]]) -> bool:
        """Whether some wanted value can come no more, though its share is not reached."""
        whole = len(self.sampled.taken) + 1
        return any(
            share > 0
            and self.counts[axis, value] < share * whole
            and not any(_named(cell)[axis] == value for cell in open_cells)
            for axis, shares in self.wanted.items()
            for value, share in shares.items()
        )

    def _tell(self, there: Counter[tuple[str, str]]) -> None:
        whole = len(self.sampled.taken)
        for axis, shares in self.wanted.items():
            for value, share in shares.items():
                have = self.counts[axis, value]
                now = have / max(1, whole)
                if whole and share - now <= _TOLERANCE:
                    continue
                self.sampled.notes.append(
                    f"questions.mix wants {share:.0%} {axis} {value} and {have} of {whole} groups"
                    f" are ({now:.0%}): {there[axis, value]} were proposed, of which"
                    f" {self.capped[axis, value]} met the reuse cap of {self.reuse}"
                )
        if self.mix.exact and whole < self.most and self.wanted:
            self.sampled.notes.append(
                f"questions.mix is exact: {whole} groups were taken of at most {self.most}, since"
                " more would leave the wanted shares"
            )


_AXES = ("composition", "hops", "language", "scope")


def _kind(proposal: Proposal) -> Kind:
    return _named(_cell(proposal))


def _cell(proposal: Proposal) -> tuple[str, ...]:
    hops = proposal.hops
    return (
        str(proposal.composition),
        str(len(hops)),
        hops[0].language,
        str(proposal.scope),
    )


def _named(cell: tuple[str, ...]) -> Kind:
    return dict(zip(_AXES, cell, strict=True))
