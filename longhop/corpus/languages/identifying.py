"""Which language a document is in, told offline."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from longhop.corpus.languages.scripts import HAN, LATIN, SCRIPTS, main_script

_SAMPLE = 2000
# What tells nothing, or tells of code: fenced blocks, links, entities, commands of LaTeX.
_NOT_WORDS = re.compile(r"```.*?(?:```|\Z)|https?://\S+|&\w+;|\\\w+", re.DOTALL)
# An eighth of the words of almost any English text, and of no other language's.
_ENGLISH_WORDS = "the of and to is that for with are this be from by it which you was The This It"
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_ENGLISH_SHARE = 0.125
_SURE = 0.5
# Codes that no text in Latin letters is given.
_NOT_LATIN = frozenset().union(*(each.languages for each in SCRIPTS.values())) - {"sr"}
# Small languages that a large one is easily mistaken for, and constructed ones.
_ALIKE = frozenset({"an", "ht", "oc", "vo", "wa"})


class Identified(NamedTuple):
    """The language of a text as an ISO 639-1 code, and how likely it is."""

    language: str
    probability: float

    @property
    def doubtful(self) -> bool:
        """Whether the language is a guess, or no better than one."""
        return self.probability < _SURE


def identify_language(text: str) -> Identified:
    """The language of a document.

    Script first: most scripts are of one language, and plain English is told by its small
    words. A model (langid's, in the package) chooses among the others. A text in Latin letters
    that it is not sure of is taken for English: code, formulae and tables, which every corpus
    has more of than of the small languages that they are mistaken for.
    """
    sample = _sample(text)
    script = main_script(sample)
    if script == LATIN:
        return _identify_latin(sample)
    languages = SCRIPTS[script].languages
    if script == HAN:
        return Identified("zh", 1.0)
    if len(languages) == 1:
        return Identified(min(languages), 1.0)
    ranked = [each for each in _rank(sample) if each.language in languages]
    whole = sum(each.probability for each in ranked)
    if not whole:
        return Identified(min(languages), 0.0)
    return Identified(ranked[0].language, ranked[0].probability / whole)


def _identify_latin(sample: str) -> Identified:
    words = list(filter(str.isalpha, sample.split()))
    if not words:
        return Identified("en", 0.0)
    if sum(map(_ENGLISH.__contains__, words)) > _ENGLISH_SHARE * len(words):
        return Identified("en", 1.0)
    best = next(each for each in _rank(sample) if each.language not in _NOT_LATIN)
    if best.language == "en" or not best.doubtful:
        return best
    return Identified("en", 0.0)


def _sample(text: str) -> str:
    """The first words of the text and some of its middle: its head may be in another language."""
    half, middle = _SAMPLE // 2, len(text) // 2
    if len(text) <= 2 * _SAMPLE:
        return _NOT_WORDS.sub(" ", text)[:_SAMPLE]
    parts = (text[:_SAMPLE], text[middle : middle + _SAMPLE])
    return "\n".join(_NOT_WORDS.sub(" ", part)[:half] for part in parts)


def _rank(sample: str) -> Iterator[Identified]:
    return (Identified(*each) for each in _model().rank(sample))


@cache
def _model() -> Any:
    """The model, of which only the languages with an ISO 639-1 code are asked for.

    It is only read once it stands, so threads may share it.
    """
    import numpy as np
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages([each for each in model.labels if len(each) == 2 and each not in _ALIKE])
    # Its table is laid out by language then, and read by feature: by rows that is much faster.
    model.nb_ptc = np.ascontiguousarray(model.nb_ptc)
    return model
