"""When two answers are the same, and when a text names something: by words, never by substrings."""

import re

from longhop.corpus.shingles import words_of

ARTICLES = frozenset({"a", "an", "the"})
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\s*")
_YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d{2})(?!\d)")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
_MONTH_NAMES = (
    "january february march april may june july august september october november december"
)
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES.split(), 1)}


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

    "in the town of Orlin" is "Orlin"; a sentence that names it among other things is not.
    """
    left, right = normalise(given), normalise(expected)
    if not left or not right:
        return False
    if left == right:
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
    numbers = _NUMBER.findall(answer)
    if len(numbers) != 1:
        return None
    unit = " ".join(words_of(answer.replace(numbers[0], " ")))
    try:
        return (float(numbers[0].replace(",", "")),), unit
    except ValueError:
        return None
