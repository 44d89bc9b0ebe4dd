"""What is left of the task in a written text: cut off where it only hangs on, else found."""

import re

from longhop.corpus.cleaning import clean_text
from longhop.verification.checks import find_instruction

_ASKED = r"(?:question|query|问题|题目|提问)"
_ANSWERED = r"(?:answer|response|答案|回答)"
_SIGNS = '*_#"“'
_SIGN = rf"[\s{_SIGNS}]*+"
# At the head of any line, so within it: else lines of signs would be read over and over.
_SIGN_IN_LINE = rf"(?:[^\S\n]|[{_SIGNS}])*+"
_MARKER = re.compile(
    rf"{_SIGN}(?:context|document|passage|background|背景|文档|正文|上下文){_SIGN}[:：]{_SIGN}",
    re.IGNORECASE,
)
_ASKING, _ANSWERING = (
    re.compile(rf"{_SIGN}{what}{_SIGN}[:：]", re.IGNORECASE) for what in (_ASKED, _ANSWERED)
)
_FENCE = re.compile(r"```\w*\n")
_TOKEN = (
    r"(?:<\|[^|<>\n]{1,40}\|>|</?s>|<(?:eos|bos|pad|unk|sep|cls|mask|endoftext)>"
    r"|\[(?:/?INST|EOS|BOS|PAD|SEP|CLS|MASK|UNK)\]|<</?SYS>>|<(?:start|end)_of_turn>)"
)
_LAST_TOKEN, _LONGEST_TOKEN = re.compile(rf"{_TOKEN}\Z"), 44
_WRITE = (
    r"(?:assist|help|write|provide|create|generate|produce|fulfil|fulfill|comply|do (?:that|this)"
    r"|complete|continue)\b"
)
_CANNOT = r"(?:can(?:no|['’])?t|cannot|am unable to|['’]m unable to|am not able to|won['’]t)"
# Each with what it is, for people.
_PATTERNS = tuple(
    (what, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for what, pattern in (
        ("a special token", _TOKEN),
        (
            "a refusal",
            rf"\A\W*i {_CANNOT} {_WRITE}"
            rf"|\b(?:sorry|apologi[sz]e|unfortunately)\b[^.!?\n]{{0,40}}\bi\s*{_CANNOT} {_WRITE}"
            r"|\A\W*(?:很?抱歉|对不起|非常抱歉)[^。\n]{0,20}(?:无法|不能)"
            r"|\A\W*我(?:无法|不能)(?:提供|协助|帮助|完成|编写|撰写|回答)",
        ),
        (
            "a remark about the task",
            r"\A\W*(?:sure|certainly|of course|okay)\s*[,!:]"
            r"|\A\W*(?:here(?:'s| is| are)|below (?:is|are))\b[^.\n]{0,60}\b(?:document|context"
            r"|text|passage|article|sections?|requested|question)\b[^.\n]{0,60}:"
            r"|\A\W*(?:好的|当然)[，,!！]|\A\W*(?:以下|下面)是[^。\n]{0,20}(?:文档|文章|正文|内容|各节)"
            r"|\b(?:the|this) (?:question|answer) (?:above|given|asked|provided)\b"
            r"|\bword count\b\s*[:(]",
        ),
        (
            "a marker of the task",
            rf"^{_SIGN_IN_LINE}(?:{_ASKED}|{_ANSWERED}|context|evidence){_SIGN}[:：]",
        ),
    )
)  # fmt: skip


def cut_residue(text: str) -> str:
    """The text without a marker at its head, a question and answer or tokens at its end.

    Its characters are in one form, and none of them is one that nobody sees.
    """
    bare = clean_text(text)
    before = None
    while before != bare:
        before = bare
        for head in (_FENCE, _MARKER):
            if found := head.match(bare):
                bare = bare[found.end() :].strip()
        bare = bare.removesuffix("```").strip()
        bare = bare[: _end_before_tokens(bare)].strip()
        bare = bare[: _end_before_question(bare)].strip()
    return bare


def _end_before_tokens(text: str) -> int:
    """Where a text ends but for its last special tokens; it is looked through from there."""
    end = len(text)
    while found := _LAST_TOKEN.search(text, max(0, end - _LONGEST_TOKEN), end):
        end = found.start()
        while end and text[end - 1].isspace():
            end -= 1
    return end


def _end_before_question(text: str) -> int:
    """Where a text ends but for a question, an answer or both, in its last lines."""
    last = text.rfind("\n") + 1
    if _ASKING.match(text, last):
        return _before_signs(text, last)
    if not last or not _ANSWERING.match(text, last):
        return len(text)
    start = _before_signs(text, last)
    line = text.rfind("\n", 0, start) + 1
    if _ASKING.match(text, line, start):
        return _before_signs(text, line)
    return start or text.find("\n")


def _before_signs(text: str, line: int) -> int:
    """The first line's end before which there are only signs up to the line that begins there."""
    start = line
    while start and (text[start - 1].isspace() or text[start - 1] in _SIGNS):
        start -= 1
    first = text.find("\n", start, line)
    return start if not start or first < 0 else first


def find_residue(text: str) -> str:
    """What in a text is not of the document but of the task, and as what; empty without any."""
    for what, pattern in _PATTERNS:
        if found := pattern.search(text):
            return f"{what}: {found.group().strip()[:80]!r}"
    return find_instruction(text)
