"""How much each stage makes of what it gets: as in the version that is continued, or guessed.

The guesses are wide on purpose. They stand for a language model on prose: nothing to ask in a table
of figures, three questions in a paragraph of history.
"""

from dataclasses import dataclass

from longhop.contexts.writing import MOST_PIECES
from longhop.operations.previewing.bounding import judgements_of
from longhop.records.estimate import Range
from longhop.records.manifest import Manifest
from longhop.records.money import total
from longhop.spec import DatasetSpec

# The next night is much like the last one, but not quite.
_MUCH_LIKE = Range(low=0.8, likely=1.0, high=1.25)


@dataclass(frozen=True)
class Habit:
    """Answers of a stage per unit that it gets, tokens per answer, and where this is known from."""

    answers: Range
    read: Range | None
    written: Range
    basis: str = "guessed"

    @property
    def is_known(self) -> bool:
        """Whether it is that of an earlier version, and no guess."""
        return self.basis != "guessed"


@dataclass(frozen=True)
class Habits:
    """The habits of all stages: `ask` by chunk, `audit` by row, those of seeds by pair.

    All others are by group.
    """

    questions: Range
    groups: Range
    stages: dict[str, Habit]


def habits_of(spec: DatasetSpec, base: Manifest | None) -> Habits:
    """What the base's counts say, and guesses for what they do not."""
    guessed = _guessed(spec)
    if base is None:
        return guessed
    counts = {each.stage: each for each in base.balances}
    used = {stage: total(bill) for stage, bill in base.usage.items()}
    asked = counts["ask"].taken - sum(counts["ask"].left.values()) if "ask" in counts else 0
    questions = counts["gather"].accepted if "gather" in counts else 0
    groups = counts["link"].accepted if "link" in counts else 0
    units = {"ask": asked, "merge": groups, "judge": groups, "prove": groups, "probe": groups}
    units["audit"] = spec.verification.audit
    stages = dict(guessed.stages)
    for stage, unit in units.items():
        usage = used.get(stage)
        if usage is None or not unit or not usage.answers:
            continue
        stages[stage] = Habit(
            answers=_MUCH_LIKE.times(usage.answers / unit),
            read=_MUCH_LIKE.times(usage.input_tokens / usage.answers),
            written=_MUCH_LIKE.times(usage.output_tokens / usage.answers),
            basis=f"as in {base.version}",
        )
    return Habits(
        questions=_MUCH_LIKE.times(questions / asked) if asked else guessed.questions,
        groups=_MUCH_LIKE.times(groups / questions) if questions else guessed.groups,
        stages=stages,
    )


def _guessed(spec: DatasetSpec) -> Habits:
    attempts, hops = spec.verification.attempts, max(spec.questions.hops)
    judged, again = judgements_of(spec), spec.verification.probes
    probes, share = again * (1 + hops) + 1, spec.verification.distractor_probes
    asked, size = spec.questions.per_chunk, size_of_document(spec)

    def habit(answers: tuple[float, ...], written: tuple[float, ...]) -> Habit:
        return Habit(_range(*answers), None, _range(*written))

    return Habits(
        questions=_range(0.1, 0.5, 1.0).times(asked),
        groups=_range(0.03, 0.3, 1.0),
        stages={
            "ask": _asking(spec),
            "merge": habit((1, 1.3, 1.1 * attempts), (20, 50, 150)),
            "judge": habit((0.6 * judged, 1.1 * judged, 1.1 * attempts * judged), (40, 120, 300)),
            "prove": habit((0.4, 1.5 + again, 1.1 * attempts * probes), (20, 60, 200)),
            "probe": habit((0.2 * share, 0.6 * share, 1.1 * share), (20, 60, 200)),
            "audit": habit((judged + 1, judged + 0.7 * probes, judged + probes), (20, 80, 300)),
            # Models write a third to all of what is asked for, and the more is asked for the less.
            "write": habit((1, 2.5, spec.seeds.requests), (0.4 * size, 0.6 * size, 1.4 * size)),
            "rewrite": habit((1, 2.5, spec.seeds.requests), (0.4 * size, 0.6 * size, 1.4 * size)),
            "prove seeds": habit((0.5, 1.9, 2 * MOST_PIECES), (20, 60, 200)),
        },
    )


def size_of_document(spec: DatasetSpec) -> float:
    """The tokens of a written document, more or less."""
    return spec.seeds.tokens or 1.4 * spec.seeds.words


def _asking(spec: DatasetSpec) -> Habit:
    """One answer a chunk, and a second one where its questions are answered on their own."""
    asked = spec.questions.per_chunk
    if spec.questions.answers == "together":
        return Habit(_range(1, 1.02, 1.2), None, _range(15 * asked, 60 * asked, 130 * asked))
    return Habit(_range(1, 1.7, 2.3), None, _range(10 * asked, 40 * asked, 90 * asked))


def _range(low: float, likely: float, high: float) -> Range:
    return Range(low=low, likely=likely, high=high)
