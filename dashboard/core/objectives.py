"""What a global threshold can be chosen to maximise: a value at counts, and a bound between two thresholds.

Between two thresholds a class has at most the true positives of the lower and at least the false positives of the
higher one; every metric here rises with the first and falls with the second. Knows nothing of scores or search.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core import metrics
from dashboard.core.counts import Counts

AVERAGES = ("micro", "macro", "weighted")
METRICS = ("precision", "recall", "f1", "f_beta", "jaccard", "hamming_loss")


@dataclass(frozen=True)
class Objective:
    """One averaged metric with its parameters; hamming_loss (over all known cells, average "micro") is minimised.

    `beta` is that of f_beta only. Raises ValueError for a metric or average that it does not know.
    """

    metric: str
    average: str
    beta: float = 1.0
    zero_division: float = 0.0

    def __post_init__(self):
        if self.metric not in METRICS:
            raise ValueError(f"metric must be one of {METRICS}, got {self.metric!r}")
        allowed = AVERAGES if self.metric != "hamming_loss" else ("micro",)
        if self.average not in allowed:
            raise ValueError(f"average of {self.metric} must be one of {allowed}, got {self.average!r}")

    @property
    def rounding(self) -> float:
        """Averages over classes closer than this may be equal: they are sums of rounded ratios. A ratio is exact."""
        return 0.0 if self.average == "micro" else 16 * float(np.finfo(np.float64).eps)

    def value(self, counts: Counts) -> np.ndarray:
        """The metric itself, (n_thresholds,)."""
        return self._metric(counts, self.average)

    def merit(self, counts: Counts) -> np.ndarray:
        """What is maximised, (n_thresholds,); an undefined value loses against every defined one."""
        return self._merit(self.value(counts))

    def bound(self, low: Counts, high: Counts) -> np.ndarray:
        """At least the merit at every threshold from one of `low` to the one of `high` above it, (n_thresholds,)."""
        tp, fp = low.tp, high.fp
        best = Counts(tp, fp, low.support - tp, low.fp + low.tn - fp)
        # With zero_division NaN a class may be skipped anywhere below a threshold that predicts none of it; at its best
        # it is then perfect, or without positives and skipped, so that skipping it cannot raise the average further.
        bounds = self._merit(self.value(best))
        # Undefined at its best, because nothing need be predicted, it is still 0 where only negatives are.
        return np.where(np.isneginf(bounds), 0.0, bounds)

    def _metric(self, counts, average):
        options = {"average": average, "zero_division": self.zero_division}
        if self.metric in ("f1", "f_beta"):
            return metrics.f_beta(counts, beta=self.beta if self.metric == "f_beta" else 1.0, **options)
        return getattr(metrics, self.metric)(counts, **options)

    def _merit(self, values):
        return np.where(np.isnan(values), -np.inf, -values if self.metric == "hamming_loss" else values)
