"""A judge's threshold, calibrated on labelled rows of another world."""

from random import Random
from statistics import mean

from gates.in_process import InProcess
from gates.pipeline import Choices, first_wordings
from gates.truth import judge_truly

from longhop.records.calibration import Calibration, Mode, Scored
from longhop.rehearsal.fallible import World
from longhop.verification.calibrating import fit_calibration
from longhop.verification.judging import judge_one, judged_length


async def calibrate(
    world: World, model: InProcess, choices: Choices, *, rows: int, wanted: float
) -> Calibration:
    """Thresholds by language, from so many of the first wordings, drawn at random.

    Each label is the truth of its row: whether it is good. A judge and the labels see the same.
    """
    drawn = Random(0).sample(await first_wordings(world, model), rows)
    scored = []
    for row in drawn:
        given = await judge_one(row, choices.judges, Mode.SCORING, model=model)
        assert isinstance(given, tuple)  # the model replies to everything
        scored.append(
            Scored(
                id=row.id,
                score=mean(each.score for each in given),
                good=judge_truly(row, world)[1],
                language=row.language,
                length=judged_length(row),
            )
        )
    return fit_calibration(
        scored, wanted_precision=wanted, model="fallible", guidelines="", mode=Mode.SCORING
    )
