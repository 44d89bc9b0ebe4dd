"""When two answers are the same, and when a text names something: by words, never by substrings."""

import re

from longhop.corpus.shingles import words_of
from longhop.values import same_value

ARTICLES = frozenset({"a", "an", "the"})
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
# Within a number, which is one word: 5 is not in 3.5.
_IN_A_NUMBER = re.compile(r"(?<=\d)[.,](?=\d)")
_LINKING = "in on at of from the a an by to for town city village county state country province"
_BESIDE = frozenset(_LINKING.split()) | frozenset(
    ("president", "king", "queen", "sir", "dr", "mr", "mrs", "ms", "saint", "st", "lord", "lady")
)
_MORE = 3  # words, or characters of Chinese, that may stand around an answer


def normalise(text: str) -> tuple[str, ...]:
    """The words of a name or an answer, case folded, without articles, signs and brackets."""
    bare = _BRACKETS.sub(" ", text).strip() or text
    words = words_in(bare)
    kept = tuple(word for word in words if word not in ARTICLES)
    return kept or words


def mentions(text: str, name: str) -> bool:
    """Whether the words of a name stand in a text, whole and in a row."""
    wanted = normalise(name)
    return bool(wanted) and _place(wanted, _without_articles(text)) is not None


def same_answer(given: str, expected: str) -> bool:
    """Whether an answer is the expected one, give or take a few words around it.

    "in the town of Orlin" is "Orlin", and so is "Orlin town"; "New York" is not "York", nor is a
    list or a choice that has the answer in it. A date or an amount may be written in another form,
    and is compared by its value alone.
    """
    left, right = normalise(given), normalise(expected)
    if not left or not right:
        return False
    valued = same_value(given, expected)
    if valued is not None:
        return valued
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    at = _place(short, long)
    if at is None or len(long) - len(short) > _MORE:
        return False
    around = (*long[:at], *long[at + len(short) :])
    return all(word in _BESIDE or is_han(word) for word in around) or _is_end_of_a_name(
        short, long, given, expected
    )


def exact_answer(given: str, expected: str) -> bool:
    """Whether an answer is the expected one in other letters at most: no word more or less."""
    valued = same_value(given, expected)
    return normalise(given) == normalise(expected) if valued is None else valued


def _is_end_of_a_name(
    short: tuple[str, ...], long: tuple[str, ...], given: str, expected: str
) -> bool:
    """Whether the given answer is the surname of who is expected: not the other way round."""
    name = re.fullmatch(r"\w[\w.'’-]*(?: \w[\w.'’-]*){1,3}", expected.strip())
    return (
        bool(name)
        and normalise(given) == short
        and long[-len(short) :] == short
        and not any(each.isdigit() for each in long)
        and not {"and", "or", "not", "nor", "neither"} & set(long)
    )


def _place(wanted: tuple[str, ...], words: tuple[str, ...]) -> int | None:
    width = len(wanted)
    places = (at for at in range(len(words) - width + 1) if words[at : at + width] == wanted)
    return next(places, None)


def _without_articles(text: str) -> tuple[str, ...]:
    return tuple(word for word in words_in(text) if word not in ARTICLES)


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text, case folded; a number is one, whatever signs are in it."""
    if not _IN_A_NUMBER.search(text):
        return tuple(words_of(text))
    return tuple(word.replace("_d_", ".") for word in words_of(_IN_A_NUMBER.sub(_sign, text)))


def _sign(found: re.Match[str]) -> str:
    """A thousands' comma is nothing, a point stays within its word."""
    after = found.string[found.end() :]
    return "" if found[0] == "," and re.match(r"\d{3}(?!\d)", after) else "_d_"


def is_han(word: str) -> bool:
    """Whether a word is a Chinese character."""
    return "\u3400" <= word[0] <= "\u9fff"
