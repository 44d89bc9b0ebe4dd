"""What a version took: tokens and money by stage, and by published row."""

from longhop.publishing.report import charts
from longhop.publishing.report.parts.part import Cell, Figure, Part, Table
from longhop.records.manifest import Manifest
from longhop.records.money import Bill, Usage, total


def tell_spending(manifest: Manifest) -> Part:
    """Answers, tokens and money of each stage, in all and for a row."""
    prices, rows = manifest.prices, sum(manifest.rows.values())
    if not manifest.usage:
        return Part("cost", "Cost")
    used = total(manifest.bill)
    said = [what_a_row_cost(manifest)] if rows else []
    said.append(
        f"By the price list of {prices.version}, every use of an answer counted, asked one by one"
        " in this build; remembered answers and batches cost a run less."
        if prices
        else "No price list was given: what it cost in money is unknown."
    )
    head = ["stage", "model", "answers", "tokens read", "tokens written", "tokens a row"]
    lines = [
        _line(manifest, stage, model, usage, rows)
        for stage, bill in manifest.usage.items()
        for model, usage in bill.items()
    ]
    lines.append(_line(manifest, "all", "", used, rows, manifest.bill))
    by_stage = [(stage, total(bill).tokens) for stage, bill in manifest.usage.items()]
    by_stage.sort(key=lambda it: (-it[1], it[0]))
    if prices:
        head += [prices.currency, f"{prices.currency} a row"]
    return Part(
        "cost",
        "Cost",
        said,
        [Figure("tokens", "Tokens by stage", Table(head, lines), charts.bars(by_stage), wide=True)],
    )


def what_a_row_cost(manifest: Manifest) -> str:
    """In words: the answers, tokens and money of the whole version for each published row."""
    rows, used, prices = sum(manifest.rows.values()), total(manifest.bill), manifest.prices
    told = (
        f"A published row took {used.answers / rows:,.1f} answers, {used.tokens / rows:,.0f} tokens"
    )
    cost = prices.cost(manifest.bill) if prices else None
    if prices and cost is not None:
        told += f" and {prices.told(cost / rows)}"
    return f"{told}: everything that was turned away on the way is in it."


def _line(
    manifest: Manifest, stage: str, model: str, usage: Usage, rows: int, bill: Bill | None = None
) -> list[Cell]:
    line: list[Cell] = [
        stage.replace("_", " "),
        model,
        usage.answers,
        usage.input_tokens,
        usage.output_tokens,
        round(usage.tokens / rows) if rows else None,
    ]
    if manifest.prices is None:
        return line
    cost = manifest.prices.cost(bill if bill is not None else {model: usage})
    if cost is None:
        return [*line, None, None]
    return [*line, float(f"{cost:.4g}"), float(f"{cost / rows:.3g}") if rows else None]
