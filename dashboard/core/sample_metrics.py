"""Metrics that look at whole samples: samples averages, exact match, cardinality, samples with nothing predicted.

Knows nothing of ranks. Each sample is judged on its known cells; samples without any are left out and counted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.row_counts import RowCounts, row_blocks
from dashboard.core.scale import round_up, to_score_threshold
from dashboard.core.thresholds import ThresholdSet

AVERAGED = ("precision", "recall", "f1", "jaccard")
HALF = 26  # bits


@dataclass(frozen=True, eq=False)
class SampleMetrics:
    """Means over the samples used, float64 (n_thresholds,); NaN where no sample could be used.

    precision, recall, f1, jaccard: as scikit-learn with average="samples".
    subset_accuracy: share of samples with every known class decided right (exact match).
    predicted_cardinality, true_cardinality: mean number of predicted and of true classes per sample.
    n_predicted_empty: samples with no known class predicted, int64.
    n_rows_used, n_rows_left_out: samples with and without a known cell.
    """

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    jaccard: np.ndarray
    subset_accuracy: np.ndarray
    predicted_cardinality: np.ndarray
    true_cardinality: np.ndarray
    n_predicted_empty: np.ndarray
    n_rows_used: int
    n_rows_left_out: int


def sample_metrics(
    p: Predictions,
    thresholds,
    *,
    zero_division: float = 0.0,
    progress: Callable[[float], None] | None = None,
) -> SampleMetrics:
    """Sample metrics at thresholds on the 0-1 scale.

    thresholds: a scalar or (n_thresholds,), each for all classes; (n_thresholds, n_classes); or a ThresholdSet.
    zero_division: value of a sample's 0/0; with NaN such a sample is skipped in that mean.
    """
    if isinstance(thresholds, ThresholdSet):
        thresholds.check_applies_to(p)
        score_thresholds = thresholds.score_thresholds[None, :]
    else:
        score_thresholds = np.atleast_1d(to_score_threshold(thresholds, p.score_kind, p.scores.dtype))
    return sample_metrics_at_scores(p, score_thresholds, zero_division=zero_division, progress=progress)


def sample_metrics_at_scores(
    p: Predictions,
    score_thresholds,
    *,
    zero_division: float = 0.0,
    progress: Callable[[float], None] | None = None,
) -> SampleMetrics:
    """The same at thresholds on the scale and in the dtype of the scores: scalar, (n_thresholds,) or by class."""
    score_thresholds = np.atleast_1d(round_up(score_thresholds, p.scores.dtype))
    if score_thresholds.ndim > 2 or (score_thresholds.ndim == 2 and score_thresholds.shape[1] != p.n_classes):
        raise ValueError(
            f"thresholds must be a scalar, (n_thresholds,) or (n_thresholds, {p.n_classes}), "
            f"got shape {score_thresholds.shape}"
        )
    ascending = np.argsort(score_thresholds) if score_thresholds.ndim == 1 else np.arange(len(score_thresholds))
    ordered = score_thresholds[ascending]
    totals = _Totals(len(ordered), zero_division)
    for rows in row_blocks(p.n_samples, p.n_classes + len(ordered), progress):
        totals.add(RowCounts.at_thresholds(p.scores[rows], p.labels[rows], ordered))
    return totals.means(p.n_samples, np.argsort(ascending))


def sample_metrics_from_predicted(p: Predictions, predicted, *, zero_division: float = 0.0) -> SampleMetrics:
    """Sample metrics of given decisions, bool (n_samples, n_classes), with n_thresholds = 1. For readers, row rules."""
    predicted = np.asarray(predicted)
    if predicted.shape != p.labels.shape or predicted.dtype != bool:
        raise ValueError(f"predicted must be bool of shape {p.labels.shape}, got {predicted.dtype} {predicted.shape}")
    totals = _Totals(1, zero_division)
    for rows in row_blocks(p.n_samples, p.n_classes):
        totals.add(RowCounts.of_decisions([predicted[rows]], p.labels[rows]))
    return totals.means(p.n_samples, np.zeros(1, dtype=np.intp))


def row_values(metric: str, counts: RowCounts, beta: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """A samples-averaged metric of each row and threshold, 0 where it is 0/0, and where it is not; same shape.

    beta is that of "f_beta" alone.
    """
    support = counts.support[:, None]
    if metric == "f_beta":
        denominator = beta**2 * support + counts.predicted
        values = np.divide((1 + beta**2) * counts.tp, denominator, out=np.zeros(counts.tp.shape), where=denominator > 0)
        return values, denominator > 0
    numerator, denominator = {
        "precision": (counts.tp, counts.predicted),
        "recall": (counts.tp, support),
        "f1": (2 * counts.tp, support + counts.predicted),
        "jaccard": (counts.tp, support + counts.predicted - counts.tp),
    }[metric]
    return numerator / np.maximum(denominator, 1), np.broadcast_to(denominator > 0, counts.tp.shape)


class _Totals:
    """Sums over the rows seen so far.

    Values in [0, 1] are summed as integers, in units of 2^-53 and over all blocks in two halves that cannot overflow:
    the mean at a threshold is then the same float whatever other thresholds were computed beside it.
    """

    def __init__(self, n_thresholds, zero_division):
        self.zero_division = zero_division
        self.high_halves = {metric: np.zeros(n_thresholds, dtype=np.int64) for metric in AVERAGED}
        self.low_halves = {metric: np.zeros(n_thresholds, dtype=np.int64) for metric in AVERAGED}
        self.n_defined = {metric: np.zeros(n_thresholds, dtype=np.int64) for metric in AVERAGED}
        self.n_right, self.n_empty, self.n_predicted = np.zeros((3, n_thresholds), dtype=np.int64)
        self.n_true = self.n_rows = 0

    def add(self, counts: RowCounts):
        for metric in AVERAGED:
            values, defined = row_values(metric, counts)
            units = np.rint(values * 2.0**53).astype(np.int64).sum(axis=0)
            self.high_halves[metric] += units >> HALF
            self.low_halves[metric] += units & ((1 << HALF) - 1)
            self.n_defined[metric] += defined.sum(axis=0)
        support = counts.support[:, None]
        self.n_right += ((counts.tp == support) & (counts.predicted == support)).sum(axis=0)
        self.n_empty += (counts.predicted == 0).sum(axis=0)
        self.n_predicted += counts.predicted.sum(axis=0)
        self.n_true += int(counts.support.sum())
        self.n_rows += len(counts.support)

    def means(self, n_samples, order) -> SampleMetrics:
        return SampleMetrics(
            **{metric: self._mean_score(metric)[order] for metric in AVERAGED},
            subset_accuracy=self._per_row(self.n_right)[order],
            predicted_cardinality=self._per_row(self.n_predicted)[order],
            true_cardinality=self._per_row(np.full(len(order), self.n_true)),
            n_predicted_empty=self.n_empty[order],
            n_rows_used=self.n_rows,
            n_rows_left_out=n_samples - self.n_rows,
        )

    def _mean_score(self, metric):
        counted = self.n_defined[metric]
        total = np.ldexp(self.high_halves[metric].astype(np.float64), HALF - 53)
        total += np.ldexp(self.low_halves[metric].astype(np.float64), -53)
        if not np.isnan(self.zero_division):
            total, counted = total + self.zero_division * (self.n_rows - counted), np.full(counted.shape, self.n_rows)
        return np.divide(total, counted, out=np.full(total.shape, np.nan), where=counted > 0)

    def _per_row(self, total):
        return total / self.n_rows if self.n_rows else np.full(total.shape, np.nan)
