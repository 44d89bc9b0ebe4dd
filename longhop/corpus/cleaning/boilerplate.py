"""Boilerplate: lines that a page, a printer or a library put around a text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from statistics import median

_START = r"^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG.{,200}?\*\*\* *$\n?"
_HEAD = re.compile(rf"\A.{{,40000}}?{_START}", re.DOTALL | re.MULTILINE)
_FOOT = re.compile(
    r"^(?:End of (?:the |this )?Project Gutenberg[^\n]*\n\s*)?"
    rf"\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG.*?(?:{_START}|\Z)",
    re.DOTALL | re.MULTILINE,
)

# "Page 3 of 12" is a page number wherever it stands, the others where they count the pages.
_PAGE_OF = re.compile(
    r"(?:page|p\.|seite|página|pagina|стр\.) ?\d{1,4} ?(?:of|/|von|de|di|из) ?\d{1,4}"
    r"|第 ?\d{1,4} ?页[ ,，/]*共 ?\d{1,4} ?页",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:page|p\.|seite|página) ?(\d{1,4})|[-–—] ?(\d{1,4}) ?[-–—]|第 ?(\d{1,4}) ?页",
    re.IGNORECASE,
)
_PAGE_ENDS = frozenset("0123456789-–—页")

# Whole lines of web pages in lower case; each begins with two characters that are always there.
_WEB_LINES = (
    r"skip to (?:the )?(?:main )?(?:content|navigation|search|footer)",
    r"accept (?:all )?cookies",
    r"manage (?:all )?cookies",
    r"cookie (?:policy|settings|preferences|notice|consent)",
    r"we use cookies\b.*",
    r"this (?:web)?site uses cookies\b.*",
    r"our (?:web)?site uses cookies\b.*",
    r"by (?:continuing to (?:use|browse)|using) (?:this|our) (?:web)?site\b.*\bcookies\b.*",
    r"share (?:this|on|via)(?: (?:article|page|post|story|on|via|with))*"
    r"(?:[ ,|/•·:]*(?:facebook|twitter|x|linkedin|whatsapp|reddit|e-?mail|pinterest))*",
    r"tweet this",
    r"follow us(?: on [\w ,]+)?",
    r"subscribe to our newsletter",
    r"sign up (?:to|for) our newsletter",
    r"back to (?:the )?top",
    r"print this (?:page|article)",
    r"email this (?:page|article)",
    r"e-mail this (?:page|article)",
    r"advertisement",
    r"all rights reserved",
    r"copyright\b.{,80}\ball rights reserved",
    r"\(c\) .{,80}\ball rights reserved",
    r"zum inhalt springen",
    r"alle rechte vorbehalten",
    r"diese website verwendet cookies\b.*",
    r"aller au contenu(?: principal)?",
    r"tous droits réservés",
    r"ce site utilise des cookies\b.*",
    r"saltar al contenido(?: principal)?",
    r"todos los derechos reservados",
    r"este sitio(?: web)? utiliza cookies\b.*",
    r"pular para o conteúdo",
    r"todos os direitos reservados",
    r"vai al contenuto",
    r"tutti i diritti riservati",
    r"перейти к (?:основному )?содержанию",
    r"все права защищены",
    r"تخطي إلى المحتوى",
    r"جميع الحقوق محفوظة.{,40}",
    r"(?:跳至|跳到|跳转到)(?:主要|正文)?内容",
    r"版权所有.{,40}",
    r"版權所有.{,40}",
    r"分享到(?:[:： 、]*(?:微信|微博|新浪微博|朋友圈|qq空间|qq|facebook|twitter))*",
    r"分享至(?:[:： 、]*(?:微信|微博|新浪微博|朋友圈|qq空间|qq|facebook|twitter))*",
    r"返回(?:页面)?顶部",
    r"打印本页",
    r"关闭窗口",
    r"本网?站使用 ?cookies?.*",
    r"コンテンツへスキップ",
    r"無断(?:転載|複製).{,12}禁.{,6}",
    r"본문 ?바로가기",
    r"무단 ?전재.{,20}금지",
    r"© .{,80}(?:all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los"
    r" derechos reservados|все права защищены|版权所有|جميع الحقوق محفوظة)",
)
_WEB_LONGEST = 160

_HEADER_TIMES = 5
_HEADER_GAP = 800
_HEADER_LENGTHS = range(6, 81)


def drop_boilerplate(text: str) -> tuple[str, int]:
    """The text without what was put around it, and how many lines that were.

    Conservative: a line goes only as a whole, and only where nothing but boilerplate reads so.
    """
    text, dropped = _drop_library(text)
    lines = text.split("\n")
    unwanted = _web_lines(lines) | _page_numbers(lines)
    while unwanted := unwanted or _running_headers(lines):
        lines = [line for at, line in enumerate(lines) if at not in unwanted]
        dropped += len(unwanted)
        text, unwanted = "\n".join(lines), set()
    return text, dropped


def _drop_library(text: str) -> tuple[str, int]:
    """What Project Gutenberg prints before and after a book."""
    if "PROJECT GUTENBERG" not in text:
        return text, 0
    kept = _FOOT.sub("\n", text)
    while (head := _HEAD.match(kept)) and "Project Gutenberg" in head.group():
        kept = kept[head.end() :]
    return kept, text.count("\n") - kept.count("\n")


def _starts(pattern: str) -> Iterable[str]:
    """The two characters that a line of this pattern may begin with."""
    if pattern.startswith("(?:"):
        return (each[:2] for each in pattern[3 : pattern.index(")")].split("|"))
    return (pattern.replace("\\", "").replace("?", "")[:2],)


_WEB = re.compile("|".join(f"(?:{each})" for each in _WEB_LINES))
_WEB_STARTS = frozenset(start for each in _WEB_LINES for start in _starts(each))


def _web_lines(lines: Sequence[str]) -> set[int]:
    found = set()
    starts = [line.lstrip()[:2].lower() for line in lines]
    for at in [at for at, start in enumerate(starts) if start in _WEB_STARTS]:
        if len(lines[at]) <= _WEB_LONGEST:
            bare = " ".join(lines[at].lower().split()).rstrip(".!。 ")
            if _WEB.fullmatch(bare):
                found.add(at)
    return found


def _page_numbers(lines: Sequence[str]) -> set[int]:
    found, series = set(), []
    for at, bare in enumerate(map(str.strip, lines)):
        if bare[-1:] not in _PAGE_ENDS or not 3 <= len(bare) <= 40:
            continue
        if _PAGE_OF.fullmatch(bare):
            found.add(at)
        elif page := _PAGE.fullmatch(bare):
            series.append((at, int(page[page.lastindex or 0])))
    rising = all(one < other for (_, one), (_, other) in pairwise(series))
    return found | {at for at, _ in series} if len(series) >= 3 and rising else found


def _running_headers(lines: Sequence[str]) -> set[int]:
    """Lines that come again page by page, and break sentences in two as no heading does."""
    written = [bare for bare in map(str.strip, lines) if bare]
    if len(written) - len(set(written)) < _HEADER_TIMES - 1:
        return set()
    times = Counter(bare for bare in written if len(bare) in _HEADER_LENGTHS)
    repeated = {bare for bare, count in times.items() if count >= _HEADER_TIMES and _is_title(bare)}
    if not repeated:
        return set()
    places = defaultdict(list)
    for at, line in enumerate(lines):
        if (bare := line.strip()) in repeated:
            places[bare].append(at)
    before = list(accumulate(len(line.replace(" ", "")) for line in lines))
    return {
        at
        for found in places.values()
        if median(before[other] - before[one] for one, other in pairwise(found)) >= _HEADER_GAP
        and _breaks_sentences([_around(at, lines) for at in found])
        for at in found
    }


def _is_title(bare: str) -> bool:
    """Whether a line may name a book or a chapter: words, no markup and no sentence."""
    first = bare[0]
    return first.isalpha() and not first.islower() and bare[-1].isalnum()


def _around(at: int, lines: Sequence[str]) -> tuple[str, str]:
    """The lines before and after one, blank ones left out."""
    orders = (reversed(range(at)), range(at + 1, len(lines)))
    before, after = (
        next((it for at in order if (it := lines[at].strip())), "") for order in orders
    )
    return before, after


def _breaks_sentences(around: Sequence[tuple[str, str]]) -> bool:
    """Whether half of the pairs of lines are one sentence, and no two pairs share a line.

    Where they do, it is the same paragraph that comes again.
    """
    broken = sum(
        after[:1].isalpha()
        and not after[:1].isupper()
        and (before[-1:].isalnum() or before[-1:] in {",", "，", "、", "-"})
        for before, after in around
    )
    distinct = min(len({before for before, _ in around}), len({after for _, after in around}))
    return 2 * broken >= len(around) and 5 * distinct >= 4 * len(around)
