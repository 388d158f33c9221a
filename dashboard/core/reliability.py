"""How often scores come true: bins of scores with the share of positives in each, and the calibration error.

Scores are taken on the 0-1 scale. Bins are cut on the scores' own scale in their own dtype, so that a score that lies
on an edge as that dtype writes it is in the bin above. Knows nothing of thresholds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dashboard.core.calibration_maps import unit_scores
from dashboard.core.intervals import binomial_interval
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import to_score_threshold

BINNINGS = ("mass", "width")
N_DRAWS = 200
MOST_DRAWN = 5_000  # groups of cells; up to so many cells each is drawn by itself


@dataclass(frozen=True, eq=False)
class Reliability:
    """Bins that hold a known cell, from low scores to high; arrays are (n_bins,).

    low, high: the edges on the 0-1 scale; a bin holds low <= score < high, the last one its upper edge too.
    n, positives: known cells and those that are positive. mean_score: float64, of the known cells.
    """

    low: np.ndarray
    high: np.ndarray
    n: np.ndarray
    positives: np.ndarray
    mean_score: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Positives among the known cells."""
        return self.positives / self.n

    @property
    def interval(self) -> tuple[np.ndarray, np.ndarray]:
        """Exact 95 % limits of the share, with the cells taken as independent."""
        return binomial_interval(self.positives, self.n)

    @property
    def error(self) -> float:
        """The expected calibration error: |share - mean score| over the cells; NaN without a known cell."""
        return _error(self.positives, self.n, self.n * self.mean_score) if len(self.n) else np.nan


@dataclass(frozen=True)
class NullError:
    """The calibration error of scores like these if they were calibrated perfectly: it is never 0.

    mean: the average over draws of labels; limit: below it are 95 % of them.
    """

    mean: float
    limit: float


def reliability(
    r: RankedScores, classes: int | Sequence[int] | None = None, n_bins: int = 10, binning: str = "mass"
) -> Reliability:
    """One class, some, or all of them (None), pooled over known cells; ties are in one bin.

    binning: "mass", the same number of cells in each as far as ties allow, or "width", the same width on the 0-1 scale.
    """
    classes = _listed(r, classes)
    edges = _inner_edges(r, classes, n_bins, binning)
    sums = [_binned(r, c, edges) for c in classes]
    n, positives, total = np.sum(sums, axis=0) if sums else np.zeros((3, len(edges) + 1))
    unit = unit_scores(edges, r.predictions.score_kind)
    low, high = np.append(0.0, unit), np.append(unit, 1.0)
    some = n > 0
    return Reliability(
        low[some],
        high[some],
        n[some].astype(np.int64),
        positives[some].astype(np.int64),
        total[some] / n[some],
    )


def null_error(
    r: RankedScores,
    classes: int | Sequence[int] | None = None,
    n_bins: int = 10,
    binning: str = "mass",
    *,
    seed: int = 0,
    most_drawn: int = MOST_DRAWN,
) -> NullError:
    """The error of the same bins with labels drawn from the scores themselves, N_DRAWS times.

    Of more than `most_drawn` cells neighbours in score are drawn together, at their mean.
    """
    classes = _listed(r, classes)
    edges, rng = _inner_edges(r, classes, n_bins, binning), np.random.default_rng(seed)
    drawn = np.zeros((N_DRAWS, len(edges) + 1))
    n, total = np.zeros(len(edges) + 1), np.zeros(len(edges) + 1)
    for c in classes:
        drawn += _drawn(r, c, edges, max(1, most_drawn // len(classes)), rng)
        n_here, _, total_here = _binned(r, c, edges)
        n, total = n + n_here, total + total_here
    if not n.sum():
        return NullError(np.nan, np.nan)
    errors = np.abs(drawn - total).sum(axis=1) / n.sum()
    return NullError(float(errors.mean()), float(np.quantile(errors, 0.95)))


def _listed(r, classes) -> list[int]:
    if classes is None:
        return list(range(r.predictions.n_classes))
    return [int(c) for c in np.atleast_1d(classes)]


def _inner_edges(r, classes, n_bins, binning) -> np.ndarray:
    """Rising edges between bins, in the dtype of the scores."""
    kind, dtype = r.predictions.score_kind, r.predictions.scores.dtype
    if binning not in BINNINGS or n_bins < 1:
        raise ValueError(f"binning must be one of {', '.join(BINNINGS)} in 1 bin or more, got {binning!r}, {n_bins}")
    if binning == "width":
        # k / n is the float nearest to it, and in float32 the float32 nearest: linspace would miss .3 by one unit.
        unit = np.arange(1, n_bins) / n_bins
        return to_score_threshold(unit, kind, dtype) if kind == "logits" else unit.astype(dtype)
    known = [r.known(c) for c in classes]
    n = sum(map(len, known))
    places = np.unique(np.arange(1, n_bins) * n // n_bins)
    if not n or not len(places):
        return np.empty(0, dtype)
    together = known[0] if len(known) == 1 else np.partition(np.concatenate(known), places)
    return np.unique(together[places])


def _binned(r, c, edges) -> np.ndarray:
    """(3, n_bins): known cells, positives among them and the sum of their scores on the 0-1 scale."""
    known, positives = r.known(c), r.positives(c)
    at, at_positives = _places(known, edges), _places(positives, edges)
    scores = unit_scores(known, r.predictions.score_kind)
    sums = [scores[low:high].sum() for low, high in pairwise(at)]
    return np.array([np.diff(at), np.diff(at_positives), sums])


def _drawn(r, c, edges, most, rng) -> np.ndarray:
    """(N_DRAWS, n_bins) positives drawn with the scores as probabilities."""
    known = r.known(c)
    at = _places(known, edges)
    if not len(known):
        return np.zeros((N_DRAWS, len(edges) + 1))
    ends = np.unique(np.concatenate([at, np.linspace(0, len(known), min(most, len(known)) + 1).astype(np.int64)]))
    scores = unit_scores(known, r.predictions.score_kind)
    size = np.diff(ends)
    mean = np.clip(np.add.reduceat(scores, ends[:-1]) / size, 0, 1)
    drawn = rng.binomial(size, mean, (N_DRAWS, len(size)))
    summed = np.concatenate([np.zeros((N_DRAWS, 1)), np.cumsum(drawn, axis=1)], axis=1)
    return np.diff(summed[:, np.searchsorted(ends, at)], axis=1)


def _places(scores, edges) -> np.ndarray:
    return np.concatenate([[0], np.searchsorted(scores, edges), [len(scores)]])


def _error(positives, n, total) -> float:
    return float(np.abs(positives - total).sum() / n.sum())
