"""Names in a question: what it asks about must be what its hops tell of."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from longhop.corpus.languages.codes import LANGUAGES
from longhop.corpus.shingles import words_of
from longhop.matching import ARTICLES, normalise
from longhop.questions.bridging.vocabulary import FUNCTION_WORDS
from longhop.records.accounts import Reason
from longhop.records.questions import SingleHop
from longhop.verification.checks.finding import Finding

# Words with a capital in a row, a name's small words between them; and what stands in marks.
# A name ends with the s of an owner: Ada's Orlin are two.
_CAPITAL = r"(?<!\w)[A-Z][\w.'’&-]*"
_GOES_ON = r"(?<!['’]s)\s+(?:(?:of|the|and|de|in|on|for)\s+){0,2}"
_NAME = re.compile(rf"{_CAPITAL}(?:{_GOES_ON}{_CAPITAL})*")
_OWNER = re.compile(r"['’]s$")
_MARKED = re.compile(r"[《「“\"]([^》」”\"]+)[》」”\"]")
_START = re.compile(r"(?:^|[.!?:]\s+)\W*\w+(?:['’]\w+)?")
# Names that all texts take as known: parts of the world, and what is written with a capital alone.
_EVERYWHERE = (
    "us usa uk eu un tv cd dvd bc ad africa america asia europe african american asian european"
    " western eastern northern southern earth english god internet i ii iii january february march"
    " april may june july august september october november december monday tuesday wednesday"
    " thursday friday saturday sunday"
)
_KNOWN = FUNCTION_WORDS | ARTICLES | frozenset(_EVERYWHERE.split())
_INITIALS = re.compile(r"[A-Z]{3,5}")
_STEM = 4
_ENDINGS = frozenset(("s", "es", "n", "an", "ns"))


def check_names(question: str, hops: Sequence[SingleHop], texts: Iterable[str]) -> Finding | None:
    """No name in the question is one that no hop tells of: a hop for it would be missing.

    A word of a name is enough, and the beginning of one: a Belgian is of Belgium. The NFL is told
    of by the words that it is short for. `texts` are those of the evidence. Names are known by
    capitals in English, and by marks in any language.
    """
    told = [
        words_of(_unaccented(text))
        for text in (*(each for hop in hops for each in _told_by(hop)), *texts)
    ]
    stems = {word[:_STEM] for words in told for word in words}
    initials = " ".join("".join(word[0] for word in words) for words in told)
    for name in names_in(question, hops[0].language):
        words = plain_words(name)
        short = _INITIALS.fullmatch(name) is not None and name.casefold() in initials
        if words and not short and not any(word[:_STEM] in stems for word in words):
            return Reason.EVIDENCE_MISSING, f"no hop tells of {name!r}"
    return None


def names_in(text: str, language: str) -> Iterator[str]:
    """The names of a text, as far as they can be told from other words.

    The first word of a sentence has a capital in any case, and what all texts know names nothing.
    """
    yield from _MARKED.findall(text)
    if language not in LANGUAGES or language == "zh":
        return
    for name in _NAME.findall(_START.sub(lambda first: " " * len(first[0]), text)):
        if any(_is_telling(word) for word in name.split()):
            yield name


def is_named(name: str, words: Collection[str], *, whole: bool = False) -> bool:
    """Whether words have one of a name's, or all, whatever their accents and endings.

    "Of" is none of them, unless the name has no other words.
    """
    wanted = plain_words(name)
    telling = [each for each in wanted if each not in FUNCTION_WORDS] or wanted
    found = (any(_is_same(one, other) for other in words) for one in telling)
    return all(found) if whole else any(found)


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text without case, articles, signs and accents."""
    return normalise(_unaccented(text))


def _unaccented(text: str) -> str:
    if text.isascii():
        return text
    spelt = unicodedata.normalize("NFKD", text)
    return "".join(each for each in spelt if not unicodedata.combining(each))


def _told_by(hop: SingleHop) -> Iterator[str]:
    yield from (hop.question, hop.subject, hop.quote, *hop.entities)


def _is_telling(word: str) -> bool:
    bare = _OWNER.sub("", word.replace(".", ""))
    return bare[:1].isupper() and len(bare) > 1 and bare.casefold() not in _KNOWN


def _is_same(one: str, other: str) -> bool:
    """Emus and emu, Indian and India; but Rome is not Romeo, nor 183 1833."""
    short, long = sorted((one, other), key=len)
    return one == other or (
        short.isalpha() and long.startswith(short) and long[len(short) :] in _ENDINGS
    )
