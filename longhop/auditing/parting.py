"""Turns and contexts that are one text, taken apart by what people write between the parts."""

import re
from dataclasses import dataclass

from longhop.auditing.items import Part

# What names a question in a turn, and what may lead to its answer.
_ASKS = re.compile(
    r"^[ \t#*]*(?:question|问题)\s*\d*\s*[*]*[:：][ \t*]*", re.IGNORECASE | re.MULTILINE
)
_LEADS = re.compile(
    r"\s*^[ \t#*]*(?:answer|答案|回答)\s*[*]*[:：]\s*\Z", re.IGNORECASE | re.MULTILINE
)
_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
# A block that speaks of the task, and is short, is no document.
_TELLS = re.compile(
    r"\b(?:questions?|answers?|asked|instructions?)\b|问题|回答|要求", re.IGNORECASE
)
_SHORT = 300
# A block of more characters is no question.
_QUESTION = 2000
_HEADER = re.compile(
    r"^(?:(?:Document|Passage|Doc|Article|Paragraph|Text)\s*\[?#?(\d{1,6})\]?|\[(\d{1,6})\]"
    r"|(?:文档|段落|文章|文献)\s*\[?(\d{1,6})\]?)[ \t]*[:：.)）]?[ \t]*(.*)$",
    re.MULTILINE,
)
_TITLE = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """A turn of a user in its parts: context, question, and what says what is to be done."""

    context: str
    question: str
    around: str


def take_apart(turn: str) -> Taken:
    """The question of a turn and the context before it, or behind it.

    The question is what follows the last line that begins with "Question:"; where there is no such
    line, the last block of the turn, or the first where the last is too long for a question. Short
    blocks at either end that speak of questions and answers are neither.
    """
    lead = _LEADS.search(turn)
    body = turn[: lead.start()] if lead else turn
    marks = list(_ASKS.finditer(body))
    if marks and body[marks[-1].end() :].strip():
        question, before = body[marks[-1].end() :].strip(), body[: marks[-1].start()]
    else:
        blocks = _BLANK.split(body.strip())
        if len(blocks) == 1:
            return Taken("", body.strip(), "")
        if len(blocks[-1]) <= _QUESTION:
            question, before = blocks[-1], body.rstrip()[: -len(blocks[-1])]
        elif len(blocks[0]) <= _QUESTION:
            question, before = blocks[0], body.lstrip()[len(blocks[0]) :]
        else:
            return Taken("", body.strip(), "")
    context, around = _without_orders(before.strip())
    return Taken(context, question, around)


def find_parts(text: str) -> tuple[Part, ...]:
    """The documents of a text whose headers number them from 0 or 1; none where none do."""
    heads = list(_HEADER.finditer(text))
    numbers = [int(next(filter(None, each.groups()[:3]), "0")) for each in heads]
    if len(heads) < 2 or numbers[0] > 1:
        return ()
    kept = [heads[0]]
    for head, number in zip(heads[1:], numbers[1:], strict=True):
        if number == numbers[0] + len(kept):  # any other is a line of a document's own
            kept.append(head)
    if len(kept) < 2:
        return ()
    ends = [*(each.start() for each in kept[1:]), len(text)]
    return tuple(map(_part, [text] * len(kept), kept, ends))


def _part(text: str, head: re.Match[str], end: int) -> Part:
    """A document; a line that is too long for a title is the document itself."""
    titled = len(head[4]) <= _TITLE and bool(text[head.end() : end].strip())
    start = head.end() if titled else head.start(4)
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Part(head[4].strip() if titled else "", start, start + len(text[start:end].rstrip()))


def _without_orders(before: str) -> tuple[str, str]:
    """What is left of a text without the blocks at its ends that speak of the task, and these."""
    around: list[str] = []
    blanks = list(_BLANK.finditer(before))
    if blanks and _is_order(before[: blanks[0].start()]):
        around.append(before[: blanks[0].start()])
        before = before[blanks[0].end() :]
        blanks = list(_BLANK.finditer(before))
    if blanks and _is_order(before[blanks[-1].end() :]):
        around.append(before[blanks[-1].end() :])
        before = before[: blanks[-1].start()]
    elif not blanks and _is_order(before):
        return "", "\n\n".join([*around, before])
    return before, "\n\n".join(around)


def _is_order(block: str) -> bool:
    return len(block) <= _SHORT and bool(_TELLS.search(block)) and not _HEADER.match(block)
