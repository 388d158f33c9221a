"""From the lowest score that each class keeps to a ThresholdSet. Knows nothing of why a cut was chosen."""

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import threshold_between
from dashboard.core.thresholds import ThresholdSet


def set_at_cuts(r: RankedScores, kept, **details) -> ThresholdSet:
    """The set that keeps the scores `kept`, (n_classes,), and drops what is known below; +inf keeps nothing finite.

    `dropped` and `kept` are added to the details.
    """
    p = r.predictions
    dropped, kept = r.intervals_at(kept)
    return ThresholdSet.from_scores(p, threshold_between(dropped, kept), dropped=dropped, kept=kept, **details)


def set_at_thresholds(r: RankedScores, score_thresholds, **details) -> ThresholdSet:
    """The set of these thresholds, (n_classes,), with the interval around each that decides the same."""
    values = np.asarray(score_thresholds, dtype=r.predictions.scores.dtype)
    intervals = [interval_around(r.known(c), value) for c, value in enumerate(values)]
    dropped, kept = np.array(intervals, dtype=values.dtype).reshape(-1, 2).T
    return ThresholdSet.from_scores(r.predictions, values, **(details | {"dropped": dropped, "kept": kept}))


def counts_at_never(r: RankedScores) -> Counts:
    """Counts at the threshold +inf: nothing is predicted, except where a score is +inf itself."""
    return r.counts_at_scores(np.full((1, r.predictions.n_classes), np.inf))


def precision_and_recall(c: Counts) -> tuple[np.ndarray, np.ndarray]:
    """Of one row of counts, each (n_classes,): NaN where nothing is predicted, or nothing is positive."""
    with np.errstate(invalid="ignore"):
        return c.tp[0] / (c.tp + c.fp)[0], c.tp[0] / c.support[0]


def interval_around(known, value) -> tuple:
    """(dropped, kept): the known scores next to a threshold; infinite where there are none."""
    index = np.searchsorted(known, value)
    return (known[index - 1] if index else -np.inf), (known[index] if index < len(known) else np.inf)
