"""A judge that errs at known rates, with scores that a threshold can be calibrated on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from statistics import NormalDist

from longhop.rehearsal.chance import draw
from longhop.rehearsal.fallible.items import Length, Question
from longhop.rehearsal.fallible.sampling import asked_as
from longhop.rehearsal.fallible.solving import states
from longhop.rehearsal.judging import CRITERIA

_NORMAL = NormalDist()
_NEVER = 1e-9


def _true() -> dict[Length, float]:
    return {"short": 0.85, "medium": 0.8, "long": 0.75}


def _false() -> dict[Length, float]:
    return {"short": 0.05, "medium": 0.1, "long": 0.15}


@dataclass(frozen=True)
class Judge:
    """How often a good question, and one that is not, reaches the threshold, by their length.

    Scores of either kind lie around a mean of their own, with the spread `noise`, so that just
    these shares reach the threshold: another threshold has other shares, by the same curve. The
    threshold 8.5 is that of MIMG (arXiv 2409.01893, App. C.4.2), whose verifier grows worse with
    the length of its input (Fig. 3). The rates are ours. With `needs_hops` a question must be
    multi-hop, too, for this judge to count it as good. Each sample has a noise of its own.
    """

    true_positive: Mapping[Length, float] = field(default_factory=_true)
    false_positive: Mapping[Length, float] = field(default_factory=_false)
    threshold: float = 8.5
    noise: float = 0.8
    needs_hops: bool = False

    def accepts(self, question: Question, evidence: Sequence[str] = ()) -> bool:
        """What a judge without error would say; `evidence` are the sentences that it is shown."""
        told = zip(evidence, question.hops, strict=False)
        return (
            question.is_good
            and (question.is_multi_hop or not self.needs_hops)
            and all(states(sentence, hop) for sentence, hop in told)
        )

    def scores(
        self,
        question: Question | None,
        seed: int,
        evidence: Sequence[str] = (),
        sample: int = 0,
    ) -> dict[str, object]:
        """A rationale and four whole scores; what is no question of the world is unusable."""
        if question is None:
            return {"rationale": "I cannot make sense of it.", **dict.fromkeys(CRITERIA, 1)}
        key = (*asked_as(seed, sample), question.text)
        rates = self.true_positive if self.accepts(question, evidence) else self.false_positive
        mean = self.threshold + self.noise * _quantile(rates[question.item.length])
        score = mean + self.noise * _quantile(draw("score", *key))
        # Quarters are the steps of a mean of four, and the threshold is one of them.
        quarters = min(40, max(4, floor(4 * score)))
        order = sorted(CRITERIA, key=lambda criterion: draw("criterion", criterion, *key))
        given = {
            criterion: quarters // 4 + (place < quarters % 4)
            for place, criterion in enumerate(order)
        }
        rationale = f"I followed its {len(question.hops)} steps."
        return {"rationale": rationale, **{each: given[each] for each in CRITERIA}}

    def sorts(
        self,
        question: Question | None,
        seed: int,
        evidence: Sequence[str] = (),
        sample: int = 0,
    ) -> dict[str, object]:
        """A rationale and a class: high where the mean of the scores reaches the threshold."""
        scores = self.scores(question, seed, evidence, sample)
        mean = sum(int(str(scores[each])) for each in CRITERIA) / len(CRITERIA)
        quality = "high" if mean >= self.threshold else "low"
        return {"rationale": scores["rationale"], "quality": quality}


def _quantile(chance: float) -> float:
    return _NORMAL.inv_cdf(min(1 - _NEVER, max(_NEVER, chance)))
