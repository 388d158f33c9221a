"""Policies that choose each class's threshold by that class alone."""

import numpy as np

from dashboard.core.policies.policy import NO_POSITIVES, OPTIMUM
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def best_per_class(r: RankedScores, metric: str = "f1", beta: float = 1.0) -> ThresholdSet:
    """Each class at its best F-beta, exact; the highest of equally good thresholds.

    Classes are separable, so macro and weighted F-beta are as high as any thresholds make them. Without a known
    positive a class is never predicted.
    """
    if metric not in ("f1", "f_beta"):
        raise ValueError(f'metric must be "f1" or "f_beta", got {metric!r}')
    beta = 1.0 if metric == "f1" else beta
    best = r.best_f_beta(beta)
    values = np.where(np.isnan(best.value), 0.0, best.value)
    return ThresholdSet.from_scores(
        r.predictions,
        best.score_thresholds,
        policy="best_per_class",
        parameters={"metric": metric, "beta": beta},
        metric="macro F1" if beta == 1 else f"macro F-beta (beta {beta:g})",
        value=float(values.mean()) if len(values) else np.nan,
        dropped=best.dropped,
        kept=best.kept,
        states=tuple(NO_POSITIVES if np.isnan(value) else OPTIMUM for value in best.value),
        reached={"F-beta": best.value},
    )
