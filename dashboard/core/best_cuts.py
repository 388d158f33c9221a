"""The best F-beta of one class and the cut that reaches it, compared exactly. Knows nothing of other classes."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dashboard.core.scale import threshold_between

OPTIMUM = "optimum"
NO_POSITIVES = "undefined: no known positives"


@dataclass(frozen=True, eq=False)
class BestCuts:
    """For each class the best value, the threshold to store, and the interval of thresholds that decide the same.

    value: (n_classes,) float64, NaN where undefined.
    score_thresholds, dropped, kept: (n_classes,) in the dtype of the scores. Every threshold in (dropped, kept] is
    optimal; `kept` is the lowest score predicted positive, `dropped` the highest one that is not (-inf when all are).
    states: "optimum" or why there is none; there the threshold is +inf and no finite score is predicted.
    """

    value: np.ndarray
    score_thresholds: np.ndarray
    dropped: np.ndarray
    kept: np.ndarray
    states: tuple[str, ...]

    @classmethod
    def from_intervals(cls, values, intervals, dtype) -> "BestCuts":
        """From the best value of each class (NaN: undefined) and its (dropped, kept)."""
        dropped, kept = np.array(intervals, dtype=dtype).reshape(-1, 2).T
        values = np.array(values, dtype=np.float64)
        states = tuple(NO_POSITIVES if undefined else OPTIMUM for undefined in np.isnan(values))
        return cls(values, threshold_between(dropped, kept), dropped, kept, states)


def best_f_beta(predicted, beta: float) -> tuple[float, int]:
    """The best F-beta over the positives' cuts and the index of the highest that reaches it; (NaN, -1) without any.

    `predicted`: known scores at least as high as each positive, in ascending order of the positives.
    F-beta is (1 + beta^2) tp / (beta^2 support + predicted).
    """
    support, weight = len(predicted), beta * beta
    if not support:
        return np.nan, -1
    tp = np.arange(support, 0, -1)  # too few inside a tie, whose first positive then has the same cut and more tp
    values = tp / (weight * support + predicted)
    near = np.flatnonzero(values >= values.max() * (1 - 1e-14))[::-1]
    index = near[0] if len(near) == 1 else _first_best(tp, predicted, near, Fraction(beta) ** 2)
    return float((1 + weight) * tp[index] / (weight * support + predicted[index])), int(index)


def _first_best(tp, predicted, candidates, weight):
    """Floats a few units apart may be one rational number or two in the wrong order; integers decide."""
    best, best_tp, best_size = -1, 0, 1
    for index in candidates.tolist():
        size = weight.numerator * len(tp) + weight.denominator * int(predicted[index])
        if int(tp[index]) * best_size > best_tp * size:
            best, best_tp, best_size = index, int(tp[index]), size
    return best


def interval_at(known, kept) -> tuple:
    """(dropped, kept): the highest known score below `kept`, -inf if there is none."""
    index = np.searchsorted(known, kept)
    return (known[index - 1] if index else -np.inf), kept
