"""One whole sample: every class with its score, threshold, label and outcome. Knows nothing of screens."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.thresholds import ThresholdSet

UNKNOWN_OUTCOME = "unknown"


@dataclass(frozen=True, eq=False)
class SampleCells:
    """The cells of one sample, (n_classes,) each.

    scores, score_thresholds: in the kind and dtype of the scores. labels: 1, 0, -1 unknown. predicted: bool.
    """

    scores: np.ndarray
    score_thresholds: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray

    @property
    def outcomes(self) -> np.ndarray:
        """One of "tp", "fp", "fn", "tn", or "unknown" where the label is."""
        decided = np.where(self.predicted, np.where(self.labels == 1, "tp", "fp"), "tn")
        decided = np.where(~self.predicted & (self.labels == 1), "fn", decided)
        return np.where(self.labels == UNKNOWN, UNKNOWN_OUTCOME, decided)

    @property
    def wrong(self) -> np.ndarray:
        """bool: a false alarm or a miss."""
        return (self.labels != UNKNOWN) & (self.predicted != (self.labels == 1))

    @property
    def distances(self) -> np.ndarray:
        """How far each score is above its threshold, float64, on the scale of the scores; 0 where both are one inf."""
        return distance(self.scores, self.score_thresholds)

    def order(self) -> np.ndarray:
        """Indices of classes: wrong ones, then right ones, then unknown ones, each nearest to its threshold first."""
        rank = np.where(self.wrong, 0, np.where(self.labels == UNKNOWN, 2, 1))
        return np.lexsort((np.abs(self.distances), rank))


def sample_cells(p: Predictions, row: int, thresholds: ThresholdSet) -> SampleCells:
    """The cells of the sample in `row`."""
    thresholds.check_applies_to(p)
    scores = p.scores[row]
    return SampleCells(scores, thresholds.score_thresholds, p.labels[row], scores >= thresholds.score_thresholds)


def distance(scores, score_thresholds) -> np.ndarray:
    """score - threshold as float64; 0 where both are the same infinity."""
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.subtract(scores, score_thresholds, dtype=np.float64)
    return np.where(np.equal(scores, score_thresholds), 0.0, difference)
