"""One threshold per class, on the scale and in the dtype of the scores it was made for.

Knows nothing of how the thresholds were chosen; a policy says so in `details`.
"""

from dataclasses import dataclass, field

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.scale import round_up, to_score_threshold, to_unit_threshold


@dataclass(frozen=True, eq=False)
class ThresholdSet:
    """One threshold per class; a cell is predicted positive when `score >= score_threshold`.

    score_thresholds: (n_classes,) in the kind and dtype of the scores; +inf never, -inf always.
    """

    score_thresholds: np.ndarray
    score_kind: str
    class_names: tuple[str, ...]
    details: dict = field(default_factory=dict)

    @classmethod
    def from_unit(cls, p: Predictions, thresholds, **details) -> "ThresholdSet":
        """From thresholds on the 0-1 scale: a scalar for all classes, or (n_classes,)."""
        scores = to_score_threshold(thresholds, p.score_kind, p.scores.dtype)
        return cls.from_scores(p, scores, **details)

    @classmethod
    def from_scores(cls, p: Predictions, score_thresholds, **details) -> "ThresholdSet":
        """From thresholds on the scale of the scores: a scalar for all classes, or (n_classes,).

        Values of another dtype are rounded up to the dtype of the scores, which decides the same.
        """
        values = np.broadcast_to(round_up(score_thresholds, p.scores.dtype), (p.n_classes,))  # read-only
        return cls(values, p.score_kind, p.class_names, details)

    @property
    def thresholds(self) -> np.ndarray:
        """(n_classes,) float64 on the 0-1 scale, for display; NaN where a class is never predicted."""
        return to_unit_threshold(self.score_thresholds, self.score_kind)

    def applies_to(self, p: Predictions) -> bool:
        """Whether `p` has these classes, and scores of this kind and dtype."""
        kind_and_dtype = p.score_kind, p.scores.dtype
        return p.class_names == self.class_names and kind_and_dtype == (self.score_kind, self.score_thresholds.dtype)

    def check_applies_to(self, p: Predictions) -> None:
        """Raises ValueError unless `p` has these classes, and scores of this kind and dtype."""
        if p.class_names != self.class_names:
            raise ValueError("the threshold set names other classes than the predictions")
        found, needed = (p.score_kind, p.scores.dtype), (self.score_kind, self.score_thresholds.dtype)
        if found != needed:
            raise ValueError(f"the threshold set is for {needed[0]} in {needed[1]}, got {found[0]} in {found[1]}")

    def predict(self, p: Predictions) -> np.ndarray:
        """(n_samples, n_classes) bool decisions."""
        self.check_applies_to(p)
        return p.scores >= self.score_thresholds
