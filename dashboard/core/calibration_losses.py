"""What scores are worth as probabilities: Brier score and log loss of each class and of all known cells together."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.calibration_maps import unit_scores
from dashboard.core.ranking import RankedScores


@dataclass(frozen=True, eq=False)
class Losses:
    """brier, log_loss: (n_classes,) means over known cells, NaN without any; n_known: (n_classes,).

    A cell that is scored 0 or 1 and is not so has an infinite log loss.
    """

    brier: np.ndarray
    log_loss: np.ndarray
    n_known: np.ndarray

    @property
    def pooled_brier(self) -> float:
        return _pooled(self.brier, self.n_known)

    @property
    def pooled_log_loss(self) -> float:
        return _pooled(self.log_loss, self.n_known)


def calibration_losses(r: RankedScores) -> Losses:
    """Of all classes: as `sklearn.metrics.brier_score_loss` and `log_loss`, which clips scores of 0 and 1."""
    sums = np.array(r.each_class(lambda c: _sums(r, c)), dtype=np.float64).reshape(-1, 2)
    n_known = r.predictions.n_known
    with np.errstate(invalid="ignore"):
        brier, log_loss = sums.T / np.where(n_known, n_known, np.nan)
    return Losses(brier, log_loss, n_known)


def _sums(r, c) -> tuple[float, float]:
    positives, negatives, kind = r.positives(c), r.negatives(c), r.predictions.score_kind
    p, q = unit_scores(positives, kind), unit_scores(negatives, kind)
    return np.sum((1 - p) ** 2) + np.sum(q**2), _log_losses(positives, kind, -1) + _log_losses(negatives, kind, 1)


def _log_losses(scores, kind, sign) -> float:
    """-log p of positives (sign -1) or -log(1 - p) of negatives (sign 1); logits never go through p, where 1 - p
    would lose every digit.
    """
    exact = scores.astype(np.float64)
    if kind == "logits":
        with np.errstate(over="ignore"):
            return float(np.sum(np.maximum(sign * exact, 0) + np.log1p(np.exp(-np.abs(exact)))))
    with np.errstate(divide="ignore"):
        return float(-np.sum(np.log(exact) if sign < 0 else np.log1p(-exact)))


def _pooled(values, n) -> float:
    known = n > 0
    return float(np.sum(values[known] * n[known]) / n.sum()) if known.any() else np.nan
