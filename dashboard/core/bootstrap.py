"""Bootstrap over units: intervals of any shown metric and of the difference between two sets of decisions.

Decisions are held fixed; `expectation` says what tuning adds. Knows nothing of thresholds or policies.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core import metrics
from dashboard.core.averages import average_over_classes
from dashboard.core.predictions import Predictions
from dashboard.core.unit_sums import EMPTY, F1, PREDICTED, RIGHT, USED, UnitSums, unit_sums
from dashboard.core.unit_weights import MULTINOMIAL
from dashboard.core.units import compact_units, n_units

COVERAGE = 0.95


@dataclass(frozen=True, eq=False)
class Interval:
    """A 95 % interval and the standard error: floats, or (n_classes,); NaN where no replicate defines the value."""

    low: np.ndarray | float
    high: np.ndarray | float
    standard_error: np.ndarray | float

    @classmethod
    def of(cls, replicates) -> "Interval":
        """The percentile interval of replicates along the first axis; NaN replicates are skipped."""
        low, high = _quantiles(replicates, ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
        return cls(low, high, _standard_error(replicates))

    def shifted(self, by) -> "Interval":
        """The interval moved as a whole."""
        return Interval(self.low + by, self.high + by, self.standard_error)


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


def class_f1(s: UnitSums) -> np.ndarray:
    """(n_rows, n_classes), NaN where a class has no positive."""
    return np.where(s.counts.support > 0, metrics.f_beta(s.counts), np.nan)


def _macro_f1(s):
    values = metrics.f_beta(s.counts)
    lost = (s.counts.support == 0) & (s.counts.support[:1] > 0)
    return average_over_classes(np.where(lost, np.nan, values), "macro", s.counts.support)


def _micro(metric):
    return lambda s: metric(s.counts, average="micro")


def _per_sample(column):
    return lambda s: _ratio(s.samples[:, column], s.samples[:, USED])


def _ratio(numerator, denominator):
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator > 0)


METRICS: dict[str, Callable[[UnitSums], np.ndarray]] = {
    "micro_f1": _micro(metrics.f_beta),
    "macro_f1": _macro_f1,
    "weighted_f1": lambda s: metrics.f_beta(s.counts, average="weighted"),
    "micro_precision": _micro(metrics.precision),
    "micro_recall": _micro(metrics.recall),
    "per_cell_accuracy": lambda s: 1.0 - metrics.hamming_loss(s.counts, average="micro"),
    "n_never_predicted": lambda s: (s.counts.tp + s.counts.fp == 0).sum(axis=1),
    "samples_f1": _per_sample(F1),
    "exact_match": _per_sample(RIGHT),
    "predicted_cardinality": _per_sample(PREDICTED),
    "n_predicted_empty": lambda s: s.samples[:, EMPTY],
    "class_precision": lambda s: metrics.precision(s.counts),
    "class_recall": lambda s: metrics.recall(s.counts, zero_division=np.nan),
    "class_f1": class_f1,
}


def _quantiles(values, at):
    """Along the first axis, NaN skipped; NaN where all are."""
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=0)  # NaN goes last
    last = np.maximum((~np.isnan(ordered)).sum(axis=0) - 1, 0)
    if not len(ordered):
        return [np.full(ordered.shape[1:], np.nan)[()] for _ in at]
    return [_interpolated(ordered, last * share) for share in at]


def _interpolated(ordered, position):
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, np.ceil(position).astype(np.int64))
    low, high = (np.take_along_axis(ordered, index[None], axis=0)[0] for index in (below, above))
    return (low + (high - low) * (position - below))[()]


def _standard_error(values):
    defined = ~np.isnan(values)
    n = defined.sum(axis=0)
    mean = np.where(defined, values, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = (np.where(defined, values - mean, 0.0) ** 2).sum(axis=0)
    return np.where(n > 1, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)[()]
