"""Why these documents: the rounds of selection, and the map of clusters."""

from collections.abc import Sequence

from longhop.publishing.figures import ADAPTATION, CLUSTERS, ROUNDS
from longhop.publishing.report import charts
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.parts.part import Cell, Figure, Part, Table
from longhop.records.adaptation import Adaptation
from longhop.records.figures import MappedCluster
from longhop.records.selection import RoundTrace

# Clusters that the table tells; the map numbers all of them.
_TOLD = 40


def tell_selection(files: VersionFiles) -> Part:
    """The rounds and the clusters, as far as there are any."""
    figures, said = [], []
    trace = list(files.records(ROUNDS, RoundTrace))
    if trace:
        last = trace[-1]
        ended = f", until the end: {last.ended}" if last.ended else ""
        said.append(
            f"{last.asked:,} documents were asked about in {len(trace)}"
            f" round{'s' if len(trace) > 1 else ''}{ended}. A pair counts once"
            + (
                ", and where it is as close to the reference set as its items are to each other."
                if last.distance >= 0
                else "."
            )
        )
        figures.append(rounds_figure(trace))
    said += [_adapted(each) for each in files.records(ADAPTATION, Adaptation)]
    clusters = list(files.records(CLUSTERS, MappedCluster))
    if clusters:
        figures.append(_map(clusters))
    return Part("selection", "Selection", said, figures)


def rounds_figure(trace: Sequence[RoundTrace]) -> Figure:
    """What each round asked and found, and where the build stood after it."""
    head = [
        "round",
        "policy",
        "documents",
        "failed",
        "pairs",
        "counted",
        "asked so far",
        "counted so far",
        "estimated left",
        "distance",
        "covered",
        "least covered",
        "p by chance",
    ]
    rows: list[list[Cell]] = [
        [
            each.round,
            each.policy,
            each.documents,
            each.failed,
            each.pairs,
            each.reward,
            each.asked,
            each.found,
            _known(each.remaining),
            _known(each.distance),
            _known(each.coverage),
            _known(each.least_covered),
            _known(each.chance),
        ]
        for each in trace
    ]
    drawn = charts.rounds(trace) if len(trace) > 1 else None
    return Figure("rounds", "Rounds of selection", Table(head, rows), drawn)


def _map(clusters: Sequence[MappedCluster]) -> Figure:
    first = sorted(clusters, key=lambda it: (-it.documents, it.cluster))[:_TOLD]
    rows = [[each.cluster, each.documents, each.asked, each.rows] for each in first]
    shown, all_of = sum(len(each.points) for each in clusters), sum(c.documents for c in clusters)
    more = (
        f" The table has the {_TOLD} largest of {len(clusters):,}." if len(clusters) > _TOLD else ""
    )
    return Figure(
        "clusters",
        "Documents by cluster",
        Table(["cluster", "documents", "asked", "rows on them"], rows),
        charts.cluster_map(clusters),
        note=f"{shown:,} of {all_of:,} documents, by the two directions in which they differ most."
        " Numbers are clusters; large points carry rows."
        f" A row counts for each of its documents.{more}",
    )


def _adapted(adaptation: Adaptation) -> str:
    kept = "adapted to" if adaptation.kept else "left as it is; it was to learn from"
    why = f" ({adaptation.reason})" if adaptation.reason else ""
    said = f"The embedder was {kept} the first documents' pairs{why}."
    before, after = adaptation.before, adaptation.after
    if before is None or after is None:
        return said
    return (
        f"{said} Of {adaptation.held_out:,} documents held out, each found its pairs at a"
        f" reciprocal rank of {before.reciprocal_rank:.3f} before and {after.reciprocal_rank:.3f}"
        f" after, and {before.recall_at_10:.3f} and {after.recall_at_10:.3f} of them among the"
        " first ten."
    )


def _known(value: float) -> float | None:
    return value if value >= 0 else None
