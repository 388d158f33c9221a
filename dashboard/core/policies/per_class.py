"""Policies that choose each class's threshold by that class alone."""

import numpy as np

from dashboard.core import metrics
from dashboard.core.policies.one_threshold import best_global
from dashboard.core.policies.policy import NO_POSITIVES, OPTIMUM, WORDS
from dashboard.core.policies.small_supports import steadied
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def best_per_class(
    r: RankedScores, metric: str = "f1", beta: float = 1.0, min_positives: int = 0, shrink: float = 0.0
) -> ThresholdSet:
    """Each class at its best "f1", "f_beta" or "jaccard", exact; the highest of equally good thresholds.

    Classes are separable, so the macro and weighted averages are as high as any thresholds make them. Without a known
    positive a class is never predicted. Jaccard rises with F1: its cuts are the same. beta is that of "f_beta" alone.
    min_positives, shrink: see `small_supports.steadied`; the pooled threshold is the best one for the micro average.
    """
    if metric not in ("f1", "f_beta", "jaccard"):
        raise ValueError(f'metric must be "f1", "f_beta" or "jaccard", got {metric!r}')
    used = beta if metric == "f_beta" else 1.0
    best = r.best_f_beta(used)
    ts = ThresholdSet.from_scores(
        r.predictions,
        best.score_thresholds,
        policy="best_per_class",
        parameters={"metric": metric, "beta": beta, "min_positives": min_positives, "shrink": shrink},
        metric=f"macro {WORDS[metric]}" + (f" (beta {beta:g})" if metric == "f_beta" else ""),
        dropped=best.dropped,
        kept=best.kept,
        states=tuple(NO_POSITIVES if np.isnan(value) else OPTIMUM for value in best.value),
    )
    ts = steadied(r, ts, lambda: best_global(r, metric, "micro", beta), min_positives, shrink)
    c = r.counts(ts)
    values = (metrics.jaccard(c) if metric == "jaccard" else metrics.f_beta(c, used))[0]
    reached = {WORDS[metric]: np.where(c.support[0] == 0, np.nan, values)}
    ts.details.update(value=float(values.mean()) if len(values) else np.nan, reached=reached)
    return ts
