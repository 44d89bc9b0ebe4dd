"""What proves a row, and what was measured of all of them: probes and the release gate."""

from longhop.publishing.report.facts import Facts
from longhop.publishing.report.parts.part import Figure, Part, Table, share_of
from longhop.records.manifest import Manifest
from longhop.records.verification import ProbeKind

_ASKED = {
    ProbeKind.FULL: "with all evidence",
    ProbeKind.CLOSED_BOOK: "closed-book",
    ProbeKind.LEAVE_ONE_OUT: "with one piece of evidence left out",
    ProbeKind.DISTRACTORS: "with the distractors alone",
}


def tell_proof(manifest: Manifest, facts: Facts) -> Part:
    """How many rows are proved, by which probes, and what the release gate measured."""
    complete = facts.proofs["complete"]
    return Part(
        name="proof",
        title="Proof",
        said=[
            f"{complete:,} of {facts.rows:,} rows have a complete proof: answered with all of their"
            f" evidence, not answered closed-book, {_left_out(facts)}. Every probe stands with its"
            " row, below."
        ],
        figures=[_proofs(facts), _probes(facts), *_release(manifest)],
    )


def _left_out(facts: Facts) -> str:
    """What was asked without a part of the evidence, where rows have more than one."""
    if any(facts.probes[ProbeKind.LEAVE_ONE_OUT, answered] for answered in (True, False)):
        return "and not answered with any one supporting chunk left out"
    return "and, since each rests on one chunk, no part of that was left out"


def _proofs(facts: Facts) -> Figure:
    rows = [
        [proof, count, share_of(count, facts.rows)] for proof, count in sorted(facts.proofs.items())
    ]
    return Figure("proofs", "Proofs", Table(["proof", "rows", "share"], rows))


def _probes(facts: Facts) -> Figure:
    rows = [
        [asked, facts.probes[kind, True] + facts.probes[kind, False], facts.probes[kind, True]]
        for kind, asked in _ASKED.items()
    ]
    return Figure(
        "probes",
        "Probes of the published rows",
        Table(["the solver was asked", "probes", "answered"], rows),
        note="A row that was answered without what it should need was turned away.",
    )


def _release(manifest: Manifest) -> list[Figure]:
    if manifest.release is None or not manifest.release.shares:
        return []
    rows = [
        [
            each.name.replace("_", "-"),
            f"{each.count:,} of {each.of:,}",
            f"{each.share:.1%}",
            f"{each.lower:.1%}",
            "" if each.demanded is None else f"{each.demanded:.1%}, {_passed(each.passed)}",
            each.basis,
        ]
        for each in manifest.release.shares
    ]
    head = ["share", "rows", "measured", "lower 95% bound", "demanded", "measured by"]
    return [Figure("release", "Release gate", Table(head, rows), wide=True)]


def _passed(passed: bool) -> str:
    return "reached" if passed else "missed"
