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
                f"calibration {path} is of another {what} ({was!r}, not {now!r}), whose scores mean"
                " something else; run `longhop calibrate` again"
            )
    return calibration


def judges_named(spec: DatasetSpec) -> str:
    """Who judges, and how often: one name for whoever's scores are averaged."""
    names = [spec.models.of("judge").name, *(each.name for each in spec.models.judges)]
    times = f" x {spec.verification.samples}" if spec.verification.samples > 1 else ""
    return " + ".join(names) + times
