"""Pairs: what documents gave, parted into what is learnt from and what is held out."""

from collections.abc import Sequence
from dataclasses import dataclass

from longhop.identity import digest, keyed_order

# A model is judged by a third of the documents, by at least and by at most so many: by a few, a
# gain cannot be told from chance.
_SHARE, _FEWEST, _MOST = 1 / 3, 20, 200
_MOST_LEARNT = 1000  # a pair takes about a fifth of a second of a core, twice


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
