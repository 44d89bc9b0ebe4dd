"""Says what sort of thing a document's subject is: by "is a …" or its like, where it stands."""

import re

from longhop.rehearsal.relations import Language

# What is asked of nobody but people.
_OF_PEOPLE = frozenset(
    (
        "place of birth", "place of death", "place of burial", "date of birth", "date of death",
        "education", "employer", "spouse", "parent", "sibling", "residence",
    )
)  # fmt: skip
_IS = r"(?: \([^()]*\)| or [^,.]{2,40})?(?:,[^,;]{2,60},)?,? (?:is|was|are|were|,) "
_NOUNS = (
    r"(?:an?|the|one of the)\s+(?P<n>(?:(?!(?:of|in|on|at|by|from|for|that|which|who|whose|with|and"
    r"|or|to|as|near|set|based|located|situated|written|made|is|was|located)\b)[\w'’-]+\s?){1,7})"
)
_PARTICIPLE = re.compile(r"\w{3,}ed$")
_CHINESE = r"(?:（[^）]*）)?[，]?(?:是|为)[^，。；]{0,24}?(?P<n>[一-鿿]{1,2}?)(?:[，。；]|$)"


def kind_of(key: str, subject: str, document: str, language: Language) -> str:
    """The noun that a document has for a subject; empty where it has none."""
    if key in _OF_PEOPLE:
        return "人" if language == "zh" else "person"
    name = re.escape(subject)
    if language == "zh":
        said = re.search(rf"{name}{_CHINESE}", document)
        return said["n"] if said else ""
    said = re.search(rf"(?:{name})[\"”']?{_IS}{_NOUNS}", document) or re.search(
        rf"(?:{name})[\"”']?, {_NOUNS}", document
    )
    words = said["n"].split() if said else []
    while words and _PARTICIPLE.match(words[-1]):
        words.pop()
    return words[-1].lower() if words else ""
