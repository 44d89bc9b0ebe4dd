"""What is asked of a thing, whatever words it is asked in: "birthplace" and "place of birth"."""

from collections.abc import Iterable

from longhop.matching import normalise
from longhop.records.questions import SingleHop

# Words that name one relation, under the first of them. Who did it and when it was done go by one
# name: what is asked of them, a person or a date, tells them apart.
_SAME = (
    "birth born birthplace birthdate birthday native 出生 出生地",
    "death died die dies deceased killed 逝世 去世",
    "burial buried grave",
    "foundation founded founder founding established establishment formed formation 成立 创立",
    "author wrote written writer writes writing authored penned 作者",
    "direction directed director directs 导演",
    "production produced producer produces",
    "performance performed performer performs sang sings sung singer recorded",
    "composition composed composer composes 作曲",
    "design designed designer designs architect",
    "construction built builder build constructed 建成",
    "publication published publisher publishes publishing 出版",
    "release released releases 上映",
    "opening opened opens open",
    "discovery discovered discoverer",
    "manufacture manufactured manufacturer manufactures maker made makes",
    "operation operator operated operates",
    "ownership owner owned owns owning",
    "location located situated 位于",
    "capital",
    "headquarters headquartered seat",
    "spouse married wife husband marry marries widow 配偶",
    "father", "mother", "parent", "child son daughter", "sibling brother sister",
    "education educated studied attended alma",
    "employer employed works",
    "position office",
    "party",
    "population inhabitants residents 人口",
    "height elevation altitude tall high 高度",
    "length long 长度",
    "area",
    "depth deep",
    "weight mass",
    "mouth flows",
    "language",
    "religion faith",
    "award prize",
    "cause",
    "character",
    "score scored scorer",
    "win won winner",
)  # fmt: skip
_NAMED = {word: words.split()[0] for words in _SAME for word in words.split()}
# What is in a word beside the relation: "birthplace".
_MORE = {"birthplace": "place", "birthdate": "date", "birthday": "date"}
# A date by any of its parts is one: texts say the day or leave it out.
_PARTS = {"year": "date", "day": "date", "time": "date", "when": "date"}
# Words that two names of one relation may differ in: "year of birth", "the birth year".
_EMPTY = frozenset({"of", "in", "on", "at", "the", "its", "for", "的"})


def relation_key(relation: str) -> tuple[str, ...]:
    """A relation by its words, whatever their order and whichever of several words it is."""
    words = [word for word in normalise(relation) if word not in _EMPTY]
    more = (_MORE[word] for word in words if word in _MORE)
    return tuple(sorted({*(_PARTS.get(each, _NAMED.get(each, each)) for each in words), *more}))


def asks_another(one: SingleHop, other: SingleHop) -> bool:
    """Whether two questions name relations, and none that is the same.

    "Who wrote it?" and "Who performed it?" are near to each other by their vectors, and one person
    may be the answer to both.
    """
    first, second = _relations(one), _relations(other)
    return bool(first and second) and first.isdisjoint(second)


def _relations(question: SingleHop) -> set[str]:
    """The relations that a question names, in it or in what was told of it."""
    about = set(normalise(question.subject))
    return set(_known(word for word in normalise(question.question) if word not in about)) | set(
        _known(normalise(question.relation))
    )


def _known(words: Iterable[str]) -> Iterable[str]:
    return (_NAMED[word] for word in words if word in _NAMED)
