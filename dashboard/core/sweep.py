"""Every average of every metric against one threshold for all classes, exact at each threshold drawn.

Knows nothing of which threshold is best (`global_optimum` does) nor of charts.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.exact_match import ExactMatch
from dashboard.core.grids import Grid, unit_grid
from dashboard.core.objectives import AVERAGES, Objective
from dashboard.core.ranking import RankedScores

METRICS = ("precision", "recall", "f1", "jaccard")


@dataclass(frozen=True, eq=False)
class Sweep:
    """Metrics along a grid of global thresholds, float64 (n_thresholds,) each.

    values: by (metric, average), METRICS x AVERAGES; undefined ones as `zero_division` said.
    subset_accuracy: over samples with a known cell; hamming_loss: over known cells; NaN where there is none.
    """

    grid: Grid
    values: dict[tuple[str, str], np.ndarray]
    subset_accuracy: np.ndarray
    hamming_loss: np.ndarray

    @property
    def thresholds(self) -> np.ndarray:
        """On the 0-1 scale, float64."""
        return self.grid.thresholds

    @property
    def score_thresholds(self) -> np.ndarray:
        """In the kind and dtype of the scores."""
        return self.grid.score_thresholds


def class_counts(r: RankedScores, c: int, score_thresholds) -> Counts:
    """Counts of one class at thresholds in the dtype of the scores: (n_thresholds, 1), as `r.counts_at_scores`."""
    known, positives = r.known(c), r.positives(c)
    tp = len(positives) - np.searchsorted(positives, score_thresholds)
    fp = len(known) - np.searchsorted(known, score_thresholds) - tp
    fn, tn = len(positives) - tp, len(known) - len(positives) - fp
    return Counts(*(counts[:, None] for counts in (tp, fp, fn, tn)))


def threshold_sweep(
    r: RankedScores, grid: Grid | None = None, *, zero_division: float = 0.0, exact_match: ExactMatch | None = None
) -> Sweep:
    """The sweep along `grid` (None: 201 even steps on the 0-1 scale).

    exact_match: when at hand, saves the one pass over the samples. Samples averages along the same grid are
    `sample_metrics_at_scores(p, grid.score_thresholds)`.
    """
    grid = unit_grid(r.predictions) if grid is None else grid
    exact_match = ExactMatch.from_predictions(r.predictions) if exact_match is None else exact_match
    counts = r.counts_at_scores(grid.score_thresholds)
    values = {
        (metric, average): Objective(metric, average, zero_division=zero_division).value(counts)
        for metric in METRICS
        for average in AVERAGES
    }
    hamming_loss = Objective("hamming_loss", "micro", zero_division=np.nan).value(counts)
    return Sweep(grid, values, exact_match.accuracy(grid.score_thresholds), hamming_loss)
