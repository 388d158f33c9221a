"""Metrics as functions of counts; averaging and undefined cells are handled once for all of them.

Each takes counts of (n_thresholds, n_classes) and returns that shape for average None, (n_thresholds,) for "micro"
(of the summed counts), "macro" (the plain mean over classes) or "weighted" (by known positives). `zero_division`
stands where a metric is 0/0, with every average; averages skip NaN. Knows nothing of scores.
"""

import numpy as np

from dashboard.core.averages import average_over_classes, check_average
from dashboard.core.counts import Counts
from dashboard.core.sample_metrics import sample_metrics as sample_metrics


def precision(c: Counts, average=None, zero_division=0.0):
    """tp / (tp + fp)."""
    return _metric(_precision, c, average, zero_division)


def recall(c: Counts, average=None, zero_division=0.0):
    """tp / (tp + fn)."""
    return _metric(_recall, c, average, zero_division)


def f_beta(c: Counts, beta: float = 1.0, average=None, zero_division=0.0):
    """(1 + beta^2) tp / (beta^2 (tp + fn) + tp + fp); "macro" is the mean of the classes' values.

    With beta > 0 it is 0/0 only where nothing is positive and nothing predicted. Raises ValueError for a negative or
    infinite beta.
    """
    if not 0 <= beta < np.inf:
        raise ValueError(f"beta must be at least 0 and finite, got {beta}")
    return _metric(lambda *counts: _f_beta(*counts, beta * beta), c, average, zero_division)


def jaccard(c: Counts, average=None, zero_division=0.0):
    """tp / (tp + fp + fn)."""
    return _metric(_jaccard, c, average, zero_division)


def specificity(c: Counts, average=None, zero_division=0.0):
    """tn / (tn + fp): the recall of the negatives; "weighted" weights by known positives all the same."""
    return _metric(_specificity, c, average, zero_division)


def matthews_corrcoef(c: Counts, average=None, zero_division=0.0):
    """The correlation of label and decision, in [-1, 1]; 0/0 where either is constant."""
    return _metric(_matthews_corrcoef, c, average, zero_division)


def hamming_loss(c: Counts, average=None, zero_division=0.0):
    """(fp + fn) / known cells."""
    return _metric(_hamming_loss, c, average, zero_division)


def n_undefined(metric, c: Counts, **parameters) -> np.ndarray:
    """How many classes a metric of this module is 0/0 for, at each threshold: (n_thresholds,) integers."""
    return np.isnan(metric(c, zero_division=np.nan, **parameters)).sum(axis=-1)


def _precision(tp, fp, fn, tn):
    return tp, tp + fp


def _recall(tp, fp, fn, tn):
    return tp, tp + fn


def _f_beta(tp, fp, fn, tn, weight):
    return (1 + weight) * tp, weight * (tp + fn) + (tp + fp)


def _jaccard(tp, fp, fn, tn):
    return tp, tp + fp + fn


def _specificity(tp, fp, fn, tn):
    return tn, tn + fp


def _matthews_corrcoef(tp, fp, fn, tn):
    # Products of four counts overflow int64. In float64 each rounded product is at most the denominator, so the
    # difference is good to 2e-16 of it, and independence gives exactly 0. With the margins paired like this the
    # ends, where each pair is the same product, come out as exactly 1 and -1.
    tp, fp, fn, tn = (count.astype(np.float64) for count in (tp, fp, fn, tn))
    return tp * tn - fp * fn, np.sqrt(((tp + fp) * (tn + fn)) * ((tp + fn) * (tn + fp)))


def _hamming_loss(tp, fp, fn, tn):
    return fp + fn, tp + fp + fn + tn


def _metric(ratio, c, average, zero_division):
    check_average(average)
    counts = c.pooled() if average == "micro" else c
    numerator, denominator = ratio(counts.tp, counts.fp, counts.fn, counts.tn)
    values = np.full(numerator.shape, float(zero_division))
    np.divide(numerator, denominator, out=values, where=denominator != 0)
    if average is None:
        return values
    return values[..., 0] if average == "micro" else average_over_classes(values, average, c.support)
