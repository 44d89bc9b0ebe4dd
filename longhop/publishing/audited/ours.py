"""What rows of ours say besides: their kinds, judges, probes and proof, as the report has them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from longhop.publishing.report import charts
from longhop.publishing.report.facts import Facts
from longhop.publishing.report.parts.counting import tell_depths, tell_rows
from longhop.publishing.report.parts.part import Figure, Part, Table
from longhop.publishing.report.parts.proving import tell_proof
from longhop.records.examples import Example
from longhop.records.figures import JudgedScore
from longhop.records.manifest import Manifest


class OurRows:
    """The counts of rows of ours, as far as there are any in an audit."""

    def __init__(self) -> None:
        self.facts = Facts()
        self.scores: Counter[tuple[float, str]] = Counter()

    def add(self, row: Mapping[str, object] | None) -> Example | None:
        """Count a row that is one of ours, whole."""
        if row is None:
            return None
        try:
            example = Example.model_validate(dict(row))
        except ValidationError:
            return None
        told = example.model_dump(mode="json", exclude={"context"})
        self.facts.add({**told, "context": len(example.context)})
        for each in example.judgements:
            if each.score is not None:
                self.scores[each.score, example.language] += 1
        return example

    def figures(self) -> dict[str, Any]:
        """Proofs, probes and scores, counted."""
        if not self.facts.rows:
            return {}
        return {
            "proofs": dict(sorted(self.facts.proofs.items())),
            "probes": [
                {"kind": kind, "answered": right, "probes": self.facts.probes[kind, right]}
                for kind, right in sorted(self.facts.probes)
            ],
            "judgements": [
                {"score": score, "language": language, "judgements": self.scores[score, language]}
                for score, language in sorted(self.scores)
            ],
        }

    def parts(self) -> list[Part]:
        """The parts of a report that need nothing but the rows."""
        if not self.facts.rows:
            return []
        nothing: dict[str, Any] = {"shorter": 0, "release": None}
        nobody = Manifest.model_construct(**nothing)
        depths = tell_depths(self.facts)
        return [
            Part("rows", "LongHop rows", tell_rows(nobody, self.facts).said,
                 [*tell_rows(nobody, self.facts).figures, *depths.figures[:1]]),
            tell_proof(nobody, self.facts),
            self._judges(),
        ]  # fmt: skip

    def _judges(self) -> Part:
        given = [
            JudgedScore(score=score, threshold=None, kept=True, language=language)
            for (score, language), count in sorted(self.scores.items())
            for _ in range(count)
        ]
        if not given:
            return Part("judges", "Judges")
        counts = Counter(each.score for each in given)
        table = Table(["score", "judgements"], [[f"{s:.2f}", n] for s, n in sorted(counts.items())])
        said = "What judges gave the published wordings; those that were turned away are elsewhere."
        figure = Figure("scores", "Scores of judgements", table, charts.scores(given))
        return Part("judges", "Judges", [said], [figure])
