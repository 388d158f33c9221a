"""Where to draw: global thresholds, even on the 0-1 scale or on the logit axis. Knows nothing of metrics."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import logit, round_up, sigmoid, to_score_threshold, to_unit_threshold


@dataclass(frozen=True, eq=False)
class Grid:
    """Ascending global thresholds, (n_thresholds,) each.

    thresholds: float64 on the 0-1 scale, for the axis; score_thresholds: in the kind and dtype of the scores, compared.
    """

    thresholds: np.ndarray
    score_thresholds: np.ndarray

    @classmethod
    def from_scores(cls, p: Predictions, score_thresholds) -> "Grid":
        """From thresholds on the scale of the scores, in any order; +inf (never predicted) is shown at 1."""
        ordered = np.sort(round_up(np.atleast_1d(score_thresholds), p.scores.dtype))
        return cls(np.nan_to_num(to_unit_threshold(ordered, p.score_kind), nan=1.0), ordered)


def unit_grid(p: Predictions, n_thresholds: int = 201) -> Grid:
    """From 0 to 1 in even steps of the 0-1 scale."""
    thresholds = np.linspace(0.0, 1.0, n_thresholds)
    return Grid(thresholds, to_score_threshold(thresholds, p.score_kind, p.scores.dtype))


def logit_grid(r: RankedScores, n_thresholds: int = 201) -> Grid:
    """Even on the logit axis from the lowest to the highest known score with a finite logit.

    A range of one value, or none (then 0), is widened by 1 (or 1 %) to either side.
    """
    p = r.predictions
    low, high = _finite_logit_range(r)
    share = np.linspace(0.0, 1.0, n_thresholds)
    logits = low * (1 - share) + high * share  # high - low may overflow
    if p.score_kind == "probabilities":
        return Grid.from_scores(p, to_score_threshold(sigmoid(logits), p.score_kind, p.scores.dtype))
    limits = np.finfo(p.scores.dtype)
    return Grid.from_scores(p, np.clip(logits, limits.min, limits.max))


def _finite_logit_range(r):
    probabilities = r.predictions.score_kind == "probabilities"
    lowest, highest = (0.0, 1.0) if probabilities else (-np.inf, np.inf)
    ends = []
    for c in range(r.predictions.n_classes):
        scores = r.known(c)
        first, stop = np.searchsorted(scores, lowest, side="right"), np.searchsorted(scores, highest)
        ends += [float(scores[first]), float(scores[stop - 1])] if first < stop else []
    low, high = (min(ends), max(ends)) if ends else ((0.5, 0.5) if probabilities else (0.0, 0.0))
    low, high = (float(logit(low)), float(logit(high))) if probabilities else (low, high)
    margin = max(1.0, abs(low) / 100) if low == high else 0.0
    return low - margin, high + margin
