"""Exact counts at any threshold, curves and areas, from scores that are sorted once.

Works in the kind and dtype of the scores: a sigmoid in float32 would merge large logits and invent ties. Knows
nothing of how thresholds are chosen.
"""

from functools import cached_property

import numpy as np

from dashboard.core import curves
from dashboard.core.averages import average_over_classes, check_average
from dashboard.core.best_cuts import BestCuts, best_f_beta, interval_at
from dashboard.core.counts import Counts
from dashboard.core.curves import Cuts
from dashboard.core.predictions import Predictions
from dashboard.core.scale import round_up, to_score_threshold
from dashboard.core.sorting import sorted_classes
from dashboard.core.threads import available_cores, run_each
from dashboard.core.thresholds import ThresholdSet

SMALL = 1_000_000  # cells; below that threads cost more than they save
CLASSES_PER_THRESHOLD = 64  # from there on searching all classes in step beats a search per class
MOST_IN_STEP = 16  # thresholds


class RankedScores:
    """Sorted scores of each class; unknown cells are in no number."""

    def __init__(self, predictions: Predictions, known, positives, n_threads: int):
        self.predictions = predictions
        self._known = known
        self._positives = positives
        self._n_threads = n_threads

    @classmethod
    def from_predictions(cls, p: Predictions, *, n_threads: int | None = None) -> "RankedScores":
        """Sorts every class; `n_threads` None: one thread per core, or one in all for small data."""
        if n_threads is None:
            n_threads = available_cores() if p.scores.size > SMALL else 1
        return cls(p, *sorted_classes(p, n_threads), n_threads)

    def known(self, c: int) -> np.ndarray:
        """Scores of the known cells of class `c`, ascending, read-only."""
        return self._known[c]

    def positives(self, c: int) -> np.ndarray:
        """Scores of the known positives of class `c`, ascending, read-only."""
        return self._positives[c]

    def negatives(self, c: int) -> np.ndarray:
        """Scores of the known negatives of class `c`, ascending, read-only; a new array at each call."""
        negatives = curves.without(self._known[c], self._positives[c], self._predicted[c])
        negatives.flags.writeable = False
        return negatives

    def highest_known_below(self, score):
        """The highest known score of any class that is below `score`, in the dtype of the scores; -inf without any."""
        return self._known.highest_below(score).max(initial=-np.inf)

    def counts(self, thresholds) -> Counts:
        """Counts at thresholds on the 0-1 scale, or of a ThresholdSet (which must fit the scores).

        A scalar or (n_thresholds,) applies to all classes, (n_thresholds, n_classes) has one column per class. A
        threshold t is compared as the smallest score that is at least logit(t) (or t); NaN means never predicted.
        """
        if isinstance(thresholds, ThresholdSet):
            thresholds.check_applies_to(self.predictions)
            return self.counts_at_scores(thresholds.score_thresholds[None, :])
        p = self.predictions
        return self.counts_at_scores(to_score_threshold(thresholds, p.score_kind, p.scores.dtype))

    def counts_at_scores(self, score_thresholds) -> Counts:
        """Counts of `score >= score_threshold`, -inf and +inf included; shapes as in `counts`.

        Values of another dtype are rounded up to the dtype of the scores, which decides the same.
        """
        thresholds = self._one_column_per_class(round_up(score_thresholds, self.predictions.scores.dtype))
        if len(thresholds) <= min(MOST_IN_STEP, max(1, self.predictions.n_classes // CLASSES_PER_THRESHOLD)):
            tp, predicted = (
                np.array([rows.n_at_least(at) for at in thresholds], dtype=np.int64).reshape(thresholds.shape)
                for rows in (self._positives, self._known)
            )
        else:
            tp, predicted = (rows.n_at_least_each(thresholds) for rows in (self._positives, self._known))
        fp = predicted - tp
        return Counts(tp, fp, self._n_positives - tp, self._n_known - self._n_positives - fp)

    def intervals_at(self, kept) -> tuple[np.ndarray, np.ndarray]:
        """(dropped, kept) of each class, (n_classes,): `dropped` is the highest known score below, -inf without any."""
        kept = np.asarray(kept, dtype=self.predictions.scores.dtype)
        return self._known.highest_below(kept), kept

    def cuts(self, c: int) -> Cuts:
        """tp and fp at every distinct known score of class `c`, descending."""
        return curves.all_cuts(self._positives[c], self._known[c])

    def positive_cuts(self, c: int) -> Cuts:
        """The same at the distinct scores of the positives only, where every optimum and step of a PR curve lies."""
        return curves.positive_cuts(self._positives[c], self._predicted[c])

    def precision_recall_curve(self, class_index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Precision, recall and thresholds as `sklearn.metrics.precision_recall_curve` gives them.

        Thresholds are the distinct scores, ascending; the last point (1, 0) has none. Without positives recall is NaN
        at every threshold (scikit-learn: 1).
        """
        cuts = self.cuts(class_index)
        return *curves.precision_recall(cuts, len(self._positives[class_index])), cuts.scores[::-1]

    def roc_curve(self, class_index: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """False and true positive rate and thresholds as `sklearn.metrics.roc_curve(drop_intermediate=False)`.

        Thresholds are the distinct scores, descending, after a first +inf at which nothing is predicted.
        """
        cuts = self.cuts(class_index)
        n_positives = len(self._positives[class_index])
        rates = curves.roc(cuts, n_positives, len(self._known[class_index]) - n_positives)
        return *rates, np.concatenate([[np.inf], cuts.scores]).astype(cuts.scores.dtype)

    def average_precision(self, average=None):
        """Step-sum average precision: (n_classes,) or, for an average, a float; NaN without positives.

        Classes that are NaN are skipped in averages (scikit-learn counts them as 0). "micro" pools the known cells of
        all classes; that sorts them once more and for that time holds a second copy of the scores.
        """
        check_average(average)
        if average == "micro":
            return self.micro_areas()[0]
        return self._averaged(self._average_precision, average)

    def roc_auc(self, average=None):
        """Area under the ROC curve, as `average_precision`; NaN without positives or without negatives."""
        check_average(average)
        if average == "micro":
            return self.micro_areas()[1]
        return self._averaged(self._roc_auc, average)

    def micro_areas(self) -> tuple[float, float]:
        """Micro average precision and micro ROC AUC from one pooling of all known cells."""
        positives, known = self._pooled()
        area = curves.average_precision(positives, curves.predicted_at(positives, known))
        return area, curves.roc_auc(positives, known)

    def best_f_beta(self, beta: float = 1.0) -> BestCuts:
        """The best F-beta of each class over all thresholds and where it is; the highest of equally good cuts."""
        if not 0 <= beta < np.inf:
            raise ValueError(f"beta must be at least 0 and finite, got {beta}")
        best = self.each_class(lambda c: self._best_f_beta_of(c, beta))
        values, intervals = [value for value, _ in best], [interval for _, interval in best]
        return BestCuts.from_intervals(values, intervals, self.predictions.scores.dtype)

    def _best_f_beta_of(self, c, beta):
        value, index = best_f_beta(self._predicted[c], beta)
        kept = self._positives[c][index] if index >= 0 else self.predictions.scores.dtype.type(np.inf)
        return value, interval_at(self._known[c], kept)

    @property
    def _n_positives(self):
        return self._positives.lengths

    @property
    def _n_known(self):
        return self._known.lengths

    @cached_property
    def _predicted(self):
        return self.each_class(lambda c: curves.predicted_at(self._positives[c], self._known[c]))

    @cached_property
    def _average_precision(self):
        areas = self.each_class(lambda c: curves.average_precision(self._positives[c], self._predicted[c]))
        return np.array(areas, dtype=np.float64)

    @cached_property
    def _roc_auc(self):
        areas = self.each_class(lambda c: curves.roc_auc(self._positives[c], self._known[c]))
        return np.array(areas, dtype=np.float64)

    def each_class(self, function) -> list:
        """`[function(c) for c in classes]`, on all cores where the data are large."""
        return run_each(function, range(self.predictions.n_classes), self._n_threads)

    def _averaged(self, values, average):
        return values.copy() if average is None else float(average_over_classes(values, average, self._n_positives))

    def _pooled(self):
        empty = [np.empty(0, self.predictions.scores.dtype)]
        return tuple(np.sort(np.concatenate([*empty, *rows])) for rows in (self._positives, self._known))

    def _one_column_per_class(self, thresholds):
        n_classes = self.predictions.n_classes
        if thresholds.ndim < 2:
            return np.broadcast_to(thresholds.reshape(-1, 1), (thresholds.size, n_classes))
        if thresholds.ndim > 2 or thresholds.shape[1] != n_classes:
            raise ValueError(
                f"thresholds must be a scalar, (n_thresholds,) or (n_thresholds, {n_classes}), got {thresholds.shape}"
            )
        return thresholds
