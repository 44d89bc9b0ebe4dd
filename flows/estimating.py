"""`longhop estimate`: requests, tokens, money and time, before anything is spent."""

from collections.abc import Callable, Iterator
from pathlib import Path

from flows.building import Build
from flows.foreseeing import foresee_build, sample_build
from flows.order import prepare_documents
from flows.watching import duration, short
from longhop.operations.estimating import Sample, ask_some
from longhop.operations.preparing import check_models, prepare_inputs
from longhop.records.estimate import Estimate, Range, StageEstimate, cost_of
from longhop.records.money import Prices
from longhop.resources import Resources, open_resources
from longhop.spec import DatasetSpec
from longhop.spec.form import require_inputs
from longhop.spec.loading import load_spec

Tell = Callable[[str], object]


async def tell_estimate(path: Path, ask: int, tell: Tell, kind: str = "") -> Estimate | None:
    """Tell what building the spec in a file will cost; None where nothing is new, so nothing will.

    `ask` chunks are asked for real: that costs their answers, which the build then has. `kind` is
    that of the rows: `pairs` end with asking, and `contexts` begin with seed pairs.

    Raises:
        LongHopError: A build could not start at all.
    """
    spec = load_spec(path)
    require_inputs(spec, kind)
    async with open_resources() as live:
        start = prepare_inputs(spec, "latest", live)
        if start.rebuilds:
            tell(f"nothing is new since {start.rebuilds}: building it again would ask nothing")
            return None
        build = Build(spec, start, here=True, kind=kind)
        if spec.corpus.paths:
            await prepare_documents(build)
        sample = sample_build(build, live)
        if ask:
            await check_models(spec, live)
            await ask_some(sample, ask, live)
        found = foresee_build(build, live, sample)
        for line in _told(found, spec, live, sample):
            tell(line)
    return found


def _told(found: Estimate, spec: DatasetSpec, live: Resources, sample: Sample) -> Iterator[str]:
    """A line a stage and one for all: likely, with the range in brackets."""
    prices = live.prices
    yield f"{'stage':<12} {'requests':<30} {'tokens':<30} " + ("cost" if prices else "")
    for each in found.stages:
        yield _line(each.stage, [each], prices, live.settings.batch) + f"   {each.basis}"
    yield _line("all", list(found.stages), prices, live.settings.batch)
    if found.remembered.high > 0 and found.remembered.likely > 0:
        yield (
            f"remembered   {_percent(found.remembered)} of the chunks were asked before: not in"
            " the requests above"
        )
    yield f"time         {found.seconds.told(duration)} for the model ({found.rate_basis})"
    if prices is None:
        yield "cost         unknown: set LONGHOP_PRICES to a price list"
    if spec.budget.stated:
        caps = ", ".join(f"{value:,} {name}" for name, value in spec.budget.caps.items())
        yield f"budget       {caps}: the build ends there, wherever the lines above go on to"
    if live.settings.spend_limit is not None and prices is not None:
        yield f"limit        a run stops at {prices.told(live.settings.spend_limit)}"
    if sample.asked:
        status = live.model.status
        paid = f" for {status.cost}" if status.cost else ""
        yield f"asked now    {sample.asked} chunks, {status.requests} requests{paid}"
    elif sample.of:
        yield "narrower     --ask 20 asks twenty chunks for real; the build does not pay them again"


def _line(
    name: str, stages: list[StageEstimate], prices: Prices | None, batched: frozenset[str]
) -> str:
    requests = sum((each.fresh for each in stages), Range.exactly(0))
    tokens = sum((each.tokens for each in stages), Range.exactly(0))
    columns = f"{requests.told(_number):<30} {tokens.told(short):<30}"
    if prices is None:
        return f"{name:<12} {columns}".rstrip()
    cost = cost_of(stages, prices, batched)
    if cost is None:
        return f"{name:<12} {columns} {prices.told(None)}"
    return f"{name:<12} {columns} {cost.told(lambda each: f'{each:,.2f}')} {prices.currency}"


def _number(value: float) -> str:
    return f"{value:,.0f}"


def _percent(share: Range) -> str:
    return share.told(lambda each: f"{100 * each:.0f}%")
