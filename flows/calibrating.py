"""`longhop calibrate`: a judge's thresholds from what people said of rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from longhop.errors import ConfigError
from longhop.llm.meter import metered
from longhop.llm.spending import Purse
from longhop.operations.calibrated import judges_named
from longhop.operations.calibrating_judge import Bench, check_target, read_drawn
from longhop.operations.labelling import good_by_row, read_labels
from longhop.operations.planning import judges_of
from longhop.operations.preparing import check_models, check_store, freeze_prompts
from longhop.operations.telling_calibration import (
    counted,
    places_of,
    tell_calibration,
    tell_labels,
)
from longhop.records.calibration import Scored
from longhop.records.verification import MultiHop
from longhop.resources import Resources, open_resources
from longhop.spec import DatasetSpec
from longhop.spec.loading import load_spec
from longhop.verification.calibrating import even_edges, fit_calibration
from longhop.verification.judging import guidelines_of

Tell = Callable[[str], object]

# Answers are not waited for in batches: whoever calibrates looks on.
_AT_WORK = "calibrate"


@dataclass(frozen=True)
class Wanted:
    """What the thresholds must reach, for how many lengths, and the file that they go into."""

    precision: float = 0.9
    confidence: float = 0.95
    buckets: int = 1
    out: Path = Path("calibration.json")


async def calibrate_judge(
    path: Path, drawn: Path, sheets: Sequence[Path], wanted: Wanted, tell: Tell
) -> bool:
    """Write the thresholds of a spec's judges; true if rows of all labelled languages have one.

    Whatever is wrong with the files is found before anything is asked.

    Raises:
        LongHopError: A file is none of its kind, no row is labelled, or a judge cannot be asked.
    """
    spec = load_spec(path)
    _check(wanted)
    rows = read_drawn(drawn)
    labels = read_labels(sheets, known=rows.keys())
    good = good_by_row(labels.labels)
    if not good:
        named = ", ".join(map(str, sheets))
        raise ConfigError(
            f"not one row is labelled in {named}: fill in good, multi_hop and labeller, save it and"
            " give it again"
        )
    for line in tell_labels(rows, labels, good):
        tell(line)
    async with open_resources() as live:
        scored, guidelines = await _judge(spec, [rows[each] for each in good], good, live, tell)
    calibration = fit_calibration(
        scored,
        wanted_precision=wanted.precision,
        confidence=wanted.confidence,
        model=judges_named(spec),
        mode=spec.verification.judging,
        guidelines=guidelines,
        edges=even_edges((each.length for each in scored), wanted.buckets),
    )
    wanted.out.write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for line in tell_calibration(calibration, wanted.out):
        tell(line)
    places = places_of(calibration)
    return bool(places) and all(each.is_met for each in places)


def _check(wanted: Wanted) -> None:
    """What would be refused once everything is paid for is refused now."""
    fit_calibration(
        (), wanted_precision=wanted.precision, confidence=wanted.confidence, model="", guidelines=""
    )
    check_target(wanted.out)


async def _judge(
    spec: DatasetSpec,
    rows: Sequence[MultiHop],
    good: Mapping[str, bool],
    live: Resources,
    tell: Tell,
) -> tuple[list[Scored], str]:
    """The scores of the labelled rows, and the version of the guidelines that they follow."""
    check_store(live)
    judges = judges_of(spec, freeze_prompts(spec, live))
    bench = Bench(judges, spec.verification.judging, spec.verification.agreement)
    models = frozenset(each.model for each in judges)
    Purse(live.prices, live.settings.spend_limit).require_prices(models)
    guidelines = guidelines_of(judges[0])
    tell(f"judge        {judges_named(spec)}, {bench.mode}, guidelines {guidelines[:16]}")
    prompts, fresh = await bench.count_prompts(rows, live.model)
    told = f"{prompts - fresh:,} of them are remembered, {fresh:,} are sent"
    tell(f"prompts      {prompts:,} for {counted(len(rows), 'row')}: {told}")
    if fresh:
        await check_models(spec, live)
    before = live.model.status.requests
    with metered(_AT_WORK):
        scored = await bench.score(rows, good, model=live.model)
    status = live.model.status
    paid = f" for {status.cost}" if status.cost else ""
    tell(f"asked        {counted(status.requests - before, 'request')} now{paid}")
    if lost := len(rows) - len(scored):
        tell(f"note         {counted(lost, 'row')} left out: a judge gave nothing that can be read")
    return scored, guidelines
