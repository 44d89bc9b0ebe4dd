"""What is to be said of a reference set before it decides anything."""

from collections import Counter
from collections.abc import Mapping, Sequence

from longhop.records.accounts import Rejection, count_reasons
from longhop.records.seeds import SeedPair

# Of fewer documents than this a language is not what the corpus is in.
_FEW = 0.05


def told_of_lines(path: str, pairs: Sequence[SeedPair], unread: Sequence[Rejection]) -> str:
    """How many lines of the set are no pairs, or are pairs again; empty where all are used."""
    if not unread:
        return ""
    reasons = ", ".join(f"{reason} {count}" for reason, count in count_reasons(unread).items())
    first = unread[0]
    return (
        f"the reference set {path} has {len(pairs)} pairs; of its other lines: {reasons}"
        f" (the first: {first.item}, {first.detail})"
    )


def told_of_languages(pairs: Sequence[SeedPair], documents: Mapping[str, int]) -> str:
    """Whether hardly a document has the language of the set; empty where enough have.

    With a model of one language, cosines across languages tell languages apart and little else.
    """
    (language, _), *_ = Counter(each.language for each in pairs).most_common()
    if documents.get(language, 0) >= _FEW * sum(documents.values()):
        return ""
    main = max(documents, key=lambda each: (documents[each], each))
    return (
        f"the reference set is in {language} and the corpus in {main}: how near a pair is to it"
        " says little, unless embedding.model was made for several languages"
    )
