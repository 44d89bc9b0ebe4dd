"""The first round of the policies that learn: half by similarity, half by chance."""

import numpy as np

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.policy import Choice
from longhop.selection.policies.ranking import by_chance, choose_best, left

_SHARE, _LEAST, _MOST_OF_FEW = 0.01, 100, 0.1


def warm_up_size(documents: int) -> int:
    """One in a hundred; at least a hundred where that is no more than a tenth of the documents."""
    few = min(_LEAST, int(np.ceil(_MOST_OF_FEW * documents)))
    return min(documents, max(int(np.ceil(_SHARE * documents)), few))


def first_round(field: Field, ledger: Ledger, size: int) -> Choice:
    """Half the nearest to the reference, half drawn by rank: the audit sample, which is unbiased.

    Without a reference all are drawn by rank. A document that both halves want is of the audit,
    which would not be uniform otherwise.
    """
    if field.closeness is None:
        return by_chance(field, ledger, size, "audit")
    audit = by_chance(field, ledger, size - size // 2, "audit")
    remaining = left(field, ledger)
    remaining[audit.documents] = False
    scores = np.where(remaining, field.closeness[:, 1], -np.inf)
    near = choose_best(field, ledger, min(size // 2, int(remaining.sum())), scores, "warm-up")
    return Choice(
        np.concatenate([near.documents, audit.documents]),
        np.concatenate([near.scores, audit.scores]),
        near.reasons + audit.reasons,
        np.concatenate([near.by_chance, audit.by_chance]),
    )
