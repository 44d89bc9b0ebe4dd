"""Which languages a question, its answer and its context are in, and whether they agree."""

from longhop.corpus.languages.codes import language_code
from longhop.corpus.languages.identifying import identify_language
from longhop.corpus.languages.scripts import same_script

UNSURE = "unsure"
# Of fewer words a text's language is told by its script alone, or not at all.
_FEW = 5
_SAMPLE = 8000


def language_of(text: str) -> str:
    """The ISO 639-1 code of a text's language, told offline; `unsure` where it is a guess."""
    if not any(each.isalpha() for each in text[:_SAMPLE]):
        return UNSURE
    found = identify_language(text[:_SAMPLE])
    return UNSURE if found.doubtful else found.language


def short_language(text: str, context: str) -> str:
    """The language of a text as short as a question: that of its context, if it may be in it.

    Names and few words are in any language of their script.
    """
    if not any(each.isalpha() for each in text):
        return UNSURE
    if context != UNSURE and not same_script(text, context):
        return language_of(text)
    if len(text.split()) < _FEW and context != UNSURE:
        return context
    found = language_of(text)
    return context if found == UNSURE else found


def agree(one: str, other: str) -> bool:
    """Whether two languages are one, as far as both are known."""
    return UNSURE in (one, other) or one == other


def stated_code(given: str) -> str:
    """The code in what a row says of its language, which may be a name."""
    return _NAMES.get(given.strip().lower()) or language_code(given)


_NAMES = {
    "english": "en", "chinese": "zh", "arabic": "ar", "german": "de", "french": "fr",
    "spanish": "es", "russian": "ru", "japanese": "ja", "korean": "ko",
}  # fmt: skip
