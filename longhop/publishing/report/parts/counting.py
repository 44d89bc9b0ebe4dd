"""What the rows are: their kinds, languages and lengths, and where their evidence lies."""

from collections import Counter

from longhop.publishing.report import charts
from longhop.publishing.report.facts import DEPTHS, Facts, PairFacts, told_length
from longhop.publishing.report.parts.part import Figure, Part, Table
from longhop.records.manifest import Manifest


def tell_rows(manifest: Manifest, facts: Facts) -> Part:
    """Kinds, languages, lengths."""
    return Part(
        name="rows",
        title="Rows",
        said=[
            f"{facts.rows:,} rows with {facts.tokens:,} tokens of context."
            + (
                f" {manifest.shorter:,} contexts are shorter than was wanted, since their split"
                " holds too few other documents."
                if manifest.shorter
                else ""
            )
        ],
        figures=[
            _kinds(facts),
            lengths_figure(facts),
            _counted("languages", "Languages", "language", facts.languages),
            _counted("splits", "Splits", "split", facts.splits),
            _counted("scopes", "Documents of a question: one or several", "scope", facts.scopes),
            _wordings(facts),
        ],
    )


def tell_pairs(facts: PairFacts) -> Part:
    """Kinds of answers, languages, and how near pairs are to the reference."""
    figures = [
        _counted("kinds", "Kinds of answers", "kind", facts.kinds),
        _counted("languages", "Languages", "language", facts.languages),
        _counted("splits", "Splits", "split", facts.splits),
    ]
    if facts.closeness:
        rows = [
            [f"{at / 20:.2f} to {(at + 1) / 20:.2f}", "yes" if near else "no", count]
            for (at, near), count in sorted(facts.closeness.items())
        ]
        figures.append(
            Figure(
                name="closeness",
                title="How near pairs are to the reference",
                table=Table(["cosine", "close", "pairs"], rows),
                chart=charts.closeness(facts.closeness),
            )
        )
    said = f"{facts.rows:,} pairs, {facts.relevant:,} of them as close to the reference set as its"
    return Part(
        "rows", "Pairs", [f"{said} items are to each other; without a set all are."], figures
    )


def tell_depths(facts: Facts) -> Part:
    """Where in its context the evidence of each hop lies."""
    if not facts.depth_by_hop:
        return Part("depth", "Where evidence lies")
    return Part(
        name="depth",
        title="Where evidence lies",
        said=[
            "Each piece of evidence counts where its middle lies in its context. Darker is more of"
            " its column; the numbers are pieces of evidence."
        ],
        figures=[depth_figure(facts), _depth_by_length(facts)],
    )


def lengths_figure(facts: Facts) -> Figure:
    """Rows by the tokens of their contexts, to the next power of two."""
    counts = [(told_length(each), facts.lengths[each]) for each in sorted(facts.lengths)]
    return Figure(
        name="lengths",
        title="Lengths of contexts, in tokens",
        table=Table(["tokens", "rows"], counts),
        chart=charts.bars(counts),
    )


def depth_figure(facts: Facts) -> Figure:
    """Tenths of the context by hop."""
    hops = sorted({hop for _, hop in facts.depth_by_hop})
    names = [(each, f"hop {each}") for each in hops]
    return Figure(
        name="depth",
        title="Depth of evidence, by hop",
        table=_depths(facts.depth_by_hop, names),
        chart=charts.heat(facts.depth_by_hop, names, title=""),
    )


def _depth_by_length(facts: Facts) -> Figure:
    names = [(each, told_length(each)) for each in sorted(facts.lengths)]
    return Figure(
        name="depth-by-length",
        title="Depth of evidence, by the context's tokens",
        table=_depths(facts.depth_by_length, names),
        chart=charts.heat(facts.depth_by_length, names, title=""),
    )


def _depths(cells: Counter[tuple[int, int]], names: list[tuple[int, str]]) -> Table:
    rows = [
        [f"{tenth * 10}–{tenth * 10 + 10} %", *(cells[tenth, key] for key, _ in names)]
        for tenth in range(DEPTHS)
    ]
    return Table(["depth", *(name for _, name in names)], rows)


def _kinds(facts: Facts) -> Figure:
    counts = sorted(facts.kinds.items(), key=lambda it: (-it[1], it[0]))
    told = [(f"{kind.replace('_', ' ')}, {_hops(hops)}", count) for (kind, hops), count in counts]
    table = Table(
        ["type", "hops", "rows"], [[kind.replace("_", " "), hops, n] for (kind, hops), n in counts]
    )
    return Figure("kinds", "Types and hops", table, charts.bars(told))


def _wordings(facts: Facts) -> Figure:
    rows = [[count, facts.wordings[count]] for count in sorted(facts.wordings)]
    return Figure("wordings", "Wordings until one passed", Table(["wording", "rows"], rows))


def _counted(name: str, title: str, head: str, counts: Counter[str]) -> Figure:
    rows = sorted(counts.items(), key=lambda it: (-it[1], it[0]))
    return Figure(name, title, Table([head, "rows"], rows), charts.bars(rows[:12]))


def _hops(count: int) -> str:
    return f"{count} hop{'' if count == 1 else 's'}"
