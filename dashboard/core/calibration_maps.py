"""Maps from scores to calibrated probabilities, rising in each class: temperature, Platt, isotonic.

A map that rises never changes the order of a class, so one threshold on calibrated probabilities is one threshold per
class on the scores. Knows nothing of how maps are judged.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.isotonic import Steps, isotonic_steps
from dashboard.core.logistic_fits import Cells, inverse_temperature, platt, temperature_derivatives
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import logit, sigmoid, to_score_threshold

METHODS = ("platt", "isotonic", "temperature", "temperature_per_class")
LARGEST_LOGIT = 1000.0  # sigmoid is 0 or 1 in float64 from 745 on; infinite logits count as this


def calibration_logits(scores, score_kind: str) -> np.ndarray:
    """Finite float64 logits. Scores (0-1) of exactly 0 or 1 count as if half a unit of rounding away from it."""
    scores = np.asarray(scores)
    if score_kind == "logits":
        return np.clip(scores.astype(np.float64), -LARGEST_LOGIT, LARGEST_LOGIT)
    least = np.finfo(scores.dtype).epsneg / 2 if scores.dtype.kind == "f" else 2.0**-54
    exact = scores.astype(np.float64)
    inside = np.clip(exact, least, 1.0 - np.finfo(np.float64).epsneg)
    return np.clip(logit(inside), logit(least), -logit(least))


@dataclass(frozen=True, eq=False)
class LogitMap:
    """sigmoid(slope x + intercept) of logits x; slopes, at least 0, and intercepts: (n_classes,)."""

    score_kind: str
    slopes: np.ndarray
    intercepts: np.ndarray

    def of_class(self, c: int, scores) -> np.ndarray:
        """Calibrated probabilities of any scores of one class, float64."""
        return sigmoid(self.slopes[c] * calibration_logits(scores, self.score_kind) + self.intercepts[c])

    def score_thresholds(self, cut: float, dtype) -> np.ndarray:
        """(n_classes,) the smallest score of each class whose calibrated probability is at least `cut`."""
        return _lowest_reaching(self, cut, dtype)


@dataclass(frozen=True, eq=False)
class IsotonicMap:
    """Steps of each class; a class without a known cell keeps its scores."""

    score_kind: str
    steps: tuple[Steps, ...]

    def of_class(self, c: int, scores) -> np.ndarray:
        """As `LogitMap.of_class`."""
        return self.steps[c].at(scores) if len(self.steps[c].values) else unit_scores(scores, self.score_kind)

    def score_thresholds(self, cut: float, dtype) -> np.ndarray:
        """As `LogitMap.score_thresholds`; -inf where the lowest step is enough, +inf where none is."""
        return np.array([self._threshold(steps, cut, dtype) for steps in self.steps], dtype=dtype)

    def _threshold(self, steps, cut, dtype):
        if not len(steps.values):
            return to_score_threshold(cut, self.score_kind, dtype)[()]
        at = int(np.searchsorted(steps.values, cut))
        return -np.inf if at == 0 else steps.starts[at] if at < len(steps.starts) else np.inf


CalibrationMap = LogitMap | IsotonicMap


def fit_calibration(r: RankedScores, method: str) -> CalibrationMap:
    """The map of one of METHODS for these samples; "temperature" is one temperature for all classes.

    Classes without a known positive or without a known negative keep temperature 1.
    """
    kind, n_classes = r.predictions.score_kind, r.predictions.n_classes
    if method == "isotonic":
        return IsotonicMap(kind, tuple(r.each_class(lambda c: isotonic_steps(r, c))))
    if method == "platt":
        lines = np.array(r.each_class(lambda c: platt(*_cells(r, c)))).reshape(-1, 2)
        return LogitMap(kind, lines[:, 0], lines[:, 1])
    if method == "temperature":
        slopes = np.full(n_classes, _slope(r.each_class(lambda c: _cells(r, c))) if n_classes else 1.0)
    elif method == "temperature_per_class":
        slopes = np.array(r.each_class(lambda c: _own_slope(r, c)), dtype=np.float64)
    else:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    return LogitMap(kind, slopes, np.zeros(n_classes))


def calibrated(calibration: CalibrationMap, p: Predictions) -> Predictions:
    """The same samples with calibrated probabilities as scores."""
    values = np.empty(p.scores.shape)
    for c in range(p.n_classes):
        values[:, c] = calibration.of_class(c, p.scores[:, c])
    return Predictions(values, p.labels, "probabilities", p.class_names, p.sample_ids, p.columns)


def unit_scores(scores, score_kind: str) -> np.ndarray:
    """Scores on the 0-1 scale, float64; whether they are probabilities is for calibration to say."""
    return sigmoid(scores) if score_kind == "logits" else np.asarray(scores, dtype=np.float64)


def _cells(r, c) -> tuple[Cells, Cells]:
    kind = r.predictions.score_kind
    return tuple(Cells.of(calibration_logits(scores, kind)) for scores in (r.positives(c), r.negatives(c)))


def _slope(cells) -> float:
    """1 / temperature for the positives and negatives of some classes."""
    return inverse_temperature(
        lambda a: sum(
            temperature_derivatives(of_label, positive, a)
            for of_class in cells
            for of_label, positive in zip(of_class, (True, False), strict=True)
        )
    )


def _own_slope(r, c):
    if not 0 < len(r.positives(c)) < len(r.known(c)):
        return 1.0
    return _slope([_cells(r, c)])


def _lowest_reaching(calibration, cut, dtype) -> np.ndarray:
    """By bisection of the floats of all classes at once: -inf where every score reaches it, +inf where none does."""
    n_classes = len(calibration.slopes)
    ends = (-np.inf, np.inf) if calibration.score_kind == "logits" else (0.0, 1.0)
    low, high = (_places(np.full(n_classes, end, dtype)) for end in ends)

    def reaches(places):
        logits = calibration_logits(_floats(places, dtype), calibration.score_kind)
        return sigmoid(calibration.slopes * logits + calibration.intercepts) >= cut

    always, never = reaches(low), ~reaches(high)
    while (low + 1 < high).any():
        middle = (low >> 1) + (high >> 1) + (low & high & 1)  # low + high and high - low may overflow
        enough = reaches(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(always, -np.inf, np.where(never, np.inf, _floats(high, dtype))).astype(dtype)


def _places(scores) -> np.ndarray:
    """The place of each float among all of its dtype in ascending order, 0 for zero: int64."""
    magnitude = np.abs(scores).view(f"i{scores.itemsize}").astype(np.int64)
    return np.where(scores < 0, -magnitude, magnitude)


def _floats(places, dtype) -> np.ndarray:
    magnitude = np.abs(places).astype(f"i{np.dtype(dtype).itemsize}").view(dtype)
    return np.where(places < 0, -magnitude, magnitude)
