"""The thresholds around the best one that are nearly as good. Knows nothing of resampling or the 0-1 scale."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.ranking import RankedScores


@dataclass(frozen=True, eq=False)
class Plateau:
    """Every score threshold from low to high, both included, has an F-beta within a share of the best; no gap between.

    low, high: (n_classes,) in the kind and dtype of the scores; low is -inf where all may be predicted; NaN without
    known positives. best: the best F-beta.
    """

    low: np.ndarray
    high: np.ndarray
    best: np.ndarray


def plateau(r: RankedScores, within: float = 0.01, beta: float = 1.0) -> Plateau:
    """Around the best threshold of each class, the highest of equals, over all cuts: F-beta >= (1 - within) best."""
    if not 0 <= within < 1:
        raise ValueError(f"within must lie in [0, 1), got {within}")
    p = r.predictions
    found = r.each_class(lambda c: _of_class(r.cuts(c), len(r.positives(c)), within, beta))
    low, high, best = np.array(found, dtype=np.float64).reshape(-1, 3).T
    return Plateau(low.astype(p.scores.dtype), high.astype(p.scores.dtype), best)


def _of_class(cuts, n_positives, within, beta) -> tuple:
    if not n_positives:
        return np.nan, np.nan, np.nan
    weight = beta * beta
    values = (1 + weight) * cuts.tp / (weight * n_positives + cuts.tp + cuts.fp)
    best = int(values.argmax())
    short = np.flatnonzero(values < (1 - within) * values[best])
    before = np.searchsorted(short, best)
    first = short[before - 1] + 1 if before else 0
    after = short[before] if before < len(short) else len(values)
    # A threshold keeps the cut of `after - 1` until it reaches the next lower score.
    low = np.nextafter(cuts.scores[after], np.inf, dtype=cuts.scores.dtype) if after < len(values) else -np.inf
    return low, cuts.scores[first], values[best]
