"""Which classes are taken for which: a positive of one class missed where another class is a false alarm.

Knows nothing of screens. Only cells with a known label are looked at; a pair of classes is counted over the samples
where the labels of both are known.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.confused_counts import pairs_beyond_chance
from dashboard.core.intervals import lower_limit
from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.thresholds import ThresholdSet

_CELLS = 1 << 22  # of a block of samples


@dataclass(frozen=True, eq=False)
class ConfusedPairs:
    """Pairs of classes, those with the most samples beyond what chance would give first; (n_pairs,) each.

    missed, said: indices of the class missed and of the one falsely predicted. n_both: samples with both.
    n_missed: samples where the first is missed and the second known. said_rate: share of false alarms of the second
    where the first is known. expected: n_missed * said_rate, what n_both would be were the two independent.
    lift: n_both / expected. lift_low: its lower 95 % limit (binomial, the rate taken as given).
    Ties in n_both - expected are in the order of the classes; so no pair of one sample can top a list by its lift.
    """

    missed: np.ndarray
    said: np.ndarray
    n_both: np.ndarray
    n_missed: np.ndarray
    said_rate: np.ndarray

    @property
    def expected(self) -> np.ndarray:
        return self.n_missed * self.said_rate

    @property
    def lift(self) -> np.ndarray:
        return self.n_both / self.expected

    @property
    def lift_low(self) -> np.ndarray:
        return lower_limit(self.n_both, self.n_missed) / self.said_rate


def confused_pairs(p: Predictions, thresholds: ThresholdSet, most: int = 500) -> ConfusedPairs:
    """The `most` pairs with the largest n_both - expected; only pairs that occur more often than expected."""
    thresholds.check_applies_to(p)
    missed, said, n_both, n_missed, n_said, n_known = pairs_beyond_chance(p, thresholds, most)
    return ConfusedPairs(missed, said, n_both, n_missed, n_said / n_known)


def pair_samples(p: Predictions, thresholds: ThresholdSet, missed: int, said: int) -> np.ndarray:
    """The samples behind a pair, the highest score of the class falsely predicted first; ties in order."""
    at = thresholds.score_thresholds
    rows = np.flatnonzero(
        (p.labels[:, missed] == 1)
        & (p.scores[:, missed] < at[missed])
        & (p.labels[:, said] == 0)
        & (p.scores[:, said] >= at[said])
    )
    return rows[np.argsort(-p.scores[rows, said], kind="stable")]


def cooccurrence(p: Predictions, thresholds: ThresholdSet, classes) -> tuple[np.ndarray, np.ndarray]:
    """Samples where a class is true and a class is predicted, int64 (n, n): rows are true, columns predicted.

    And of how many: the positives of the row's class where the label of the column's class is known. Only those are
    counted; the diagonal holds the true positives, and of them the support.
    """
    thresholds.check_applies_to(p)
    classes = np.asarray(classes, dtype=np.int64)
    at = thresholds.score_thresholds[classes]
    both, positives = np.zeros((2, len(classes), len(classes)), dtype=np.int64)
    for rows in _blocks(p.n_samples, len(classes)):
        scores, labels = p.scores[rows][:, classes], p.labels[rows][:, classes]
        true, known = labels == 1, labels != UNKNOWN
        both += _products(true, (scores >= at) & known)
        positives += _products(true, known)
    return both, positives


def _products(first, second) -> np.ndarray:
    """How often a column of each is true in the same row; a block has under 2**24 rows, so float32 counts exactly."""
    return (first.astype(np.float32).T @ second.astype(np.float32)).astype(np.int64)


def _blocks(n_samples, n_classes):
    step = max(1, _CELLS // max(1, n_classes))
    return (slice(start, start + step) for start in range(0, n_samples, step))
