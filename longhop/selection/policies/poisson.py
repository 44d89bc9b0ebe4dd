"""Poisson regression with a little shrinkage, small enough to be refitted every round."""

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]

_STEPS, _ENOUGH = 30, 1e-10
# Coefficients are told in so many digits: the last ones depend on how sums were parted.
_DIGITS = 6
# No linear predictor beyond this is believed: exp(8) pairs a document is more than any has.
_WIDEST = 8.0


def fit_poisson(
    features: Reals, counts: Reals, exposure: Reals, ridge: Reals, centre: Reals | None = None
) -> Reals:
    """The coefficients b of counts ~ Poisson(exposure · exp(features · b)): (m, p) to (p,).

    The posterior mode where b is normal about `centre`, zero if none, with precisions `ridge`
    (p,), so it exists for all counts being zero too. By Newton's method, halving steps that do not
    help.
    """
    mean = np.zeros(features.shape[1]) if centre is None else centre
    fitted = mean.copy()
    loss = _loss(fitted, features, counts, exposure, ridge, mean)
    for _ in range(_STEPS):
        rates = exposure * predict(features, fitted)
        slope = features.T @ (rates - counts) + ridge * (fitted - mean)
        curve = (features * rates[:, None]).T @ features + np.diag(ridge + 1e-9)
        step = np.linalg.solve(curve, slope)
        for _ in range(20):
            tried = _loss(fitted - step, features, counts, exposure, ridge, mean)
            if tried <= loss:
                break
            step = step / 2
        else:
            break
        gained, loss, fitted = loss - tried, tried, fitted - step
        if gained < _ENOUGH:
            break
    told: Reals = fitted.round(_DIGITS)
    return told


def predict(features: Reals, fitted: Reals) -> Reals:
    """The rate a unit of exposure: (m, p) and (p,) to (m,)."""
    rates: Reals = np.exp(np.clip(features @ fitted, -_WIDEST, _WIDEST))
    return rates


def _loss(
    fitted: Reals,
    features: Reals,
    counts: Reals,
    exposure: Reals,
    ridge: Reals,
    mean: Reals,
) -> float:
    linear = np.clip(features @ fitted, -_WIDEST, _WIDEST)
    likelihood = (counts * linear - exposure * np.exp(linear)).sum()
    return float((ridge * (fitted - mean) ** 2).sum() / 2 - likelihood)
