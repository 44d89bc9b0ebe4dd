"""Judges: by scores or classes, one or several, by a threshold of their own or a calibrated one."""

import pytest

from longhop.ports import NoReply
from longhop.records.accounts import Reason
from longhop.records.calibration import Calibration, Cell, CellStatus, Mode
from longhop.records.replies import Classified, Judged
from longhop.verification.judging import JudgePlan, guidelines_of, judge_questions, judged_length
from tests.fakes import BORN, FOUNDED, ScriptedModel, multi_hop, prompt

ROW = multi_hop(BORN, FOUNDED)
PLAN = JudgePlan(
    judges=(prompt("judge"),),
    mode=Mode.SCORING,
    threshold=8,
    agreement=0.5,
    calibration=None,
    last=False,
)


def scored(score: int) -> Judged:
    names = ("clarity", "faithfulness", "coherence", "complexity")
    return Judged(rationale=f"Worth {score}.", **dict.fromkeys(names, score))


def by_sample(*scores: int) -> ScriptedModel:
    return ScriptedModel(lambda asked, _: scored(scores[asked.sample]))


def asked(times: int, **changes: object) -> JudgePlan:
    judges = tuple(prompt("judge").model_copy(update={"sample": n}) for n in range(times))
    return PLAN.model_copy(update={"judges": judges, **changes})


@pytest.mark.parametrize(("score", "kept"), [(9, 1), (8, 1), (7, 0)])
async def test_the_judge_keeps_what_reaches_the_threshold(score: int, kept: int):
    judged = await judge_questions([ROW], PLAN, model=by_sample(score))

    assert len(judged.kept) == kept
    assert len(judged.returned) == len(judged.low) == 1 - kept
    assert [each.reason for each in judged.rejected] == [Reason.JUDGED_LOW] * (1 - kept)


async def test_what_was_thought_little_of_is_kept_whole_with_its_score():
    """Whoever calibrates has to see what was turned away, too."""
    judged = await judge_questions([ROW], PLAN, model=by_sample(5))

    assert [each.score for each in judged.low] == [5.0]
    assert judged.returned[0].history[-1].score == 5.0


async def test_the_mean_of_several_judgements_counts_and_all_are_kept():
    (row,) = (await judge_questions([ROW], asked(3), model=by_sample(9, 9, 6))).kept

    assert [each.score for each in row.judgements] == [9.0, 9.0, 6.0]
    assert [each.sample for each in row.judgements] == [0, 1, 2]
    assert row.score == 8.0


async def test_enough_judges_must_agree():
    """One that is carried away must not carry the others."""
    model = by_sample(10, 10, 7, 7, 7)
    judged = await judge_questions([ROW], asked(5), model=model)

    (rejection,) = judged.rejected
    assert "only 40% of 5 judgements" in rejection.detail


@pytest.mark.parametrize(("quality", "kept"), [("high", 1), ("low", 0)])
async def test_a_judge_may_sort_instead_of_scoring(quality: str, kept: int):
    plan = PLAN.model_copy(update={"mode": Mode.CLASSIFICATION})
    model = ScriptedModel(lambda *_: Classified(rationale="So.", quality=quality))
    judged = await judge_questions([ROW], plan, model=model)

    assert len(judged.kept) == kept
    assert (judged.kept + judged.low)[0].judgements[0].high is (kept == 1)


def calibration(threshold: float | None, status: CellStatus) -> Calibration:
    cell = Cell(
        language="en", bucket=0, status=status, threshold=threshold, rows=200, shown_at=threshold,
        kept=100, precision=0.97, lower_bound=0.93, recall=0.8, kappa=0.7,
    )  # fmt: skip
    return Calibration(
        wanted_precision=0.9, confidence=0.95, model="scripted", mode=Mode.SCORING,
        guidelines=guidelines_of(prompt("judge")), edges=(), cells=(cell,),
    )  # fmt: skip


@pytest.mark.parametrize(("threshold", "kept"), [(6.5, 1), (7.5, 0)])
async def test_a_calibrated_threshold_counts_instead_of_the_spec_s(threshold: float, kept: int):
    plan = PLAN.model_copy(update={"calibration": calibration(threshold, CellStatus.MET)})

    assert len((await judge_questions([ROW], plan, model=by_sample(7))).kept) == kept


async def test_where_no_threshold_is_known_no_row_is_kept():
    unmet = calibration(None, CellStatus.UNREACHABLE)
    plan = PLAN.model_copy(update={"calibration": unmet})
    (rejection,) = (await judge_questions([ROW], plan, model=by_sample(10))).rejected

    assert f"no threshold is calibrated for en, {judged_length(ROW)} characters" in rejection.detail


async def test_a_judge_that_says_nothing_keeps_nothing():
    model = ScriptedModel(lambda *_: NoReply(refused=False, detail="", raw="?"))
    judged = await judge_questions([ROW], PLAN, model=model)

    assert judged.kept == judged.low == []
    assert [each.reason for each in judged.rejected] == [Reason.UNPARSABLE]


def test_other_guidelines_have_another_version():
    other = prompt("judge").model_copy(update={"templates": {"en": "9" * 64, "zh": "1" * 64}})

    assert guidelines_of(prompt("judge")) != guidelines_of(other)
    assert guidelines_of(prompt("judge")) == guidelines_of(other.model_copy(
        update={"templates": prompt("judge").templates, "model": "another", "temperature": 0.7}
    ))  # fmt: skip
