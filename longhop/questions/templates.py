"""The deterministic composer: no model, no grace, always right. Fallback, and the tests' oracle."""

import re
from collections.abc import Sequence

from longhop.records.questions import AnswerKind, Composition, SingleHop
from longhop.verification.checks import composed_answer

COMPOSER = "template"


def compose_question(composition: Composition, hops: Sequence[SingleHop]) -> tuple[str, str]:
    """A question that needs all hops, and its answer."""
    if composition is not Composition.BRIDGE:
        return _compare(hops), composed_answer(composition, hops)
    question = hops[0].question
    for hop, earlier in zip(hops[1:], hops[:-1], strict=True):
        question = _replace_mention(hop.question, earlier.answer, _answer_to(question, hop))
    return question, hops[-1].answer


def _compare(hops: Sequence[SingleHop]) -> str:
    """Two things weighed; one that an earlier hop's answer is, is described by that hop."""
    one, other = hops[-2:]
    is_date, relation = one.kind is AnswerKind.DATE, one.relation
    names = [_answer_to(hops[0].question, one) if len(hops) > 2 else one.subject, other.subject]
    if hops[0].language == "zh":
        which = "更早" if is_date else "更大"
        return f"{'和'.join(names)}中，哪一个的{relation}{which}？"
    which = "earlier" if is_date else "larger"
    return f"Which has the {which} {relation}, {' or '.join(names)}?"


def _answer_to(question: str, hop: SingleHop) -> str:
    inner = question.rstrip()
    return f"“{inner}”的答案" if hop.language == "zh" else f'the answer to "{inner}"'


def _replace_mention(question: str, name: str, described: str) -> str:
    """The question with a name, and an article before it, replaced where it stands."""
    pattern = r"(?:\b(?:the|a|an)\s+)?" + r"\s+".join(re.escape(word) for word in name.split())
    replaced, count = re.subn(pattern, lambda _: described, question, flags=re.IGNORECASE)
    return replaced if count else f"{question} ({described})"
