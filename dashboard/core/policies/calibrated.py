"""Calibrate, then cut once: one threshold on calibrated probabilities, at half the best micro-F1 they promise.

Where probabilities are right, the micro-F1 expected of all thresholds per class is highest with the same probability as
the threshold of every class: half that F1. Since a calibration map rises, the cut is one threshold per class on the
scores themselves. Knows nothing of what the rule is worth on other samples.
"""

import numpy as np

from dashboard.core.calibration_maps import CalibrationMap, IsotonicMap, fit_calibration
from dashboard.core.policies.chosen import set_at_thresholds
from dashboard.core.policies.policy import CALIBRATED, NO_POSITIVES, WORDS
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
        metric=f"micro-F1 that {WORDS.get(method, method)} calibration promises",
        value=value,
        states=tuple(CALIBRATED if some else NO_POSITIVES for some in has_positives.tolist()),
        certificate={"cut": value / 2, "trace": trace},
    )


def promised_f1(r: RankedScores, calibration: CalibrationMap) -> tuple[float, tuple[float, ...]]:
    """The highest 2 TP / (P + predicted) over one cut, with TP and P as sums of calibrated probabilities.

    By Dinkelbach: the best cut for a value is half that value, and its F1 the next value, until that is no higher.
    Returns the value and all values on the way.
    """
    value, trace = 0.0, [0.0]
    positives = tp = _promised_positives(r, calibration)
    predicted = int(r.predictions.n_known[r.predictions.support > 0].sum())  # the cut 0 lets all of them pass
    for _ in range(MOST_STEPS):
        new = 2 * tp / (positives + predicted) if positives + predicted > 0 else 0.0
        if new <= value * (1 + 1e-15):
            break
        value = float(new)
        trace.append(value)
        tp, predicted = _promised_at(r, calibration, value / 2)
    return value, tuple(trace)


def _promised_positives(r, calibration) -> float:
    """In all; a class without a known positive is left out. Isotonic values add up to the positives that there are."""
    if isinstance(calibration, IsotonicMap):
        return float(r.predictions.support.sum())
    return sum(r.each_class(lambda c: _sum_from(r, calibration, c, 0)))


def _promised_at(r, calibration, cut) -> tuple[float, int]:
    """True positives promised at a cut, and cells predicted there."""
    thresholds = calibration.score_thresholds(cut, r.predictions.scores.dtype)
    starts = [int(np.searchsorted(r.known(c), threshold)) for c, threshold in enumerate(thresholds)]
    tp = sum(r.each_class(lambda c: _sum_from(r, calibration, c, starts[c])))
    some = r.predictions.support > 0
    return tp, int(np.sum((r.predictions.n_known - starts)[some]))


def _sum_from(r, calibration, c, start) -> float:
    return float(calibration.of_class(c, r.known(c)[start:]).sum()) if len(r.positives(c)) else 0.0
