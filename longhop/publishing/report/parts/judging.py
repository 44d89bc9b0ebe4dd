"""What judges gave, the threshold it was held against, and what people say of that."""

from collections import Counter
from collections.abc import Sequence

from longhop.publishing.figures import CALIBRATION, LABELS, SCORES
from longhop.publishing.report import charts
from longhop.publishing.report.files import VersionFiles
from longhop.publishing.report.parts.part import Cell, Figure, Part, Table
from longhop.records.calibration import Calibration
from longhop.records.figures import JudgedScore, MeasuredLabels


def tell_judges(files: VersionFiles) -> Part:
    """The scores with their threshold; beside them people's labels, where there are any."""
    given = _counted(files)
    if not given:
        return Part("judges", "Judges")
    scores = list(given.elements())
    limits = sorted({each.threshold for each in given if each.threshold is not None})
    labels = list(files.records(LABELS, MeasuredLabels))
    said = "Judges score every wording before it is proved. "
    said += f"Threshold: {', '.join(f'{each:g}' for each in limits) or 'none is known'}. "
    said += (
        "People labelled rows, too: what they say of the judge stands beside its scores."
        if labels
        else "No labels of people were given: nothing here says whether the judge is right."
    )
    return Part(
        "judges",
        "Judges",
        [said],
        [_histogram(scores), *_people(labels), *_calibrated(files)],
    )


def _counted(files: VersionFiles) -> Counter[JudgedScore]:
    """How often there is each score: few, since they are means of whole numbers."""
    return Counter(files.records(SCORES, JudgedScore))


def _histogram(given: Sequence[JudgedScore]) -> Figure:
    counts = Counter((each.score, each.kept) for each in given)
    rows: list[list[Cell]] = [
        [f"{score:.2f}", counts[score, True], counts[score, False]]
        for score in sorted({score for score, _ in counts})
    ]
    return Figure(
        "scores",
        "Mean scores of wordings",
        Table(["score", "published", "turned away by the judge"], rows),
        charts.scores(given),
        note="Wordings that passed the judge and fell later are neither.",
    )


def _people(labels: Sequence[MeasuredLabels]) -> list[Figure]:
    if not labels:
        return []
    rows = [
        [
            each.who,
            each.asked.replace("_", "-"),
            each.rows,
            f"{each.agreed:,} of {each.rows:,}",
            each.kappa,
            _bounded(each.precision, each.precision_lower),
            _bounded(each.recall, each.recall_lower),
        ]
        for each in labels
    ]
    head = ["who", "asked", "rows", "agreed", "Cohen's kappa", "precision", "recall"]
    return [Figure("labels", "Judge and people", Table(head, rows), wide=True)]


def _calibrated(files: VersionFiles) -> list[Figure]:
    rows = [
        [
            each.language or "all",
            "all lengths" if each.bucket is None else f"length {each.bucket + 1}",
            str(each.status).replace("_", " "),
            each.threshold,
            each.rows,
            _bounded(each.precision, each.lower_bound),
            each.recall,
            each.kappa,
        ]
        for calibration in files.records(CALIBRATION, Calibration)
        for each in calibration.cells
    ]
    if not rows:
        return []
    head = ["language", "length", "status", "threshold", "labelled", "precision", "recall", "kappa"]
    return [Figure("calibration", "Calibrated thresholds", Table(head, rows), wide=True)]


def _bounded(value: float | None, lower: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" + ("" if lower is None else f" (at least {lower:.3f})")
