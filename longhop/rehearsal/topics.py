"""Notes on questions in no known form: a sentence that can be written and found again."""

import re
from collections.abc import Sequence

from longhop.rehearsal.relations import language_of

_COMMON = re.compile(
    r"(?:an?|the|of|in|on|at|to|by|for|from|with|and|or|as|is|was|are|were|be|been|do|does|did|has"
    r"|have|had|what|which|whom?|whose|when|where|why|how|its?|that|this|than|many|much)",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:是)?(?:什么|哪里|哪儿|哪个|哪些|哪一|谁|多少|何时|几|怎么|如何|为什么)"
    r"|[吗呢的了？?，。《》“”\s]"
)


def note(question: str, answer: str) -> str:
    """A sentence that gives the answer under the question's own key words."""
    topic = _topic(question)
    if language_of(question) == "zh":
        return f"关于{topic}一事，各种记载都作{answer}。"
    return f"On the matter of {topic}, the records agree on {answer}."


def noted_answer(question: str, documents: Sequence[str]) -> str:
    """What a note in the documents gives for the question; empty without one."""
    before, after = note(question, "\0").split("\0")
    end = r"\.(?=\s|$)" if after == "." else re.escape(after)
    for document in documents:
        if found := re.search(f"{re.escape(before)}(.+?){end}", document):
            return found[1]
    return ""


def _topic(question: str) -> str:
    if language_of(question) == "zh":
        return "、".join(part for part in _ASKING.split(question) if part)[:40]
    words = re.findall(r"[\w'’.-]*\w", question)
    return ", ".join(word for word in words if not _COMMON.fullmatch(word))
