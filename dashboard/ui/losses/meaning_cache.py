"""What losses do to the meaning of an output, kept between runs: per loss, so that a changed one is computed alone."""

from dataclasses import dataclass

import numpy as np
import torch

from dashboard.core import Predictions, RankedScores
from dashboard.core.calibration import calibration_losses, null_error, reliability
from dashboard.core.scale import sigmoid
from dashboard.figures.loss_meaning import meaning_alt, meaning_figure, meaning_table
from dashboard.losses import ClassCounts, LossSettings
from dashboard.losses.loaded_cells import CLIPPED_AT
from dashboard.losses.minimiser import balance, corrected_probabilities, true_probabilities
from dashboard.ui.cache import Drawn
from dashboard.ui.losses.loaded import loaded_cells
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.view import View

CHART = "meaning_chart"
SHOWN = np.linspace(-12, 12, 193)  # the logits at which curves are drawn; 0 is one of them
PROBES = np.array([0.1, 0.5, 0.9])


@dataclass(frozen=True, eq=False)
class Meaning:
    """Of one loss, each (n_classes,): the true probability at an output of 0.5; the logit that goes with tau.

    shift: what the loss adds to the logit of every true probability; NaN where that is not one number.
    """

    at_half: np.ndarray
    logits: np.ndarray
    shift: np.ndarray
    is_monotone: np.ndarray

    @property
    def thresholds(self) -> np.ndarray:
        """On the 0-1 scale; 0 always, 1 only in the limit."""
        return sigmoid(self.logits)


def class_counts(view: View) -> ClassCounts:
    return ClassCounts.of(view.predictions.support, view.predictions.n_known)


def meaning(view: View, settings: LossSettings, tau: float) -> Meaning:
    def compute():
        counts = class_counts(view)
        found = balance(settings, np.append(PROBES, tau), counts)
        best = found.best_logits.numpy()
        with np.errstate(invalid="ignore"):
            shifts = best[:3] - np.log(PROBES / (1 - PROBES))[:, None]
            is_one = np.isfinite(shifts).all(0) & (np.ptp(shifts, axis=0) < 1e-8)
        at_half = true_probabilities(settings, torch.zeros(1, view.predictions.n_classes), counts)[0].numpy()
        return Meaning(at_half, best[3], np.where(is_one, shifts[1], np.nan), found.is_monotone.numpy())

    return kept_or(compute, *_key(view, settings), "meaning", tau)


def mapped_logits(settings: LossSettings, probabilities: np.ndarray, counts: ClassCounts) -> np.ndarray:
    """(n_classes,) the logit of each class that goes with its own true probability; 0 and 1 give -inf and +inf."""
    inner = (probabilities > 0) & (probabilities < 1)
    own = balance(settings, np.where(inner, probabilities, 0.5)[None], counts).best_logits[0].numpy()
    return np.where(inner, own, np.where(probabilities <= 0, -np.inf, np.inf))


def chart(view: View, named: dict[str, LossSettings], index: int) -> Drawn:
    """A curve per loss, for the class of this index where classes differ."""

    def compute():
        table = meaning_table({name: _curve(view, settings, index) for name, settings in named.items()})
        return Drawn.of(CHART, meaning_figure(table), table, alt=meaning_alt(table))

    return kept_or(compute, "meaning chart", view.digest, view.run, {n: str(s) for n, s in named.items()}, index)


def _curve(view, settings, index):
    def compute():
        logits = torch.from_numpy(SHOWN)[:, None].expand(-1, view.predictions.n_classes)
        return true_probabilities(settings, logits, class_counts(view))[:, index].numpy(), sigmoid(SHOWN)

    return kept_or(compute, *_key(view, settings), "meaning curve", index)


@dataclass(frozen=True)
class Fit:
    """How near scores are to probabilities: calibration error, what it would be if they were, Brier score."""

    error: float
    if_perfect: float
    limit: float
    brier: float


def reliability_of(view: View, settings: LossSettings | None) -> Fit:
    """Of the scores in view as given, or of the true probabilities that a loss makes of them; over all classes."""
    if settings is None:
        return kept_or(lambda: _fit(view.ranked), "loss reliability", view.digest, view.run)
    return kept_or(lambda: _fit(_corrected(view, settings)), *_key(view, settings), "loss reliability")


def _corrected(view, settings) -> RankedScores:
    cells = loaded_cells(view, CLIPPED_AT)
    p = view.predictions
    labels = p.labels if cells.rows is None else p.labels[cells.rows]
    scores = corrected_probabilities(settings, cells.logits, class_counts(view)).numpy()
    return RankedScores.from_predictions(Predictions(scores, labels, "probabilities", class_names=p.class_names))


def _fit(r: RankedScores) -> Fit:
    null = null_error(r)
    return Fit(reliability(r).error, null.mean, null.limit, float(calibration_losses(r).pooled_brier))


def _key(view, settings):
    return "loss meaning", view.digest, view.run, str(settings)
