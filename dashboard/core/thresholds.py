"""One threshold per class, on the scale and in the dtype of the scores it was made for.

Knows nothing of how the thresholds were chosen; a policy says so in `details`.
"""

from dataclasses import dataclass, field

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.scale import converted, round_up, to_score_threshold, to_unit_threshold
from dashboard.core.threshold_json import parsed_threshold_json, threshold_json

KEPT = ("policy", "parameters", "words", "metric", "value", "data", "figures", "created")


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

    def converted_to(self, p: Predictions) -> "ThresholdSet":
        """The set for predictions of the same classes in another order, or of another kind or dtype of scores.

        In a wider dtype, and for scores that were exact in a narrower one, it decides the same. Between logits and
        probabilities a score within rounding of its threshold may fall on the other side. Details that no longer hold
        are left out. Raises ValueError unless the classes have the same names.
        """
        if self.applies_to(p):
            return self
        if set(p.class_names) != set(self.class_names):
            raise ValueError("the threshold set names other classes than the predictions")
        place = {name: index for index, name in enumerate(self.class_names)}
        order = np.array([place[name] for name in p.class_names], dtype=np.intp)
        scores = converted(self.score_thresholds[order], self.score_kind, p.score_kind, p.scores.dtype)
        return ThresholdSet.from_scores(p, scores, **self._details_in(order))

    def to_json(self, *, data=None, figures=None, words=None, created=None) -> str:
        """The text of a thresholds.json; what is None is taken from `details`, where `from_json` puts it.

        data: what it was tuned on, as a dict with "digest". figures: "tuned here", "cross-fitted" or "held out" -> a
        dict of figures. words: the rule in words. created: a date as text.
        """
        about = {"data": data, "figures": figures, "words": words, "created": created}
        told = {name: value for name, value in about.items() if value is not None}
        return threshold_json(self.score_thresholds, self.score_kind, self.class_names, self.details | told)

    @classmethod
    def from_json(cls, text: str) -> "ThresholdSet":
        """The set that `to_json` wrote; raises ValueError with what must hold for any other text."""
        score_thresholds, score_kind, class_names, details = parsed_threshold_json(text)
        score_thresholds.flags.writeable = False
        return cls(score_thresholds, score_kind, class_names, details)

    def _details_in(self, order) -> dict:
        """The details that hold for these classes in any kind and dtype of scores."""
        kept = {name: self.details[name] for name in KEPT if name in self.details}
        if "states" in self.details:
            kept["states"] = tuple(self.details["states"][index] for index in order)
        if "reached" in self.details:
            kept["reached"] = {name: np.asarray(values)[order] for name, values in self.details["reached"].items()}
        return kept
