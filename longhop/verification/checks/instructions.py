"""Texts that instruct a model, where they should be read."""

import re
import unicodedata

from longhop.records.accounts import Reason
from longhop.records.questions import SingleHop
from longhop.verification.checks.finding import Finding

_EARLIER = r"(?:previous|prior|above|earlier|preceding|foregoing|former)"
_ORDERS = r"(?:instructions?|prompts?|directions?|directives?|commands?|guidelines|messages?)"
_FORGET = r"(?:ignore|disregard|forget|override|bypass|do not follow|don't follow)"
_A_MODEL = r"(?:an? )?(?:\w+ )?(?:ai|large language|language) (?:assistant|model|chatbot)"
_FIRST = r"(?:^|[.!?:;\"“>]\s*)(?:please\s+)?"  # as a sentence begins
_ZH_EARLIER = r"(?:之前|此前|以上|上述|上面|前面|先前)"
_ZH_ORDERS = r"(?:指令|指示|提示词?|命令|要求|规则)"
_ZH_MODEL = r"(?:(?:AI|人工智能)(?:助手|助理|(?:语言)?模型|聊天机器人)|大?型?语言模型)"

# Each with what it is, for people. Only what hardly any text says that is not made for a model.
_PATTERNS = tuple(
    (what, re.compile(pattern, re.IGNORECASE | re.MULTILINE))
    for what, pattern in (
        (
            "an order to forget orders",
            rf"\b{_FORGET}\s+(?:(?:all|any|every|the|your|my|these|those|of)\s+)*"
            rf"(?:{_EARLIER}\s+(?:\w+\s+)?{_ORDERS}|{_ORDERS}\s+(?:above|before|so far)|"
            rf"(?<=your\s)(?:\w+\s+)?instructions)\b",
        ),
        (
            "a model speaking of itself",
            rf"{_FIRST}as an? (?:ai|large language|ai language) model\b"
            r"|\bas an ai(?: language model| model| assistant)?,? i\b"
            r"|\bi(?:'m| am) (?:just |only )?an ai (?:assistant|(?:language )?model)\b",
        ),
        (
            "an order to be a model",
            rf"\byou are (?:now )?{_A_MODEL}\b|\byou are (?:now )?(?:chatgpt|dan)\b"
            rf"|\byou are a helpful assistant\b|{_FIRST}(?:pretend to be|act as) {_A_MODEL}\b",
        ),
        (
            "an order about a prompt",
            r"\b(?:reveal|print|repeat|show|leak|output)\s+(?:me\s+)?(?:"
            r"your\s+(?:system|initial|hidden|original|developer)\s+(?:prompt|instructions?|message)"
            r"|the\s+(?:system|hidden|developer)\s+prompt)\b",
        ),
        (
            "a token of a chat",
            r"<\|[a-z][\w▁ ]{1,40}\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>",
        ),
        (
            "a role of a chat",
            r"^[ \t]*#{2,3} ?(?:system|assistant|human)\s*(?:message|prompt)?:[ \t]*$"
            r"|^[ \t]*#{2,3} ?(?:instruction|response):[ \t]*$"
            r"|^[ \t]*(?:user|human)[ \t]*:[^\n]*\n{1,2}[ \t]*(?:assistant|ai)[ \t]*:",
        ),
        (
            "an order to forget orders",
            rf"(?:忽略|无视|忘记|忘掉|不要理会|不要遵守)(?:掉|你的?|所有|一切|任何|的){{0,3}}"
            rf"{_ZH_EARLIER}[^。！？\n]{{0,6}}{_ZH_ORDERS}"
            r"|(?:忽略|无视|忘记|忘掉)(?:所有|一切)?你(?:的|收到的)(?:所有|一切|系统)?(?:指令|指示|提示词)",
        ),
        (
            "a model speaking of itself",
            rf"作为(?:一个|一款|一名)?(?:{_ZH_MODEL}|AI|人工智能)[，,]?我"
            rf"|我(?:只)?是(?:一个|一款|一名){_ZH_MODEL}",
        ),
        ("an order to be a model", rf"[你您](?:现在|将)?(?:是|扮演)(?:一个|一名|一款)?{_ZH_MODEL}"),
        (
            "an order about a prompt",
            r"(?:输出|打印|显示|泄露|透露|重复|告诉我)你的?(?:全部|完整)?的?"
            r"(?:系统提示|系统指令|初始提示|初始指令|提示词)",
        ),
    )
)


def check_instructions(question: str, answer: str, hops: tuple[SingleHop, ...]) -> Finding | None:
    """Whether what a row is made of instructs a model: its wording, its hops, their quotes."""
    texts = [question, answer]
    texts += [each for hop in hops for each in (hop.question, hop.answer, hop.quote)]
    for text in texts:
        if found := find_instruction(text):
            return Reason.SUSPICIOUS, found
    return None


def find_instruction(text: str) -> str:
    """What in a text instructs a model or frames its turns, and as what; empty where nothing does.

    Forms of letters do not count, nor do spaces.
    """
    plain = unicodedata.normalize("NFKC", text).replace("’", "'")
    for what, pattern in _PATTERNS:
        if found := pattern.search(plain):
            return f"{what}: {found.group().strip()!r}"
    return ""
