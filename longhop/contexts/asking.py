"""What a trusted instruction needs before it can be answered: a document, and perhaps its name."""

import re
from enum import Enum

from longhop.matching import mentions
from longhop.records.accounts import Reason
from longhop.records.seeds import SeedPair
from longhop.verification.answers import is_text, is_yes_or_no, says_nothing
from longhop.verification.checks import find_unresolved

_SPECIFIC = re.compile(r"(?<=\s)[\"“']?[A-Z\d]|\d|[《「“]")
_FEWEST_CHARACTERS = 8
_SUMMARISE = r"\bsummari[sz]|\bsummary\b|\bsynopsis\b|\babstract of\b|概括|总结|摘要|综述|概述"
_SUMMARY = re.compile(_SUMMARISE, re.IGNORECASE)
# An instruction about a text that it takes as given.
_ABOUT_A_TEXT = re.compile(
    r"\b(?:the|this|that|these|those|all|each|following|whole|entire|above|given) "
    r"(?:\w+ )?(?:article|book|case|chapter|context|contract|conversation|conversations|debate|"
    r"dialogue|discussion|discussions|document|documents|essay|excerpt|file|interview|letter|"
    r"letters|log|logs|manual|meeting|meetings|memo|minutes|news|novel|page|pages|paper|papers|"
    r"paragraph|passage|passages|patent|plot|play|report|reports|review|reviews|script|speech|"
    r"story|stories|study|text|texts|transcript|transcripts)\b"
    rf"|{_SUMMARISE}|[本该此这上下][篇份段个次]?(?:文|文章|文档|报告|论文|会议|新闻|故事|小说|合同|材料|资料|书)",
    re.IGNORECASE,
)
# One that orders something to be made up, and so takes nothing as given.
_ORDER = re.compile(
    r"\s*(?:please |kindly |can you |could you )?(?:brainstorm|calculate|classify|compare|compose|"
    r"compute|convert|create|describe|design|develop|discuss|edit|explain|find|fix|generate|give|"
    r"identify|imagine|invent|list|make|name|outline|propose|provide|recommend|rewrite|solve|"
    r"suggest|tell|translate|write)\b"
    r"|\s*请?(?:写|列|举|给|设计|生成|翻译|解释|描述|介绍|编|创作|计算|推荐|改写|说明)",
    re.IGNORECASE,
)


class Need(Enum):
    """A document, or one that the row has to name."""

    DOCUMENT = "document"
    ANCHOR = "anchor"


def find_need(seed: SeedPair, *, shared: bool) -> Need | tuple[Reason, str]:
    """What a seed needs, or why no document helps it.

    One that names what it asks about needs a document. One that takes a text as given, that is
    `shared` with other answers, or that stands among the pairs of its task and names nothing,
    needs an anchor.
    """
    stated = not (is_text(seed.answer) or is_yes_or_no(seed.answer) or says_nothing(seed.answer))
    if stated and mentions(seed.question, seed.answer) and not _is_offered(seed):
        return Reason.ANSWER_LEAK, f"{seed.answer!r} is named"
    unclear, specific = find_unresolved(seed.question, seed.language), _is_specific(seed)
    if _ABOUT_A_TEXT.search(seed.question) and (
        unclear is not None or not specific or _SUMMARY.search(seed.question)
    ):
        return Need.ANCHOR
    if unclear is not None:
        return Reason.NOT_SELF_CONTAINED, f"{unclear!r} has nothing to name"
    if specific:
        return Need.ANCHOR if shared else Need.DOCUMENT
    if shared:
        return Need.ANCHOR
    if _ORDER.match(seed.question):
        return Reason.NEEDS_NO_DOCUMENT, "it takes no text as given, and names nothing"
    if is_yes_or_no(seed.answer) or not seed.task:
        return Reason.SEED_NOT_SPECIFIC, "the question names nothing"
    return Need.ANCHOR


def _is_specific(seed: SeedPair) -> bool:
    # Chinese writes no capitals, nor do most scripts, so only its length can tell there.
    question = seed.question
    without_capitals = seed.language == "zh" or question.lower() == question.upper()
    if without_capitals:
        return len(question) >= _FEWEST_CHARACTERS and _ORDER.match(question) is None
    return _SPECIFIC.search(question) is not None


def _is_offered(seed: SeedPair) -> bool:
    """Whether a question names its answer as one of the things to choose from."""
    answer = re.escape(seed.answer.strip().rstrip("."))
    beside = rf"(?:\bor\b[^,?]{{0,40}}{answer}|{answer}[^?]{{0,40}}\bor\b)"
    beside_zh = rf"(?:(?:还是|和|与){answer}|{answer}(?:还是|和|与))"
    return re.search(rf"{beside}|{beside_zh}", seed.question, re.IGNORECASE) is not None
