"""Rules over whole samples: the k highest classes of each, and what is added to or taken from a base's decisions.

They see scores only; whether a label is known does not matter. Know nothing of how the base's thresholds were chosen.
"""

from dataclasses import dataclass, field

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.ranking import SMALL
from dashboard.core.row_counts import row_blocks
from dashboard.core.scale import logit
from dashboard.core.threads import available_cores, run_each
from dashboard.core.thresholds import ThresholdSet

FARTHEST = 1e300  # beyond every distance between two scores


@dataclass(frozen=True, eq=False)
class TopK:
    """Predicts the k highest scores of each sample, exactly k (or all classes); of equal scores the earlier class."""

    k: int
    details: dict = field(default_factory=dict)

    def predict(self, p: Predictions) -> np.ndarray:
        """(n_samples, n_classes) bool decisions."""
        return in_row_blocks(p, lambda rows: highest_of_rows(p.scores[rows], self.k))


@dataclass(frozen=True, eq=False)
class RowRule:
    """A ThresholdSet's decisions, with at least and at most so many classes for each sample.

    Which class is next is told by the distance of its score above its threshold, on the logit scale: a class that
    misses a high threshold by little comes before one that misses a low threshold by much, and with one threshold for
    all the order is that of the scores. Classes never predicted (+inf) come last, in order of their scores, those
    always predicted first; of equal ones the earlier class. at_least 1: the top class when nothing passes. at_least 0
    adds nothing, at_most 0 limits nothing.
    """

    base: ThresholdSet
    at_least: int = 1
    at_most: int = 0
    details: dict = field(default_factory=dict)

    def __post_init__(self):
        if self.at_least < 0 or self.at_most < 0 or 0 < self.at_most < self.at_least:
            raise ValueError(
                f"at_least must not be above at_most, nor either negative, got {self.at_least} and {self.at_most}"
            )

    def predict(self, p: Predictions) -> np.ndarray:
        """(n_samples, n_classes) bool decisions."""
        self.base.check_applies_to(p)
        return in_row_blocks(p, lambda rows: self._decide(p.scores[rows]))

    def _decide(self, scores):
        predicted = scores >= self.base.score_thresholds
        n_predicted = np.count_nonzero(predicted, axis=1)
        few = np.flatnonzero(n_predicted < min(self.at_least, scores.shape[1]))
        if len(few):
            order = np.where(predicted[few], np.inf, self._above_threshold(scores[few]))
            predicted[few] = highest_of_rows(order, self.at_least)
        many = np.flatnonzero(n_predicted > self.at_most) if self.at_most else []
        if len(many):
            order = np.where(predicted[many], self._above_threshold(scores[many]), -np.inf)
            predicted[many] = highest_of_rows(order, self.at_most)
        return predicted

    def _above_threshold(self, scores):
        """How far each score lies above its threshold, finite float64 (n_rows, n_classes)."""
        thresholds, scores = self.base.score_thresholds.astype(np.float64), scores.astype(np.float64)
        if self.base.score_kind == "probabilities":
            thresholds, scores = logit(thresholds.clip(0, 1)), logit(scores)
        with np.errstate(invalid="ignore", over="ignore"):
            above = np.nan_to_num(scores - thresholds, nan=0.0, posinf=FARTHEST, neginf=-FARTHEST)
        never, always = np.isposinf(self.base.score_thresholds), np.isneginf(self.base.score_thresholds)
        if never.any() or always.any():
            within = scores / (1 + np.abs(np.where(np.isfinite(scores), scores, 0.0)))  # rises with the score, to one
            within = np.where(np.isfinite(scores), within, np.sign(scores)) * FARTHEST
            above = np.where(never, 3 * -FARTHEST + within, np.where(always, 3 * FARTHEST + within, above))
        return above


def in_row_blocks(p: Predictions, decide) -> np.ndarray:
    """The decisions of all samples, from `decide(rows)` for one block of rows after another, on all cores."""
    predicted = np.empty(p.scores.shape, dtype=bool)

    def fill(rows):
        predicted[rows] = decide(rows)

    run_each(fill, row_blocks(p.n_samples, p.n_classes), available_cores() if p.scores.size > SMALL else 1)
    return predicted


def highest_of_rows(values, k: int) -> np.ndarray:
    """Which are the k highest of their row, bool, exactly k of each (or all); of equal ones the earlier column."""
    n_rows, n_columns = values.shape
    if k >= n_columns or k <= 0:
        return np.full(values.shape, k > 0)
    if k == 1:
        highest = np.zeros(values.shape, dtype=bool)
        highest[np.arange(n_rows), values.argmax(axis=1)] = True
        return highest
    least = np.partition(values, n_columns - k, axis=1)[:, n_columns - k, None]
    highest = values >= least
    tied = np.flatnonzero(np.count_nonzero(highest, axis=1) > k)
    if len(tied):
        above, equal = values[tied] > least[tied], values[tied] == least[tied]
        places = k - np.count_nonzero(above, axis=1)[:, None]
        highest[tied] = above | (equal & (np.cumsum(equal, axis=1) <= places))
    return highest
