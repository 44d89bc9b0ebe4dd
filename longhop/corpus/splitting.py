"""Splits are decided at read, by near-duplicate group, so that nothing can cross later."""

from longhop.identity import keyed_share
from longhop.records.corpus import Split
from longhop.spec.sections import Splits


def choose_split(group: str, splits: Splits, dataset: str) -> Split:
    """The split of a group: its name and the dataset's decide, whatever else there is."""
    draw = keyed_share("split", dataset, group)
    if draw < splits.test:
        return Split.TEST
    if draw < splits.test + splits.validation:
        return Split.VALIDATION
    return Split.TRAIN
