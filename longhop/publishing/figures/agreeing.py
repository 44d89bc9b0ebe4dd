"""What people's labels say of the judge, and of each other."""

from collections.abc import Iterator, Mapping

from longhop.records.calibration import Labels
from longhop.records.figures import MeasuredLabels
from longhop.verification.statistics import cohen_kappa, precision_recall, wilson_bounds


def measure_labels(
    labels: Labels, good: Mapping[str, bool], kept: Mapping[str, bool]
) -> Iterator[MeasuredLabels]:
    """The judge against people on the rows that both saw, then each two people on each question.

    `good` is what people say of a row, `kept` what the judge did with it. Who labelled is not told.
    """
    both = sorted(good.keys() & kept.keys())
    if both:
        judge, people = [kept[each] for each in both], [good[each] for each in both]
        right = sum(one and other for one, other in zip(judge, people, strict=True))
        precision, recall = precision_recall(judge, people)
        yield MeasuredLabels(
            who="judge and people",
            asked="good",
            rows=len(both),
            agreed=sum(one == other for one, other in zip(judge, people, strict=True)),
            kappa=_rounded(cohen_kappa(judge, people)),
            precision=_rounded(precision),
            precision_lower=_lower(right, sum(judge)),
            recall=_rounded(recall),
            recall_lower=_lower(right, sum(people)),
        )
    for each in labels.agreements:
        yield MeasuredLabels(
            who="two people",
            asked=each.asked,
            rows=each.rows,
            agreed=each.agreed,
            kappa=_rounded(each.kappa),
        )


def _lower(count: int, total: int) -> float | None:
    return _rounded(wilson_bounds(count, total)[0]) if total else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
