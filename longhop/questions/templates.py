"""The deterministic composer: no model, no grace, always right. Fallback, and the tests' oracle."""

import re
from collections.abc import Mapping, Sequence

from longhop.questions.composed import composed_answer, separator_of
from longhop.records.questions import AnswerKind, Composition, HopLink, SingleHop

COMPOSER = "template"

# What each composition asks, of descriptions and a relation, in English and in Chinese.
_WEIGHED = {
    "en": "Which has the {which} {relation}, {names}?",
    "zh": "{names}中，哪一个的{relation}{which}？",
}
_ORDERED = {
    "en": "What is the order of {names} by {relation}, the earliest first?",
    "zh": "{names}按{relation}从早到晚依次是什么？",
}
_TOTAL = {
    "en": "What is the total {relation} of {names}?",
    "zh": "{names}的{relation}合计是多少？",
}
_SHARED = {
    "en": "Who or what has the {first} and the {second}?",
    "zh": "{first}、{second}的是谁或什么？",
}
_FACT = {"en": "{relation} {answer}", "zh": "{relation}为{answer}"}
_WORDS = {
    "en": {"earlier": "earlier", "larger": "larger", "or": " or ", "and": " and ", ",": ", "},
    "zh": {"earlier": "更早", "larger": "更大", "or": "和", "and": "和", ",": "、"},
}


def compose_question(
    composition: Composition, hops: Sequence[SingleHop], links: Sequence[HopLink] = ()
) -> tuple[str, str]:
    """A question that needs all hops, and its answer."""
    answer = composed_answer(composition, hops)
    texts = _described(hops, links)
    if composition in (Composition.BRIDGE, Composition.SINGLE):
        return texts[-1], answer
    language = "zh" if hops[0].language == "zh" else "en"
    names = [_name(at, hops, links, texts) for at in range(len(hops))]
    return _worded(composition, hops, names, language), answer


def _worded(
    composition: Composition, hops: Sequence[SingleHop], names: Sequence[str], language: str
) -> str:
    words, relation = _WORDS[language], hops[-1].relation
    if composition is Composition.INTERSECTION:
        first, second = (
            _FACT[language].format(relation=hop.relation, answer=hop.answer) for hop in hops[:2]
        )
        return _SHARED[language].format(first=first, second=second)
    if composition is Composition.AGGREGATE:
        return _TOTAL[language].format(relation=relation, names=_listed(names, "and", words))
    if composition is Composition.TEMPORAL and len(hops) > 2:
        return _ORDERED[language].format(relation=relation, names=_listed(names, "and", words))
    which = words["earlier" if hops[-1].kind is AnswerKind.DATE else "larger"]
    listed = _listed(names[-2:], "or", words)
    return _WEIGHED[language].format(which=which, relation=relation, names=listed)


def _described(hops: Sequence[SingleHop], links: Sequence[HopLink]) -> list[str]:
    """Each question with the answers that it asks about described by the questions before it."""
    texts: list[str] = []
    for at, hop in enumerate(hops):
        described = {
            link.mention: _answer_to(texts[link.head], hop) for link in links if link.tail == at
        }
        texts.append(_replace_mentions(hop.question, described))
    return texts


def _name(
    at: int, hops: Sequence[SingleHop], links: Sequence[HopLink], texts: Sequence[str]
) -> str:
    """What a hop asks about: its subject, or the question that leads to it."""
    heads = [texts[link.head] for link in links if link.tail == at]
    return _answer_to(heads[0], hops[at]) if heads else hops[at].subject


def _listed(names: Sequence[str], last: str, words: dict[str, str]) -> str:
    separator = separator_of(names, "zh" if words[","] == "、" else "en")
    if separator == "; ":
        return separator.join(names)
    *rest, final = names
    return separator.join(rest) + words[last] + final


def _answer_to(question: str, hop: SingleHop) -> str:
    inner = question.rstrip()
    return f"“{inner}”的答案" if hop.language == "zh" else f'the answer to "{inner}"'


def _replace_mentions(question: str, described: Mapping[str, str]) -> str:
    """The question with each name, and an article before it, replaced wherever it stands.

    All at once, so that nothing is replaced in what stands there instead of another.
    """
    if not described:
        return question
    names = sorted(described, key=len, reverse=True)
    patterns = [f"({_pattern(name)})" for name in names]
    seen: set[str] = set()

    def replace(found: re.Match[str]) -> str:
        name = names[found.lastindex - 1] if found.lastindex else ""
        seen.add(name)
        return described[name]

    replaced = re.sub("|".join(patterns), replace, question, flags=re.IGNORECASE)
    beside = "".join(f" ({described[name]})" for name in described if name not in seen)
    return replaced + beside


def _pattern(name: str) -> str:
    words = r"\s+".join(re.escape(word) for word in name.split())
    if not name.isascii() and not name[0].isascii():
        return words
    before = r"(?:\b(?:the|a|an)\s+)?" + (r"\b" if name[0].isalnum() else "")
    return before + words + (r"\b" if name[-1].isalnum() else "")
