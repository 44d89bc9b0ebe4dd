"""What sort of thing a question is about: only things of one sort are compared."""

from longhop.matching import normalise
from longhop.records.questions import AnswerKind, SingleHop

# Sorts that are compared like one, under the first of them.
_SAME = (
    "settlement city town village hamlet municipality commune township borough suburb community",
    "person man woman human",
    "film movie documentary",
    "song single track",
    "album ep mixtape",
    "book novel novella",
    "company firm corporation business manufacturer",
    "mountain peak hill volcano summit",
    "river stream tributary creek",
    "school college university institute academy",
    "building house tower skyscraper hotel",
    "series sitcom show",
    "journal magazine newspaper",
    "band group duo trio quartet",
    "人 人物 人类",
    "城市 城镇 镇 村 市 县",
)
# Sorts that are people, works, places: what a work is asked for a person is not asked for.
_WORKS = "film song album book series journal game play opera poem painting symphony record"
_PLACES = (
    "settlement country state province county district region island river lake mountain building"
    " bridge street station 城市"
)
_OF_KIND = {
    AnswerKind.PERSON: frozenset({"person", "人"}),
    AnswerKind.WORK: frozenset(_WORKS.split()),
    AnswerKind.PLACE: frozenset(_PLACES.split()),
}
_NAMED = {word: words.split()[0] for words in _SAME for word in words.split()}
_SHORT = 3  # letters; "bus" is no plural


def is_other_sort(head: SingleHop, sort: str) -> bool:
    """Whether an answer cannot be a thing of a sort: a person, or a series, is no album."""
    own = _OF_KIND.get(head.kind)
    others = (each for of, each in _OF_KIND.items() if of is not head.kind)
    if own is None or sort not in own:
        return own is not None and any(sort in each for each in others)
    asked = {_NAMED.get(word, word) for word in normalise(head.relation)} & own
    return bool(asked) and sort not in asked


def sort_of(question: SingleHop) -> str:
    """The sort of thing that a question is about, empty where nobody said it.

    The last word of what was said, which is the noun in English: "glacial lakes" are a lake.
    """
    words = normalise(question.subject_kind.split(" of ")[0])
    if not words:
        return ""
    if question.language == "zh":
        name = "".join(words)
        return _NAMED.get(name, name)
    last = words[-1]
    known = (each for each in (last, last[:-1], f"{last[:-3]}y") if each in _NAMED)
    is_plural = len(last) > _SHORT and last.endswith("s") and not last.endswith(("ss", "ies"))
    noun = next(known, last[:-1] if is_plural else last)
    return _NAMED.get(noun, noun)
