"""How well scores are calibrated, kept between runs: found by digest, run and settings.

Calibrated scores are as large as the data; where memory is short they go first. Fitting is done outside the caches:
only there can its progress be shown.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.core import RankedScores
from dashboard.core.best_cuts import BestCuts
from dashboard.core.calibration import (
    NullError,
    Reliability,
    calibrated_unseen,
    calibration_losses,
    null_error,
    reliability,
)
from dashboard.core.folds import stratified_folds
from dashboard.core.per_class_need import PerClassNeed, per_class_need
from dashboard.core.prevalence_shift import best_f1_at_prevalence
from dashboard.figures.reliability import reliability_alt, reliability_figure, reliability_frame
from dashboard.ui.cache import Drawn
from dashboard.ui.class_cache import digest_of
from dashboard.ui.policy_cache import Place, Sampling, is_kept, kept_or, units_of

CHART = "reliability_chart"
AS_GIVEN = "as given"
DRAWN_FOR_ALL = 100_000  # groups of cells over all classes: 1,000 classes take seconds


@dataclass(frozen=True)
class Scores:
    """Scores of a place: as given, or calibrated by `method` with every fold's map fitted on the other folds."""

    place: Place
    sampling: Sampling
    method: str = AS_GIVEN

    @property
    def ranked(self) -> RankedScores:
        return self.place.ranked if self.method == AS_GIVEN else unseen(self)


@dataclass(frozen=True)
class Bins:
    n: int = 10
    binning: str = "mass"


def unseen(scores: Scores, progress=None) -> RankedScores:
    """Calibrated scores, none by a map that was fitted on its own unit."""

    def compute():
        folds = _folds(scores.place, scores.sampling)
        found = calibrated_unseen(scores.place.predictions, scores.method, folds, progress=progress)
        return RankedScores.from_predictions(found)

    return kept_or(compute, "unseen", scores)


def is_fitted(scores: Scores) -> bool:
    """Whether `unseen` only has to look up."""
    return is_kept("unseen", scores)


@dataclass(frozen=True, eq=False)
class Judgement:
    """Of one class or all: the bins, their error if scores were calibrated perfectly, Brier score and log loss."""

    table: Reliability
    null: NullError
    brier: float
    log_loss: float


def judgement(scores: Scores, index: int | None, bins: Bins) -> Judgement:
    """Of the class of this index, of all classes pooled for None."""

    def compute():
        r, losses = scores.ranked, _losses(scores)
        brier, log_loss = (
            (losses.pooled_brier, losses.pooled_log_loss)
            if index is None
            else (float(losses.brier[index]), float(losses.log_loss[index]))
        )
        table, null = (function(r, index, bins.n, bins.binning) for function in (reliability, null_error))
        return Judgement(table, null, brier, log_loss)

    return kept_or(compute, "calibration", scores, index, bins)


def _losses(scores: Scores):
    return kept_or(lambda: calibration_losses(scores.ranked), "calibration losses", scores)


def reliability_chart(names: dict[str, Scores], index: int | None, bins: Bins, x_title: str, axis: str) -> Drawn:
    """names: the name of each series and its scores."""

    def compute():
        frame = reliability_frame({name: judgement(scores, index, bins).table for name, scores in names.items()})
        return Drawn.of(CHART, reliability_figure(frame, x_title=x_title, axis=axis), frame, alt=reliability_alt(frame))

    return kept_or(compute, "reliability chart", names, index, bins, x_title, axis)


def class_frame(scores: Scores, bins: Bins) -> pd.DataFrame:
    """A row per class."""

    def compute():
        r, losses = scores.ranked, _losses(scores)
        p, most = r.predictions, min(1_000, max(50, DRAWN_FOR_ALL // max(1, r.predictions.n_classes)))
        tables = r.each_class(lambda c: reliability(r, c, bins.n, bins.binning))
        nulls = r.each_class(lambda c: null_error(r, c, bins.n, bins.binning, most_drawn=most))
        means = [np.average(t.mean_score, weights=t.n) if len(t.n) else np.nan for t in tables]
        return pd.DataFrame(
            {
                "class": p.class_names,
                "known": p.n_known,
                "positives": p.support,
                "share": p.prevalence,
                "mean score": means,
                "ECE": [table.error for table in tables],
                "ECE if perfect": [null.mean for null in nulls],
                "95 % below": [null.limit for null in nulls],
                "Brier": losses.brier,
                "log loss": losses.log_loss,
            }
        )

    return kept_or(compute, "calibration of classes", scores, bins)


def need(place: Place, sampling: Sampling, progress=None) -> PerClassNeed:
    """What thresholds per class gain, beside what calibrating gains."""

    def compute():
        folds, units = _folds(place, sampling), units_of(place, sampling)
        return per_class_need(place.predictions, folds, units, seed=sampling.seed, progress=progress)

    return kept_or(compute, "need", place, sampling)


def _folds(place: Place, sampling: Sampling) -> np.ndarray:
    """The fold of each sample."""
    return stratified_folds(place.predictions, units_of(place, sampling), sampling.folds, sampling.seed)


def is_need_known(place: Place, sampling: Sampling) -> bool:
    return is_kept("need", place, sampling)


def best_at(place: Place, prevalences: np.ndarray) -> BestCuts:
    """The best F1 of each class at its prevalence, (n_classes,)."""
    return kept_or(lambda: best_f1_at_prevalence(place.ranked, prevalences), "best at", place, digest_of(prevalences))
