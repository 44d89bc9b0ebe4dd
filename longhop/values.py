"""Dates and amounts in texts: what they are ordered by, where that is beyond doubt."""

import re

from longhop.corpus.shingles import words_of

Value = tuple[tuple[float, ...], str]

NUMBER = re.compile(r"(?<![\w.,])[-−]?\d+(?:[.,]\d+)*(?![\d½¼¾⅓⅔])")
_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)")
_THOUSANDS = re.compile(r"[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?")
_LONGEST = 30
_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}
SCALES = {
    "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "trillion": 1e12,
    "万": 1e4, "亿": 1e8,
}  # fmt: skip
# One unit under one name; what is counted in heads has none, since texts mostly leave it out.
_UNITS = {
    spelt: unit
    for unit, spellings in {
        "": "people persons inhabitants residents 人",
        "km": "kilometre kilometres kilometer kilometers 公里 千米",
        "m": "metre metres meter meters 米",
        "cm": "centimetre centimetres centimeter centimeters",
        "mi": "mile miles",
        "ft": "foot feet",
        "kg": "kilogram kilograms kilogramme kilogrammes 公斤 千克",
        "t": "tonne tonnes ton tons 吨",
        "ha": "hectare hectares 公顷",
        "%": "percent 百分之",
        "year": "years 年",
        "day": "days 天",
        "hour": "hours 小时",
        "minute": "minutes min 分钟",
    }.items()
    for spelt in spellings.split()
}
# Of two characters or signs, which no split into words would keep.
_SPELT = {"公里": "km", "千米": "km", "公斤": "kg", "千克": "kg", "公顷": "ha", "百分之": "%",
          "小时": "hour", "分钟": "minute", "%": "percent", "$": "usd", "€": "eur", "£": "gbp",
          "¥": "yen", "²": "square", "³": "cubic"}  # fmt: skip
_ABOUT = "about around approximately some nearly almost roughly circa in on at of the 约 大约 近"
_ROUGHLY = frozenset(_ABOUT.split())
# A bound is no amount, and what is counted from another year no date.
_BOUNDS = (
    "above after ago before below beyond by exceeding exceeds fewer least less minus more most"
    " negative over since than under until up between to half bc bce ah"
)
_UNSURE = frozenset(_BOUNDS.split())
_UNSURE_ZH = re.compile(r"公元前|以前|之前|以后|之后|以上|以下|超过|不到|至少|至多|年代|世纪|负")
_DECADE = re.compile(r"\d0['’]?s\b")


def comparable_value(answer: str, *, is_date: bool) -> Value | None:
    """What a date or number is ordered by, with its unit; None where nothing orders it for sure.

    A date is (year, month, day), as far as it says; a number is (value,). Bounds ("more than 5"),
    other eras, decades, fractions and commas that may stand for a point are no values.
    """
    words = words_of(answer)
    if not _UNSURE.isdisjoint(words) or _UNSURE_ZH.search(answer) or _DECADE.search(answer):
        return None
    return _date(answer) if is_date else _amount(answer)


def same_value(one: str, other: str) -> bool | None:
    """Whether two texts are one date, to the day, or one amount in one unit; None for no values."""
    if _is_day(one) and _is_day(other):
        first, second = (comparable_value(each, is_date=True) for each in (one, other))
    else:
        first, second = (comparable_value(each, is_date=False) for each in (one, other))
    return None if first is None or second is None else first == second


def _date(answer: str) -> Value | None:
    years = _YEAR.findall(answer)
    if len(years) != 1:
        return None
    rest = answer.replace(years[0], " ")
    month = next((n for w in words_of(rest) if (n := _MONTHS.get(w))), 0)
    days = [int(each) for each in re.findall(r"(?<!\d)\d{1,2}(?!\d)", rest)]
    return (float(years[0]), float(month), float(days[0] if len(days) == 1 else 0)), ""


def _amount(answer: str) -> Value | None:
    numbers = NUMBER.findall(answer)
    if len(numbers) != 1 or len(re.findall(r"\d+(?:[.,]\d+)*", answer)) != 1:
        return None
    number = numbers[0]
    if len(number) > _LONGEST or not _THOUSANDS.fullmatch(number):
        return None
    value = float(number.replace(",", "").replace("−", "-"))
    rest = answer.replace(number, " ")
    for spelt, unit in _SPELT.items():
        rest = rest.replace(spelt, f" {unit} ")
    words = [word for word in words_of(rest) if word not in _ROUGHLY]
    for word in words:
        value *= SCALES.get(word, 1)
    units = (_UNITS.get(word, word) for word in words if word not in SCALES)
    return (value,), " ".join(unit for unit in units if unit)


def _is_day(text: str) -> bool:
    """Whether a text is a date with its month, and nothing else."""
    words = words_of(text)
    return any(word in _MONTHS for word in words) and all(
        word in _MONTHS or word.isdigit() or word == "of" for word in words
    )
