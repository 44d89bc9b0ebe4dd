"""The calibration that a spec names: read, and refused where it is another judge's."""

from pydantic import ValidationError

from longhop.errors import ConfigError
from longhop.ports import Sources
from longhop.records.calibration import Calibration, Mode
from longhop.records.model import Prompt
from longhop.spec import DatasetSpec
from longhop.verification.judging import guidelines_of


def read_calibration(
    spec: DatasetSpec, prompts: dict[str, Prompt], sources: Sources
) -> Calibration | None:
    """The thresholds that a spec's rows are held against, if it names any.

    Raises:
        ConfigError: The file is no calibration, or one of another judge, mode or prompt, under
            which its scores mean something else.
    """
    path = spec.verification.calibration
    if path is None:
        return None
    (name, *_) = sources.find(path)
    with sources.open(name) as file:
        text = file.read()
    try:
        calibration = Calibration.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(
            f"calibration {path} is none that `longhop calibrate` wrote: {place} {first['msg']}"
        ) from error
    prompt = prompts["judge" if spec.verification.judging is Mode.SCORING else "classify"]
    for what, was, now in (
        ("judge", calibration.model, judges_named(spec)),
        ("mode of judging", calibration.mode, spec.verification.judging),
        ("judge's prompt", calibration.guidelines, guidelines_of(prompt)),
    ):
        if was != now:
            raise ConfigError(
                f"calibration {path} is of another {what} ({was}, not {now}), whose scores mean"
                " something else; run `longhop calibrate` again"
            )
    if not any(each.threshold is not None for each in calibration.cells):
        raise ConfigError(
            f"calibration {path} has no threshold at all, so a build would keep no row: label more"
            " rows, want less precision, or take another judge"
        )
    return calibration


def judges_named(spec: DatasetSpec) -> str:
    """Who judges, how often and how warm: one name for whoever's scores become one."""
    judges = (spec.models.of("judge"), *spec.models.judges)
    named = " + ".join(f"{each.name} at {each.temperature:g}" for each in judges)
    times = spec.verification.samples
    if len(judges) * times == 1:
        return named
    return f"{named}, {times} each, {spec.verification.agreement:g} agreeing"
