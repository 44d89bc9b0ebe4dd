"""How the same thing is said again: an opening for each copy, a closing for a second attempt."""

from longhop.rehearsal.relations import Language

OPENINGS: dict[Language, tuple[str, ...]] = {
    "en": (
        "", "By all accounts, ", "As far as is known, ", "According to the records, ",
        "By common report, ", "As the chronicles say, ", "As is generally held, ",
        "By the best account, ",
    ),
    "zh": ("", "据记载，", "据说，", "据考证，", "据传，", "据史料，", "相传，", "据称，"),
}  # fmt: skip
COPIES = len(OPENINGS["en"])
_MENDED: dict[Language, str] = {"en": ", to be exact?", "zh": "，确切地说？"}


def open_with(copy: int, sentence: str, language: Language, name: str) -> str:
    """A sentence or question as this copy words it; a name that it begins with stays as it is."""
    opening = OPENINGS[language][copy]
    if not opening or sentence.startswith(name):
        return opening + sentence
    return opening + sentence[0].lower() + sentence[1:]


def copy_of(text: str) -> int:
    """Which copy a text words; the original where it has no opening."""
    said = text.casefold()
    for openings in OPENINGS.values():
        for copy, opening in enumerate(openings):
            if opening and opening.casefold() in said:
                return copy
    return 0


def mend(question: str, language: Language) -> str:
    """A question as it is worded at a second attempt."""
    return question[:-1] + _MENDED[language]


def is_mended(question: str) -> bool:
    """Whether a question is worded as at a second attempt."""
    return question.endswith(tuple(_MENDED.values()))
