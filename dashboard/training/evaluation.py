"""The figures of a variant on the validation part, from its logits there: what is watched after each epoch.

All but the losses go through `dashboard.core`, as on the pages. Knows nothing of models and of how they learn.
"""

import math
from dataclasses import dataclass, fields

import numpy as np
import torch

from dashboard.core import Predictions, RankedScores, metrics, policies
from dashboard.losses import LOSSES, ClassCounts, LossSettings

SATURATED = 1e-3  # from 0 or 1, of the probability


@dataclass(frozen=True)
class Figures:
    """Fields as in VariantReport; NaN where undefined."""

    validation_loss: float
    bce: float
    micro_f1: float
    macro_f1: float
    micro_f1_tuned: float
    macro_f1_tuned: float
    mean_average_precision: float
    saturated: float

    @classmethod
    def undefined(cls) -> "Figures":
        return cls(*(math.nan for _ in fields(cls)))


@dataclass(frozen=True, eq=False)
class Judged:
    """The labels that variants are judged on, and what their losses are set by.

    labels: int8 (n_samples, n_classes); counts: of the training part.
    """

    labels: np.ndarray
    class_names: tuple[str, ...]
    counts: ClassCounts

    def figures(self, logits: torch.Tensor, scores: torch.Tensor, loss: LossSettings) -> Figures:
        """logits: (n_samples, n_classes) as the loss takes them; scores: those that the run carries, log-odds.

        Of logits that are not all finite nothing is defined.
        """
        if not (logits.isfinite().all() and scores.isfinite().all()):
            return Figures.undefined()
        targets = torch.from_numpy(self.labels).double()
        carried = scores.float()
        return Figures(
            own_loss(loss, logits.double(), targets, self.counts),
            float(LOSSES["bce_with_logits"].reduced(carried.double(), targets)),
            **ranking_figures(Predictions(carried.numpy(), self.labels, "logits", self.class_names)),
            saturated=self._saturated(carried.numpy()),
        )

    def _saturated(self, scores: np.ndarray) -> float:
        """Share of the known cells; the scores are compared on their own scale, where no sigmoid rounds."""
        known = self.labels >= 0
        extreme = np.abs(scores) >= math.log((1 - SATURATED) / SATURATED)
        return float((extreme & known).sum() / known.sum())


def own_loss(loss: LossSettings, logits: torch.Tensor, targets: torch.Tensor, counts: ClassCounts) -> float:
    """The mean over the cells or rows that count, which is what is trained on also where the official code sums."""
    return float(loss.variant.reduced(logits, targets, "mean", counts=counts, **dict(loss.given)))


def ranking_figures(p: Predictions) -> dict[str, float]:
    """F1 at 0.5 and at the thresholds that make it best on the same samples, and macro average precision."""
    r = RankedScores.from_predictions(p)
    at_half = r.counts(0.5)
    each_best, together = r.counts(policies.best_per_class(r)), r.counts(policies.best_micro_f_beta(r))
    return {
        "micro_f1": _f1(at_half, "micro"),
        "macro_f1": _f1(at_half, "macro"),
        "micro_f1_tuned": _f1(together, "micro"),
        "macro_f1_tuned": _f1(each_best, "macro"),
        "mean_average_precision": r.average_precision("macro"),
    }


def _f1(counts, average: str) -> float:
    return float(metrics.f_beta(counts, average=average)[0])
