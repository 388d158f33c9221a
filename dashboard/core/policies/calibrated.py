"""Calibrate, then cut once: one threshold on calibrated probabilities, at half the best micro-F1 they promise.

Where probabilities are right, the micro-F1 expected of all thresholds per class is highest with the same probability as
the threshold of every class: half that F1. Since a calibration map rises, the cut is one threshold per class on the
scores themselves. Knows nothing of what the rule is worth on other samples.
"""

import numpy as np

from dashboard.core.calibration_maps import CalibrationMap, fit_calibration
from dashboard.core.policies.chosen import set_at_thresholds
from dashboard.core.policies.policy import NO_POSITIVES, OPTIMUM
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

MOST_STEPS = 100  # a handful is usual


def calibrated_cut(r: RankedScores, method: str = "platt") -> ThresholdSet:
    """The cut at F*/2 on probabilities calibrated by `method` (of `calibration_maps.METHODS`) on these samples.

    F* is the highest micro-F1 that the calibrated probabilities of the known cells promise. The threshold of a class
    is the smallest score whose calibrated probability is at least the cut. With "isotonic" the promise is what these
    samples hold, and the rule one of the best micro-F1. A class without a known positive is never predicted.
    """
    calibration = fit_calibration(r, method)
    value, trace = promised_f1(r, calibration)
    thresholds = calibration.score_thresholds(value / 2, r.predictions.scores.dtype)
    has_positives = r.predictions.support > 0
    return set_at_thresholds(
        r,
        np.where(has_positives, thresholds, np.inf),
        policy="calibrated_cut",
        parameters={"method": method},
        metric=f"micro-F1 that {method.replace('_', ' ')} calibration promises",
        value=value,
        states=tuple(OPTIMUM if some else NO_POSITIVES for some in has_positives.tolist()),
        certificate={"cut": value / 2, "trace": trace},
    )


def promised_f1(r: RankedScores, calibration: CalibrationMap) -> tuple[float, tuple[float, ...]]:
    """The highest 2 TP / (P + predicted) over one cut, with TP and P as sums of calibrated probabilities.

    By Dinkelbach: the best cut for a value is half that value, and its F1 the next value, until that is no higher.
    Returns the value and all values on the way.
    """
    value, trace = 0.0, []
    for _ in range(MOST_STEPS):
        trace.append(value)
        tp, predicted, positives = np.sum(_promises(r, calibration, value / 2), axis=0)
        new = 2 * tp / (positives + predicted) if positives + predicted > 0 else 0.0
        if new <= value * (1 + 1e-15):
            break
        value = float(new)
    return value, tuple(trace)


def _promises(r, calibration, cut) -> np.ndarray:
    """(n_classes, 3): promised true positives at the cut, cells predicted there, promised positives in all."""

    def of_class(c):
        if not len(r.positives(c)):
            return 0.0, 0, 0.0
        p = calibration.of_class(c, r.known(c))
        predicted = p[p >= cut]
        return predicted.sum(), len(predicted), p.sum()

    return np.array(r.each_class(of_class), dtype=np.float64).reshape(-1, 3)
