"""Scores a question from what can be counted in it, with some noise."""

import re
from collections.abc import Sequence
from itertools import pairwise

from longhop.rehearsal.chance import draw
from longhop.rehearsal.faults import happens
from longhop.rehearsal.relations import language_of
from longhop.rehearsal.solving import measure

CRITERIA = ("clarity", "faithfulness", "coherence", "complexity")
_PRONOUN = re.compile(
    r"\b(?:it|he|she|they|him|her|this|that film|the (?:film|album|town))\b|[它他她]"
)
_HIGH, _ALIKE = 8.0, 0.7
_ECHO = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)


def judge(question: str, answer: str, hops: Sequence[tuple[str, str, str]]) -> dict[str, object]:
    """A rationale and four scores; a hop is its question, its answer and its evidence."""
    losses = {
        "clarity": _unclear(question),
        "faithfulness": _unfaithful(answer, hops),
        "coherence": _incoherent(hops),
        "complexity": _too_easy(question, answer, hops),
    }
    harsh = 2 if happens("is_strict", question, answer) else 0
    scores: dict[str, object] = {
        criterion: max(1, _top(criterion, question, answer) - losses[criterion] - harsh)
        for criterion in CRITERIA
    }
    return {"rationale": _rationale(losses, hops), **scores}


def classify(question: str, answer: str, hops: Sequence[tuple[str, str, str]]) -> dict[str, object]:
    """High where the mean of the scores is eight or more."""
    scores = judge(question, answer, hops)
    mean = sum(int(str(scores[each])) for each in CRITERIA) / len(CRITERIA)
    return {"rationale": scores["rationale"], "quality": "high" if mean >= _HIGH else "low"}


def compare(answer: str, given: str) -> dict[str, object]:
    """The same where most words of either answer are the other's, too."""
    one, other = (set(re.findall(r"\w", each) if language_of(each) == "zh" else
                      re.findall(r"\w+", each.casefold())) for each in (answer, given))  # fmt: skip
    same = bool(one and other) and len(one & other) / len(one | other) >= _ALIKE
    return {"rationale": "I held their words against each other.", "same": same}


def _top(criterion: str, *content: str) -> int:
    chance = draw(criterion, *content)
    return 10 if chance < 0.45 else 9 if chance < 0.9 else 8


def _unclear(question: str) -> int:
    chinese = language_of(question) == "zh"
    length = len(question) if chinese else len(question.split())
    loss = 2 * len(re.findall(r'the answer to "|”的答案', question))
    loss += 5 * (length < (6 if chinese else 4)) + (length > (90 if chinese else 40))
    loss += 3 * (not question.rstrip().endswith(("?", "？"))) + 2 * bool(_ECHO.search(question))
    return loss + 4 * bool(_PRONOUN.search(question))


def _unfaithful(answer: str, hops: Sequence[tuple[str, str, str]]) -> int:
    loss = 5 * sum(given not in evidence for _, given, evidence in hops)
    questions = " ".join(question for question, _, _ in hops)
    named = all(part in questions for part in re.split(r", | and |、|和", answer))
    follows = not hops or answer == hops[-1][1] or answer in questions or named
    return loss + 4 * (not follows and not _is_total(answer, hops))


def _is_total(answer: str, hops: Sequence[tuple[str, str, str]]) -> bool:
    values = [measure(given) for _, given, _ in hops]
    whole = measure(answer)
    return bool(whole and all(values)) and abs(whole[0] - sum(each[0] for each in values)) < 1e-6


def _incoherent(hops: Sequence[tuple[str, str, str]]) -> int:
    loss = 0
    for (question, answer, _), (following, _, _) in pairwise(hops):
        loss += 3 * (answer not in following and question.split()[:2] != following.split()[:2]
                     and question[-4:] != following[-4:])  # fmt: skip
    return loss


def _too_easy(question: str, answer: str, hops: Sequence[tuple[str, str, str]]) -> int:
    compared = all(given not in following for (_, given, _), (following, _, _) in pairwise(hops))
    loss = 6 * (answer.casefold() in question.casefold() and not compared)
    shared = len({given in question for _, given, _ in hops}) == 1  # all of them are conditions
    loss += 5 * (not shared and any(given in question for _, given, _ in hops[:-1]))
    return loss + 2 * (len(hops) < 2)


def _rationale(losses: dict[str, int], hops: Sequence[tuple[str, str, str]]) -> str:
    worst = max(losses, key=lambda criterion: losses[criterion])
    if not losses[worst]:
        return f"The question reads well and needs its {len(hops)} steps. Nothing stands out."
    return f"I followed its {len(hops)} steps. The weakest side is its {worst}."
