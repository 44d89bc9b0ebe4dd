"""When two answers are the same, and when a text names something: by words, never by substrings."""

import re

from longhop.corpus.shingles import words_of

ARTICLES = frozenset({"a", "an", "the"})
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\s*")
_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)")
NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
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


_ABOUT = "about around approximately some over nearly almost roughly 约 大约 近"
_ROUGHLY = frozenset(_ABOUT.split())


def normalise(text: str) -> tuple[str, ...]:
    """The words of a name or an answer, case folded, without articles, signs and brackets."""
    bare = _BRACKETS.sub(" ", text).strip() or text
    words = words_of(bare)
    kept = tuple(word for word in words if word not in ARTICLES)
    return kept or tuple(words)


def mentions(text: str, name: str) -> bool:
    """Whether the words of a name stand in a text, whole and in a row."""
    wanted, words = normalise(name), tuple(w for w in words_of(text) if w not in ARTICLES)
    if not wanted:
        return False
    width = len(wanted)
    return any(words[at : at + width] == wanted for at in range(len(words) - width + 1))


def same_answer(given: str, expected: str) -> bool:
    """Whether an answer is the expected one, give or take a few words around it.

    "in the town of Orlin" is "Orlin"; a sentence that names it among other things is not. A date or
    an amount may be written in another form.
    """
    left, right = normalise(given), normalise(expected)
    if not left or not right:
        return False
    if left == right or _same_value(given, expected):
        return True
    short, long = sorted((left, right), key=len)
    return len(long) - len(short) <= 3 and mentions(" ".join(long), " ".join(short))


def comparable_value(answer: str, *, is_date: bool) -> tuple[tuple[float, ...], str] | None:
    """What a date or number is ordered by, with its unit; None where nothing orders it.

    A date is (year, month, day), as far as it says; a number is (value,).
    """
    if is_date:
        years = _YEAR.findall(answer)
        if len(years) != 1:
            return None
        rest = answer.replace(years[0], " ")
        month = next((n for w in words_of(rest) if (n := _MONTHS.get(w))), 0)
        days = [int(each) for each in re.findall(r"(?<!\d)\d{1,2}(?!\d)", rest)]
        return (float(years[0]), float(month), float(days[0] if len(days) == 1 else 0)), ""
    numbers = NUMBER.findall(answer)
    if len(numbers) != 1:
        return None
    try:
        value = float(numbers[0].replace(",", ""))
    except ValueError:
        return None
    rest = answer.replace(numbers[0], " ").replace("%", " percent ")
    for spelt in ("公里", "千米", "公斤", "千克", "公顷", "百分之", "小时", "分钟"):
        rest = rest.replace(spelt, f" {_UNITS[spelt]} ")
    words = [word for word in words_of(rest) if word not in _ROUGHLY]
    for word in words:
        value *= SCALES.get(word, 1)
    units = (_UNITS.get(word, word) for word in words if word not in SCALES)
    return (value,), " ".join(unit for unit in units if unit)


def _same_value(one: str, other: str) -> bool:
    """Whether two texts are one date, to the day, or one amount in one unit."""
    for is_date in (True, False):
        values = [comparable_value(each, is_date=is_date) for each in (one, other)]
        if None in values:
            continue
        if is_date and not all(_is_day(each) for each in (one, other)):
            continue
        return values[0] == values[1]
    return False


def _is_day(text: str) -> bool:
    """Whether a text is a date with its month, and nothing else."""
    words = words_of(text)
    return any(word in _MONTHS for word in words) and all(
        word in _MONTHS or word.isdigit() or word == "of" for word in words
    )
