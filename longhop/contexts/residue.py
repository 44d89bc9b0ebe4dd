"""What is left of the task in a written text: cut off where it only hangs on, else found."""

import re

from longhop.corpus.cleaning import clean_text
from longhop.verification.checks import find_instruction

_ASKED = r"(?:question|query|问题|题目|提问)"
_ANSWERED = r"(?:answer|response|答案|回答)"
_SIGN = r"[\s*_#\"“]*"
_MARKER = re.compile(
    rf"\A{_SIGN}(?:context|document|passage|background|背景|文档|正文|上下文){_SIGN}[:：]{_SIGN}",
    re.IGNORECASE,
)
_TAIL = re.compile(
    rf"(?:\A|\n){_SIGN}{_ASKED}{_SIGN}[:：][^\n]*"
    rf"(?:\n{_SIGN}{_ANSWERED}{_SIGN}[:：][^\n]*)?\s*\Z"
    rf"|\n{_SIGN}{_ANSWERED}{_SIGN}[:：][^\n]*\s*\Z",
    re.IGNORECASE,
)
_FENCES = re.compile(r"\A```\w*\n|\n?```\Z")
_TOKEN = (
    r"(?:<\|[^|<>\n]{1,40}\|>|</?s>|<(?:eos|bos|pad|unk|sep|cls|mask|endoftext)>"
    r"|\[(?:/?INST|EOS|BOS|PAD|SEP|CLS|MASK|UNK)\]|<</?SYS>>|<(?:start|end)_of_turn>)"
)
_LAST_TOKENS = re.compile(rf"(?:\s*{_TOKEN})+\s*\Z")
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
            rf"^{_SIGN}(?:{_ASKED}|{_ANSWERED}|context|evidence){_SIGN}[:：]",
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
        for pattern in (_FENCES, _MARKER, _LAST_TOKENS, _TAIL):
            bare = pattern.sub("", bare).strip()
    return bare


def find_residue(text: str) -> str:
    """What in a text is not of the document but of the task, and as what; empty without any."""
    for what, pattern in _PATTERNS:
        if found := pattern.search(text):
            return f"{what}: {found.group().strip()[:80]!r}"
    return find_instruction(text)
