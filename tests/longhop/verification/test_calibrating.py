"""A threshold is what the labels can bear, and where they bear none it is refused."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calibration import measure_calibration
from longhop.errors import ConfigError
from longhop.records.calibration import Calibration, Cell, CellStatus, Mode, Scored
from longhop.verification.calibrating import even_edges, fit_calibration

EDGES = (200, 800)


def rows(
    good_by_score: dict[float, tuple[int, int]],
    *,
    language: str = "en",
    length: int = 100,
) -> list[Scored]:
    """So many rows of each score, so many of them good."""
    return [
        Scored(
            id=f"{language}-{length}-{score}-{at}",
            score=score,
            good=at < good,
            language=language,
            length=length,
        )
        for score, (good, count) in good_by_score.items()
        for at in range(count)
    ]


def fit(labelled: list[Scored], wanted: float = 0.9, **changes: object) -> Calibration:
    given = {"model": "judge", "guidelines": "81c0", "wanted_precision": wanted}
    return fit_calibration(labelled, **{**given, **changes})


def cell(fitted: Calibration, language: str = "en", bucket: int | None = 0) -> Cell:
    (found,) = (each for each in fitted.cells if (each.language, each.bucket) == (language, bucket))
    return found


SHARP = {9.0: (100, 100), 8.0: (98, 100), 7.0: (40, 100), 5.0: (2, 100)}
BLURRED = {9.0: (60, 100), 8.0: (55, 100), 7.0: (50, 100), 5.0: (40, 100)}


def test_the_lowest_score_that_is_good_enough_is_the_threshold():
    fitted = fit(rows(SHARP))
    found = cell(fitted)

    assert (found.status, found.threshold) == (CellStatus.MET, 8.0)
    assert (found.rows, found.kept, found.precision) == (400, 200, 0.99)
    assert found.recall == pytest.approx(198 / 240)
    assert found.lower_bound is not None and 0.9 <= found.lower_bound < 0.99
    assert found.kappa == pytest.approx((356 / 400 - 0.5) / 0.5)
    assert fitted.threshold_of("en", 100) == 8.0


def test_a_judge_that_sees_nothing_is_refused():
    fitted = fit(rows(BLURRED))
    found = cell(fitted)

    assert (found.status, found.threshold) == (CellStatus.UNREACHABLE, None)
    assert found.shown_at is not None and found.precision is not None and found.precision < 0.9
    assert fitted.threshold_of("en", 100) is None


def test_where_all_rows_are_good_all_are_kept():
    assert fit(rows({9.0: (100, 100), 3.0: (100, 100)})).threshold_of("en", 1) == 3.0


@pytest.mark.parametrize("count", [1, 31, 40])
def test_few_rows_show_nothing_however_good_they_are(count: int):
    """Forty good rows of forty would pass a test at 0.9, but not at 0.95."""
    fitted = fit(rows({9.0: (count, count)}), wanted=0.95)

    assert cell(fitted).status is CellStatus.TOO_FEW
    assert fitted.threshold_of("en", 100) is None


def test_what_looks_good_enough_by_a_hair_is_not_shown_to_be():
    """Ninety-one of a hundred is 0.91; so it would be often enough if the truth were less."""
    assert cell(fit(rows({9.0: (91, 100), 2.0: (0, 100)}))).status is CellStatus.TOO_FEW


def test_nothing_is_known_of_what_was_not_labelled():
    fitted = fit(rows(SHARP), edges=EDGES)

    assert fitted.threshold_of("zh", 100) is None
    assert fitted.threshold_of("en", 900) is None
    assert [fitted.bucket_of(each) for each in (0, 199, 200, 799, 800)] == [0, 0, 1, 1, 2]


# Length and language


def test_each_length_has_the_threshold_that_it_needs():
    """Noise grows with length, so the same score means less there."""
    long = {9.5: (198, 200), 9.0: (60, 100), 8.0: (30, 100)}
    fitted = fit([*rows(SHARP), *rows(long, length=900)], edges=EDGES)

    assert fitted.threshold_of("en", 100) == 8.0
    assert fitted.threshold_of("en", 900) == 9.5


def test_lengths_with_too_few_rows_are_pooled():
    some = {9.0: (25, 25), 8.0: (25, 25), 2.0: (0, 20)}
    labelled = [
        *rows(some, length=100),
        *rows(some, length=300),
        *rows(BLURRED, length=900, language="zh"),
    ]
    fitted = fit(labelled, edges=EDGES)

    assert cell(fitted, bucket=0).status is cell(fitted, bucket=1).status is CellStatus.TOO_FEW
    assert cell(fitted, bucket=None).rows == 140
    assert fitted.threshold_of("en", 100) == fitted.threshold_of("en", 300) == 8.0
    assert fitted.threshold_of("zh", 900) is None


def test_what_one_language_lacks_another_may_bring():
    some = {9.0: (16, 16), 8.0: (16, 16), 2.0: (0, 20)}
    fitted = fit([*rows(some), *rows(some, language="zh")])

    assert cell(fitted, "en").status is CellStatus.TOO_FEW
    assert cell(fitted, "", None).status is CellStatus.MET
    assert fitted.threshold_of("zh", 5) == fitted.threshold_of("en", 5) == 8.0


def test_a_cell_that_is_met_lends_its_good_rows_to_no_pool():
    """Else the many good short rows would hide the bad long ones."""
    few = {9.0: (20, 31)}
    labelled = [*rows(SHARP), *rows(few, length=300), *rows(few, length=900)]
    fitted = fit(labelled, edges=EDGES)

    assert cell(fitted, bucket=None).rows == 62
    assert fitted.threshold_of("en", 100) == 8.0
    assert fitted.threshold_of("en", 300) is fitted.threshold_of("en", 900) is None


def test_a_cell_that_is_seen_to_miss_takes_no_threshold_of_a_pool():
    few = {9.0: (30, 30)}
    labelled = [
        *(row for length in (100, 300, 500) for row in rows(few, length=length)),
        *rows({9.0: (0, 9)}, length=900),
    ]
    fitted = fit(labelled, wanted=0.75, edges=(200, 400, 800))

    assert cell(fitted, bucket=None).status is CellStatus.MET
    assert fitted.threshold_of("en", 300) == 9.0
    assert cell(fitted, bucket=3).status is CellStatus.UNREACHABLE
    assert fitted.threshold_of("en", 900) is None


def test_edges_cut_lengths_into_even_parts():
    assert even_edges(range(90), 3) == (30, 60)
    assert even_edges([5] * 90, 3) == even_edges([], 3) == even_edges([7], 2) == ()


# Classification


@pytest.mark.parametrize(
    ("given", "threshold", "status"),
    [
        ({1.0: (198, 200), 0.0: (20, 100)}, 1.0, CellStatus.MET),
        ({1.0: (198, 200), 0.0: (100, 100)}, 0.0, CellStatus.MET),
        ({1.0: (120, 200), 0.0: (20, 100)}, None, CellStatus.UNREACHABLE),
        ({1.0: (20, 20), 0.0: (20, 100)}, None, CellStatus.TOO_FEW),
        ({1.0: (35, 36), 0.0: (20, 30)}, None, CellStatus.TOO_FEW),
    ],
)
def test_a_classification_is_kept_or_refused_as_a_whole(
    given: dict[float, tuple[int, int]], threshold: float | None, status: CellStatus
):
    """A threshold of 1 keeps what is called good, one of 0 would keep all: no judge is needed."""
    fitted = fit(rows(given), mode=Mode.CLASSIFICATION)

    assert fitted.threshold_of("en", 100) == threshold
    assert cell(fitted).status is status


# What no order and no wish can change

SOME = st.lists(
    st.tuples(
        st.sampled_from([5.0, 7.0, 8.0, 8.25, 9.0, 10.0]),
        st.integers(0, 9).map(bool),
        st.sampled_from(["en", "zh"]),
        st.sampled_from([100, 300]),
    ),
    min_size=30,
    max_size=300,
).map(
    lambda found: [
        Scored(id=str(at), score=score, good=good or score > 8, language=language, length=length)
        for at, (score, good, language, length) in enumerate(found)
    ]
)


@given(SOME, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(labelled: list[Scored], rng: Random):
    shuffled = rng.sample(labelled, len(labelled))

    assert fit(shuffled, 0.8, edges=EDGES) == fit(labelled, 0.8, edges=EDGES)


@given(SOME)
def test_who_wants_more_keeps_no_more(labelled: list[Scored]):
    """Of one cell: a pool holds other rows when more is wanted."""
    one_cell = [each.model_copy(update={"language": "en", "length": 1}) for each in labelled]
    found = [
        fit(one_cell, wanted).threshold_of("en", 1) for wanted in (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
    ]
    heights = [11.0 if each is None else each for each in found]

    assert heights == sorted(heights)


@given(SOME, st.sampled_from([0.7, 0.9]))
def test_what_is_met_is_met_by_its_own_figures(labelled: list[Scored], wanted: float):
    for each in fit(labelled, wanted, edges=EDGES).cells:
        if each.status is CellStatus.MET:
            assert each.threshold == each.shown_at
            assert each.precision >= each.lower_bound >= wanted
        else:
            assert each.threshold is None


def test_thresholds_hold_on_other_rows():
    """Wanted at a confidence of 95 %; what is picked by its own labels holds no more than often."""
    found = measure_calibration(40)

    assert found["met_share"] > 0.8
    assert found["holds_share"] >= 0.95 > found["picked_holds_share"]
    assert found["just_below_met_share"] <= 0.05
    assert found["hopeless_met_share"] == 0.0
    assert found["by_length"]["one_threshold"]["holds"][-1] <= 0.05
    assert found["by_length"]["by_bucket"]["claims_hold"] >= 0.95
    assert all(each == 1.0 for each in found["modes"]["scoring_at_least_as_good"])


# What is refused


@pytest.mark.parametrize("wanted", [0.0, 1.0, 1.2])
def test_certainty_cannot_be_wanted(wanted: float):
    with pytest.raises(ConfigError, match="cannot be tested"):
        fit(rows(SHARP), wanted)


def test_a_row_counts_once():
    with pytest.raises(ConfigError, match="labelled twice"):
        fit([*rows(SHARP), *rows({9.0: (1, 1)})])


@pytest.mark.parametrize(("mode", "score"), [(Mode.SCORING, 0.0), (Mode.CLASSIFICATION, 8.0)])
def test_scores_of_the_other_mode_are_refused(mode: Mode, score: float):
    with pytest.raises(ConfigError, match=f"{score:g}"):
        fit(rows({score: (1, 1)}), mode=mode)


def test_edges_must_rise():
    with pytest.raises(ConfigError, match="800, 200"):
        fit(rows(SHARP), edges=(800, 200))


def test_a_calibration_outlives_its_file():
    fitted = fit(rows(SHARP), edges=EDGES)

    assert Calibration.model_validate_json(fitted.model_dump_json()) == fitted
