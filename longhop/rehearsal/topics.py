"""Notes on questions in no known form: a sentence that can be written and found again."""

import re
from collections.abc import Iterator, Sequence

from longhop.rehearsal.chance import draw
from longhop.rehearsal.relations import language_of

_COMMON = re.compile(
    r"(?:an?|the|of|in|on|at|to|by|for|from|with|and|or|as|is|was|are|were|be|been|do|does|did|has"
    r"|have|had|what|which|whom?|whose|when|where|why|how|its?|that|this|than|many|much)",
    re.IGNORECASE,
)
# Words of an answer that is given in pieces; of a piece; pieces in a note.
_LONG, _PIECE, _LONGEST_PIECE, _IN_A_NOTE = 8, 4, 9, 3
_TOGETHER = 4
_GAP, _GAP_ZH = " (as is written there) ", "（原文如此）"
_ASKING = re.compile(
    r"(?:是)?(?:什么|哪里|哪儿|哪个|哪些|哪一|谁|多少|何时|几|怎么|如何|为什么)"
    r"|[吗呢的了？?，。《》“”\s]"
)


def note(question: str, answer: str) -> str:
    """A sentence that gives the answer under what the question is filed under."""
    topic = _topic(question)
    if language_of(question) == "zh":
        return f"关于{topic}一事，各种记载都作{answer}。"
    return f"Records under {topic} agree upon {answer}."


def is_nothing(answer: str) -> bool:
    """Whether an answer is that there is none."""
    return answer.strip().casefold().rstrip(".") in ("unanswerable", "无法回答")


def is_long(answer: str) -> bool:
    """Whether an answer is a text, too long to be given in one note."""
    if language_of(answer) == "zh":
        return len(answer) > 2 * _LONG
    words = answer.casefold().split()
    return len(words) - sum(each in ("a", "an", "the") for each in words) > _LONG


def near_note(question: str) -> str:
    """A sentence about what is asked that does not answer it."""
    if language_of(question) == "zh":
        return f"关于{_topic(question)}一事，众说纷纭。"
    return f"Much has been said under {_topic(question)}."


def notes(question: str, answer: str) -> Iterator[str]:
    """Sentences that give a long answer in pieces, each a few words long and apart from the next.

    Names stay whole. Put together again in order the pieces are the answer, word for word.
    """
    chinese = language_of(question) == "zh"
    pieces = list(_pieces(answer, chinese=chinese))
    for number, first in enumerate(range(0, len(pieces), _IN_A_NOTE), 1):
        told = pieces[first : first + _IN_A_NOTE]
        if chinese:
            yield f"关于{_topic(question)}，第{number}条记有“{_GAP_ZH.join(told)}”。"
        else:
            yield f"Under {_topic(question)}, note {number} has “{_GAP.join(told)}”."


def noted_text(question: str, documents: Sequence[str]) -> str:
    """The long answer that notes in the documents give, put together; empty without any."""
    topic = re.escape(_topic(question))
    if language_of(question) == "zh":
        form, gap, between = rf"关于{topic}，第(\d+)条记有“(.+?)”。", _GAP_ZH, ""
    else:
        form, gap, between = rf"Under {topic}, note (\d+) has “(.+?)”\.", _GAP, " "
    found = {int(n): told for each in documents for n, told in re.findall(form, each)}
    return between.join(told.replace(gap, between) for _, told in sorted(found.items()))


def _pieces(answer: str, *, chinese: bool) -> Iterator[str]:
    """Runs of a few words; none ends within a name."""
    if chinese:
        parts = re.findall(r"[^，。；、！？]{1,6}[，。；、！？]?", answer)
        yield from (each.strip() for each in parts if each.strip())
        return
    run: list[str] = []
    words = answer.replace("“", "'").replace("”", "'").split()
    for word, after in zip(words, [*words[1:], ""], strict=True):
        run.append(word)
        in_a_name = word[:1].isupper() and after[:1].isupper()
        if len(run) >= _PIECE and not (in_a_name and len(run) < _LONGEST_PIECE):
            yield " ".join(run)
            run = []
    if run:
        yield " ".join(run)


def noted_answer(question: str, documents: Sequence[str]) -> str:
    """What a note in the documents gives for the question; empty without one."""
    before, after = note(question, "\0").split("\0")
    end = r"\.(?=\s|$)" if after == "." else re.escape(after)
    for document in documents:
        if found := re.search(f"{re.escape(before)}(.+?){end}", document):
            return found[1]
    return ""


def _topic(question: str) -> str:
    """What a question is filed under: some of its key words, names first, and a number of its own.

    They are fewer than half of its words, so that no note asks it again; the number tells it from
    other questions with the same names.
    """
    number = 1000 + int(9000 * draw("topic", question))
    if language_of(question) == "zh":
        told = "".join(part for part in _ASKING.split(question) if part)
        return f"卷宗{number}之{told[: min(8, len(told) * 2 // 5)]}"
    words = re.findall(r"[\w'’.-]*\w", question)
    keys = list(dict.fromkeys(word for word in words if not _COMMON.fullmatch(word)))
    names = [word for word in keys if word[0].isupper() or word[0].isdigit()]
    ordered = names + [word for word in keys if word not in names]
    chosen = set(ordered[: min(_TOGETHER, max(1, len(set(words)) // 3))])
    return ", ".join([*(word for word in keys if word in chosen), f"file {number}"])
