"""Whether scores are probabilities, and maps that make them so: the names that pages and the command line go through.

A map is fitted on one part of the samples and judged on another, with no unit in both.
"""

from collections.abc import Callable

import numpy as np

from dashboard.core.calibration_losses import Losses, calibration_losses
from dashboard.core.calibration_maps import METHODS, CalibrationMap, calibrated, fit_calibration
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.reliability import BINNINGS, NullError, Reliability, null_error, reliability

__all__ = [
    "BINNINGS",
    "METHODS",
    "CalibrationMap",
    "Losses",
    "NullError",
    "Reliability",
    "calibrated",
    "calibrated_unseen",
    "calibration_losses",
    "fit_calibration",
    "null_error",
    "reliability",
]


def calibrated_unseen(
    p: Predictions, method: str, folds, *, progress: Callable[[float], None] | None = None
) -> Predictions:
    """The samples with calibrated probabilities as scores, each by a map that was fitted without its fold.

    folds: (n_samples,) from 0, as `stratified_folds` gives them. With a single fold the map is fitted on no sample at
    all and changes nothing.
    """
    folds = np.asarray(folds)
    n_folds = int(folds.max(initial=-1)) + 1
    values = np.empty(p.scores.shape)
    for fold in range(n_folds):
        held_out = np.flatnonzero(folds == fold)
        fitted = fit_calibration(RankedScores.from_predictions(p.take(np.flatnonzero(folds != fold))), method)
        values[held_out] = calibrated(fitted, p.take(held_out)).scores
        if progress is not None:
            progress((fold + 1) / n_folds)
    return Predictions(values, p.labels, "probabilities", p.class_names, p.sample_ids, p.columns)
