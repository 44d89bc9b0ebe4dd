"""What a Chinese sentence claims."""

import re
from collections.abc import Iterator

_NAME = r"(?P<s>《[^》]{1,30}》|[^，。；：、！？“”（）()《》\s]{1,20}?)"
_THING = r"(?!\d)(?P<o>《[^》]{1,30}》|[^，。；：、！？“”（）()《》\s]{1,20}?)"
_DAY = r"\d{1,4}年(?:\d{1,2}月(?:\d{1,2}日)?)?"
_DATE = rf"(?P<o>{_DAY})"
_END = r"(?=[，。；：、！？（(]|$|之)"
_ROLES = {
    "市长": "mayor", "馆长": "director", "校长": "rector", "会长": "president",
    "主席": "chairman", "主编": "editor",
}  # fmt: skip
_PRONOUN = re.compile(r"(?:它|他|她|这|那|该|此|其|本|我|你|每|有|在|两|从|当|据|但|而)")
_BRACKETS = re.compile(r"（[^）]*）|\([^)]*\)")


def _by(verbs: str) -> str:
    return rf"{_NAME}(?:是|为)?(?:于{_DAY})?由{_THING}(?:{verbs}){_END}"


_PATTERNS = tuple(
    (key, re.compile(rf"(?:^|(?<=[，。；])){pattern}"))
    for key, pattern in (
        ("date of birth", rf"{_NAME}(?:出)?生于{_DATE}"),
        ("place of birth", rf"{_NAME}(?:{_DAY})?出?生[于在](?:{_DAY}在?)?{_THING}{_END}"),
        ("date of death", rf"{_NAME}(?:逝世|去世|卒)于{_DATE}"),
        ("place of death", rf"{_NAME}(?:逝世|去世|病逝)[于在]{_THING}{_END}"),
        ("capital", rf"{_THING}(?:是|为){_NAME}的(?:首都|首府|省会){_END}"),
        ("capital", rf"{_NAME}的(?:首都|首府|省会)(?:是|为){_THING}{_END}"),
        ("headquarters", rf"{_NAME}的?总部(?:设在|位于|设于){_THING}{_END}"),
        ("location", rf"{_NAME}(?:位于|坐落于|坐落在|地处){_THING}(?:境内)?{_END}"),
        ("mouth", rf"{_NAME}(?:流入|注入|汇入){_THING}{_END}"),
        ("source", rf"{_NAME}发源于{_THING}{_END}"),
        ("education", rf"{_NAME}(?:毕业于|就读于){_THING}{_END}"),
        ("employer", rf"{_NAME}(?:任职于|供职于|加入){_THING}{_END}"),
        ("spouse", rf"{_NAME}(?:与|和){_THING}结婚{_END}"),
        ("spouse", rf"{_NAME}(?:娶了|嫁给了?|迎娶){_THING}{_END}"),
        ("parent", rf"{_NAME}是{_THING}(?:的|之)(?:儿子|女儿|孩子|长子|次子|长女|次女){_END}"),
        ("owner", rf"{_NAME}(?:归|为){_THING}所有{_END}"),
        ("author", rf"{_THING}(?:著有|写了|撰写了|创作了)(?P<s>《[^》]{{1,30}}》)"),
        ("film director", rf"{_THING}(?:执导|导演)了(?P<s>《[^》]{{1,30}}》)"),
        ("founder", _by("创立|创办|创建|建立")),
        ("author", _by("创作|撰写|所著|所写|编写|著")),
        ("film director", _by("导演|执导")),
        ("composer", _by("作曲|谱曲")),
        ("designer", _by("设计")),
        ("builder", _by("建造|修建|兴建")),
        ("publisher", _by("出版|发行")),
        ("ruler", _by("统治")),
        ("year of foundation", rf"{_NAME}(?:成立|创立|创办|创建|始建)于{_DATE}"),
        ("year of construction", rf"{_NAME}(?:建成|竣工|落成|完工)于{_DATE}"),
        ("year of publication", rf"{_NAME}(?:出版|发表)于{_DATE}"),
        ("date of release", rf"{_NAME}(?:上映|公映|首播)于{_DATE}"),
        ("population", rf"{_NAME}的?人口(?:为|约为|有|是|约)(?P<o>\d[\d,.]*[万亿]?人?)"),
        ("height", rf"{_NAME}(?:海拔|高度?为?)(?P<o>\d[\d,.]*米)"),
        ("length", rf"{_NAME}(?:全长|长度?为?)(?P<o>\d[\d,.]*(?:公里|千米|米))"),
        *((key, rf"{_NAME}的{name}(?:是|为){_THING}{_END}") for name, key in _ROLES.items()),
    )
)  # fmt: skip


def chinese_claims(sentence: str) -> Iterator[tuple[str, str, str, bool]]:
    """Relation, subject, object, and whether the subject is named."""
    plain = _BRACKETS.sub("", sentence)
    for key, pattern in _PATTERNS:
        if found := pattern.search(plain):
            subject, thing = found["s"], found["o"]
            pronoun = subject in ("它", "他", "她")
            if pronoun or not (_PRONOUN.match(subject) or _PRONOUN.match(thing)):
                yield key, subject, thing, not pronoun
