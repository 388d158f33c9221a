"""Which classes are taken for which: a positive of one class missed where another class is a false alarm.

Knows nothing of screens. Only cells with a known label are looked at; a pair of classes is counted over the samples
where the labels of both are known.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from dashboard.core.confusion_of_many import excess, pairs_of_many
from dashboard.core.intervals import lower_limit
from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.thresholds import ThresholdSet

MOST_DENSE = 1_000  # classes; up to here all pairs are counted by matrix products
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

    def first(self, n: int) -> "ConfusedPairs":
        """The first `n` pairs."""
        fields = (self.missed, self.said, self.n_both, self.n_missed, self.said_rate)
        return ConfusedPairs(*(field[:n] for field in fields))


def confused_pairs(p: Predictions, thresholds: ThresholdSet, most: int = 500) -> ConfusedPairs:
    """The `most` pairs with the largest n_both - expected; only pairs that occur more often than expected."""
    thresholds.check_applies_to(p)
    count = _all_pairs if p.n_classes <= MOST_DENSE else partial(pairs_of_many, most=most)
    missed, said, n_both, n_missed, n_said, n_known = count(p, thresholds)
    beyond = excess(n_both, n_missed, n_said, n_known)
    order = np.lexsort((said, missed, -beyond))
    order = order[beyond[order] > 0][:most]
    return ConfusedPairs(*(each[order] for each in (missed, said, n_both, n_missed, n_said / n_known)))


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


def cooccurrence(p: Predictions, thresholds: ThresholdSet, classes) -> np.ndarray:
    """Samples where a class is true and a class is predicted, int64 (n, n): rows are true, columns predicted.

    Among those where both labels are known; the diagonal holds the true positives.
    """
    thresholds.check_applies_to(p)
    classes = np.asarray(classes, dtype=np.int64)
    at = thresholds.score_thresholds[classes]
    total = np.zeros((len(classes), len(classes)), dtype=np.int64)
    for rows in _blocks(p.n_samples, len(classes)):
        scores, labels = p.scores[rows][:, classes], p.labels[rows][:, classes]
        total += _products(labels == 1, (scores >= at) & (labels != UNKNOWN))
    return total


def _all_pairs(p, thresholds) -> tuple[np.ndarray, ...]:
    """(missed, said, n_both, n_missed, n_said, n_known) of every pair that occurs at all."""
    table = _summed(p, thresholds, lambda miss, alarm, known: _products(miss, alarm))
    missed, said = np.nonzero(table)
    complete = (p.n_known == p.n_samples).all()
    return (
        missed,
        said,
        table[missed, said],
        *(_complete_counts if complete else _dense_counts)(p, thresholds, missed, said),
    )


def _complete_counts(p, thresholds, missed, said):
    """Where every cell is known, each class's own counts serve all its pairs."""
    n_miss, n_alarm = (np.zeros(p.n_classes, dtype=np.int64) for _ in range(2))
    for rows in _blocks(p.n_samples, p.n_classes):
        miss, alarm, _ = _wrong(p, thresholds, rows)
        n_miss += miss.sum(axis=0)
        n_alarm += alarm.sum(axis=0)
    return n_miss[missed], n_alarm[said], np.full(len(missed), p.n_samples)


def _dense_counts(p, thresholds, missed, said):
    n_missed = _summed(p, thresholds, lambda miss, alarm, known: _products(miss, known))
    n_said = _summed(p, thresholds, lambda miss, alarm, known: _products(known, alarm))
    n_known = _summed(p, thresholds, lambda miss, alarm, known: _products(known, known))
    return n_missed[missed, said], n_said[missed, said], n_known[missed, said]


def _summed(p, thresholds, product) -> np.ndarray:
    total = np.zeros((p.n_classes, p.n_classes), dtype=np.int64)
    for rows in _blocks(p.n_samples, p.n_classes):
        total += product(*_wrong(p, thresholds, rows))
    return total


def _wrong(p, thresholds, rows):
    """(misses, false alarms, known cells) of some samples, bool each."""
    labels, predicted = p.labels[rows], p.scores[rows] >= thresholds.score_thresholds
    return (labels == 1) & ~predicted, (labels == 0) & predicted, labels != UNKNOWN


def _products(first, second) -> np.ndarray:
    """How often a column of each is true in the same row; a block has under 2**24 rows, so float32 counts exactly."""
    return (first.astype(np.float32).T @ second.astype(np.float32)).astype(np.int64)


def _blocks(n_samples, n_classes):
    step = max(1, _CELLS // max(1, n_classes))
    return (slice(start, start + step) for start in range(0, n_samples, step))
