"""Differences of a metric between two sets of scores, split into threshold and ranking, with intervals.

Knows nothing of how thresholds are chosen or what is resampled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dashboard.core import metrics
from dashboard.core.averages import average_over_classes
from dashboard.core.bootstrap import lost_classes
from dashboard.core.counts import Counts
from dashboard.core.percentile_interval import Interval

METRICS: dict[str, Callable] = {
    "f1": metrics.f_beta,
    "f_beta": metrics.f_beta,
    "jaccard": metrics.jaccard,
    "precision": metrics.precision,
    "recall": metrics.recall,
    "matthews_corrcoef": metrics.matthews_corrcoef,
}
AVERAGES = ("macro", "micro", "weighted")


class Part(NamedTuple):
    """A difference and its 95 % interval: floats, or (n_classes,); NaN where undefined."""

    value: np.ndarray | float
    low: np.ndarray | float
    high: np.ndarray | float

    @classmethod
    def of(cls, rows, n_units: int) -> "Part":
        """From values of which row 0 is the data's and the others the replicates'.

        A class without a value has no interval, and from one unit every replicate is the data again: NaN.
        """
        value = np.asarray(rows[0], dtype=np.float64)[()]
        around = Interval.of(rows[1:])
        known = ~np.isnan(value) & (n_units > 1)
        return cls(value, np.where(known, around.low, np.nan)[()], np.where(known, around.high, np.nan)[()])

    @classmethod
    def undefined(cls, shape=()) -> "Part":
        return cls(*(np.full(shape, np.nan)[()] for _ in range(3)))


@dataclass(frozen=True, eq=False)
class Differences:
    """What `b` has more than `a`: arrays (n_classes,), or floats for an average.

    a, b: the metric at the thresholds in use; a_cross_fitted, b_cross_fitted: at each run's own best thresholds, tuned
    without the sample's unit. total = threshold + ranking; ranking is what the cross-fitted values differ by.
    Beside the sum, not in it: the difference in average precision (and each run's own), in the best precision where
    the recall is at least what `a` has at its thresholds, and in the best recall where the precision is. Those two
    change more than their sign when the runs are swapped.
    """

    a: np.ndarray | float
    b: np.ndarray | float
    a_cross_fitted: np.ndarray | float
    b_cross_fitted: np.ndarray | float
    total: Part
    threshold: Part
    ranking: Part
    a_average_precision: np.ndarray | float
    b_average_precision: np.ndarray | float
    average_precision: Part
    precision_at_same_recall: Part
    recall_at_same_precision: Part


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two runs, or a reader (`a`) and a run, on the same samples.

    classes: NaN for a class without known positives. averages: "macro", "micro", "weighted" -> floats.
    support: (n_classes,) known positives. n_replicates: how many the intervals are from, which for large data is fewer
    than were asked for.
    """

    metric: str
    beta: float
    class_names: tuple[str, ...]
    support: np.ndarray
    n_units: int
    n_folds: int
    n_replicates: int
    classes: Differences
    averages: Mapping[str, Differences]


def check_metric(metric: str) -> None:
    """Raises ValueError unless `metric` is one of METRICS."""
    if metric not in METRICS:
        raise ValueError(f"metric must be one of {', '.join(METRICS)}, got {metric!r}")


def metric_rows(counts: Counts, metric: str, beta: float, average=None) -> np.ndarray:
    """The metric in each row of counts, of which row 0 is the data's: (n_rows, n_classes) or (n_rows,).

    Of classes, NaN without positives; 0/0 counts as 0 elsewhere. In the macro average a class that lost its positives
    in a replicate is left out there; one that has none in the data counts as 0, as in scikit-learn.
    """
    function = METRICS[metric]
    options = {"beta": beta if metric == "f_beta" else 1.0} if function is metrics.f_beta else {}
    if average in ("micro", "weighted"):
        return function(counts, average=average, **options)
    values = function(counts, **options)
    if average is None:
        return np.where(counts.support > 0, values, np.nan)
    lost = lost_classes(counts, counts.support[0])
    return average_over_classes(np.where(lost, np.nan, values), "macro", counts.support)
