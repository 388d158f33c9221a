"""Exact match (subset accuracy) against one global threshold, without a pass over the scores per threshold.

A sample is right from just above its highest known negative up to its lowest known positive: two numbers per sample,
sorted once. Knows nothing of other metrics.
"""

from functools import cached_property

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.row_counts import row_blocks


class ExactMatch:
    """The thresholds at which samples become right and cease to be; samples without known cells are left out."""

    def __init__(self, begins, ends, n_always_begun: int, n_rows_used: int):
        self._begins = np.sort(begins)
        self._ends = np.sort(ends)
        self._n_always_begun = n_always_begun
        self.n_rows_used = n_rows_used

    @classmethod
    def from_predictions(cls, p: Predictions) -> "ExactMatch":
        """One blocked pass over scores and labels."""
        empty = np.empty(0, p.scores.dtype)
        begins, ends, n_always_begun, n_rows_used = [empty], [empty], 0, 0
        for rows in row_blocks(p.n_samples, p.n_classes):
            scores, labels = p.scores[rows], p.labels[rows]
            highest_negative = np.where(labels == 0, scores, -np.inf).max(axis=1, initial=-np.inf)
            lowest_positive = np.where(labels == 1, scores, np.inf).min(axis=1, initial=np.inf)
            # A flag, not -inf, says "no negatives": a negative scored -inf is predicted by the threshold -inf.
            with_negatives, known = (labels == 0).any(axis=1), (labels >= 0).any(axis=1)
            separable = with_negatives & (highest_negative < lowest_positive)
            begins.append(highest_negative[separable])
            ends.append(lowest_positive[separable | (known & ~with_negatives)])
            n_always_begun += int((known & ~with_negatives).sum())
            n_rows_used += int(known.sum())
        return cls(np.concatenate(begins), np.concatenate(ends), n_always_begun, n_rows_used)

    def accuracy(self, score_thresholds) -> np.ndarray:
        """Share of the samples used with every known class right, (n_thresholds,) float64; NaN without any."""
        score_thresholds = np.asarray(score_thresholds, dtype=self._ends.dtype)
        n_begun = self._n_always_begun + np.searchsorted(self._begins, score_thresholds)
        n_right = n_begun - np.searchsorted(self._ends, score_thresholds)
        return n_right / self.n_rows_used if self.n_rows_used else np.full(score_thresholds.shape, np.nan)

    @cached_property
    def best_score_threshold(self):
        """The highest threshold of the best accuracy: the lowest positive of some sample, or +inf."""
        candidates = np.append(np.unique(self._ends), self._ends.dtype.type(np.inf))
        accuracy = self.accuracy(candidates)
        best = np.flatnonzero(accuracy == accuracy.max())
        return candidates[best[-1] if len(best) else -1]
