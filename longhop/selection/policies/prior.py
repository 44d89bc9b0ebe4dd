"""What a document would give, judged by its closeness to the reference alone."""

import numpy as np
from numpy.typing import NDArray

from longhop.selection.field import Field
from longhop.selection.ledger import Ledger
from longhop.selection.policies.poisson import Reals, fit_poisson, predict
from longhop.selection.policies.warming import warm_up_size

# Precisions of the coefficients: what a few documents say moves them, what one says does not.
_FIRM, _LOOSE = 1.0, 0.01
# Before anything is known, a standard deviation of similarity is worth so much in log rate.
_EXPECTED_SLOPE = 0.5
# What the first documents gave is taken to be so many pairs more, lest nothing be foreseen where
# they gave none; and no document is foreseen to give less than this share of the least mean.
_FEWEST, _LOWEST = 0.05, 0.01
_MOST_FITTED = 20_000


def prior_rates(field: Field, ledger: Ledger) -> Reals:
    """The pairs that each document is expected to give a unit of cost: (n,), positive.

    A Poisson regression on closeness and its squares, fitted to the first documents that answered,
    as many as a warm-up has, and to those that were drawn by chance since, which count the less the
    likelier they were drawn. The others were chosen for what their clusters gave, which would be
    credited to closeness. Without a reference, and a cost that differs, it is the same for all.
    """
    places, weights = _heard(field, ledger)
    rows = ledger.documents[places]
    counts, exposure = ledger.wanted[places], field.cost[rows]
    features, centre = _features(field)
    mean = (counts.sum() + _FEWEST) / (exposure.sum() + 1.0)
    ridge = np.where(np.arange(len(centre)) == 0, _LOOSE, _FIRM)
    centre[0] = np.log(mean) - np.log(predict(features, centre).mean())
    fitted = fit_poisson(features[rows], counts * weights, exposure * weights, ridge, centre)
    least = _LOWEST * _FEWEST / (exposure.sum() + 1.0)
    rates: Reals = np.maximum(predict(features, fitted), least)
    return rates


def _heard(field: Field, ledger: Ledger) -> tuple[NDArray[np.int64], Reals]:
    """The places of the ledger that closeness is judged by, and how much each counts."""
    answered = np.flatnonzero(ledger.done)
    first = answered[: max(1, warm_up_size(len(field)))]
    since = answered[len(first) :]
    since = since[ledger.by_chance[since] > 0][-_MOST_FITTED:]
    if not len(since):
        return first, np.ones(len(first))
    chances = ledger.by_chance[since]
    weights = np.minimum(1.0, np.median(chances) / chances)
    return np.concatenate([first, since]), np.concatenate([np.ones(len(first)), weights])


def _features(field: Field) -> tuple[Reals, Reals]:
    """A constant, closeness and its squares in standard deviations, and cost where it differs."""
    columns, centre = [np.ones(len(field))], [0.0]
    if field.closeness is not None:
        near = np.column_stack([_standard(each) for each in field.closeness.T])
        columns += [*near.T, *(near**2).T]
        centre += [0.0, _EXPECTED_SLOPE, 0.0, 0.0, 0.0, 0.0]
    if np.ptp(field.cost) > 0:
        columns.append(_standard(np.log(np.maximum(field.cost, 1e-6))))
        centre.append(0.0)
    return np.column_stack(columns), np.asarray(centre)


def _standard(values: Reals) -> Reals:
    spread = float(values.std())
    standard: Reals = (values - values.mean()) / spread if spread > 1e-9 else np.zeros(len(values))
    return standard
