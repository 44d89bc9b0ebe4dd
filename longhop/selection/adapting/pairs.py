"""Pairs: what documents gave, parted into what is learnt from and what is held out."""

from collections.abc import Sequence
from dataclasses import dataclass

from longhop.identity import digest, keyed_order

# A model is judged by at least this many documents, by a fifth of them, and never by more than
# this many.
_FEWEST, _SHARE, _MOST = 20, 0.2, 200
# More pairs would take longer than a night's other work, at two seconds of a core each.
_MOST_LEARNT = 1000


@dataclass(frozen=True)
class Pair:
    """A question with its answer, in one text, and the document that gave it.

    `document` is a place in the list of documents, `at` the character of the document's text at
    which the evidence of the pair begins.
    """

    document: int
    text: str
    at: int = 0


def part(
    documents: Sequence[str], pairs: Sequence[Pair], key: str
) -> tuple[list[Pair], list[Pair]]:
    """The pairs to learn from, and those of held-out documents; a document is on one side alone.

    Both are in an order that the texts and the key decide; of two that read the same, the one whose
    evidence comes first is left.
    """
    last_first = sorted(pairs, key=lambda each: -each.at)
    distinct = {(documents[each.document], each.text): each for each in last_first}
    ordered = keyed_order(distinct, lambda texts: digest(*texts), "pair", key)
    given = keyed_order({text for text, _ in ordered}, str, "held_out", key)
    number = min(max(_FEWEST, round(_SHARE * len(given))), _MOST)
    held = set(given[:number])
    learnt = [distinct[each] for each in ordered if each[0] not in held]
    return learnt[:_MOST_LEARNT], [distinct[each] for each in ordered if each[0] in held]
