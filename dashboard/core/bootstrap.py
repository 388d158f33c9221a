"""Bootstrap over units: intervals of any shown metric and of the difference between two sets of decisions.

Decisions are held fixed; `expectation` says what tuning adds. Knows nothing of thresholds or policies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core import metrics
from dashboard.core.averages import average_over_classes
from dashboard.core.counts import Counts
from dashboard.core.percentile_interval import Interval
from dashboard.core.predictions import Predictions
from dashboard.core.unit_sums import EMPTY, F1, PREDICTED, RIGHT, USED, UnitSums, unit_sums
from dashboard.core.unit_weights import MULTINOMIAL
from dashboard.core.units import compact_units, n_units


@dataclass(frozen=True, eq=False)
class Replicates:
    """The metrics of each set of decisions, on the data and on every replicate.

    metric is a field of `Headline`, or "class_precision", "class_recall" or "class_f1" (then arrays are (n_classes,)).
    A replicate where a class has no positive says nothing of its recall and F1: NaN there, and left out of the macro
    mean. Elsewhere 0/0 counts as 0.
    """

    n_units: int
    n_replicates: int
    sums: Mapping[str, UnitSums]

    def value(self, name: str, metric: str):
        """On the data itself."""
        return METRICS[metric](self.sums[name])[0]

    def values(self, name: str, metric: str) -> np.ndarray:
        """On each replicate: (n_replicates,) or (n_replicates, n_classes)."""
        return METRICS[metric](self.sums[name])[1:]

    def interval(self, name: str, metric: str) -> Interval:
        """Of the metric of these decisions on new samples of the same kind."""
        return self._interval(self.values(name, metric))

    def figure(self, name: str, metric: str) -> tuple[np.ndarray | float, Interval]:
        """The value on the data itself and its interval, in the time of one of them."""
        found = METRICS[metric](self.sums[name])
        return found[0], self._interval(found[1:])

    def difference(self, a: str, b: str, metric: str) -> Interval:
        """Of the metric of `a` minus that of `b`, both on the same replicates."""
        return self._interval(self.values(a, metric) - self.values(b, metric))

    def _interval(self, values):
        # From one unit every replicate is the data again, and says nothing of how far off it is.
        return Interval.of(values if self.n_units > 1 else np.full_like(values, np.nan, dtype=np.float64))


def bootstrap(
    p: Predictions,
    predicted: Mapping[str, np.ndarray],
    units,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    *,
    kind: str = MULTINOMIAL,
) -> Replicates:
    """Resample units with replacement and hold the decisions, bool (n_samples, n_classes) each, fixed.

    units: (n_samples,) whole numbers. The same units, seed and number give the same resamples, so that what was
    computed separately is still paired. kind: "multinomial" or "poisson" weights.
    """
    for name, decided in predicted.items():
        if decided.shape != p.labels.shape or decided.dtype != bool:
            raise ValueError(
                f"{name} must be bool of shape {p.labels.shape}, got {decided.dtype} of shape {decided.shape}"
            )
    units = compact_units(units, p.n_samples)
    sums = unit_sums(p, predicted, units, n_replicates=n_replicates, seed=seed, kind=kind, progress=progress)
    return Replicates(n_units(units), n_replicates, sums)


def macro_f1(c: Counts, lost) -> np.ndarray:
    """The mean over classes less those where `lost`, bool of the shape of the counts, is true."""
    return average_over_classes(np.where(lost, np.nan, metrics.f_beta(c)), "macro", c.support)


def lost_classes(c: Counts, support) -> np.ndarray:
    """Where a class has no positive in a row of counts though it has some in `support`, (n_classes,) of the data."""
    return (c.support == 0) & (support > 0)


def _class_f1(c):
    return np.where(c.support > 0, metrics.f_beta(c), np.nan)


def _micro(metric):
    return lambda c: metric(c, average="micro")


def _per_sample(column):
    return lambda s: _ratio(s.samples[:, column], s.samples[:, USED])


def _ratio(numerator, denominator):
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0)


def _of_counts(metric):
    return lambda s: metric(s.counts)


# Metrics of counts alone; macro F1, which has to know what classes the data has, stands apart.
COUNT_METRICS: dict[str, Callable[[Counts], np.ndarray]] = {
    "micro_f1": _micro(metrics.f_beta),
    "weighted_f1": lambda c: metrics.f_beta(c, average="weighted"),
    "micro_precision": _micro(metrics.precision),
    "micro_recall": _micro(metrics.recall),
    "per_cell_accuracy": lambda c: 1.0 - metrics.hamming_loss(c, average="micro"),
    "n_never_predicted": lambda c: (c.tp + c.fp == 0).sum(axis=1),
    "class_precision": metrics.precision,
    "class_recall": lambda c: metrics.recall(c, zero_division=np.nan),
    "class_f1": _class_f1,
}
METRICS: dict[str, Callable[[UnitSums], np.ndarray]] = {
    **{name: _of_counts(metric) for name, metric in COUNT_METRICS.items()},
    "macro_f1": lambda s: macro_f1(s.counts, lost_classes(s.counts, s.counts.support[0])),
    "samples_f1": _per_sample(F1),
    "exact_match": _per_sample(RIGHT),
    "predicted_cardinality": _per_sample(PREDICTED),
    "n_predicted_empty": lambda s: s.samples[:, EMPTY],
}
