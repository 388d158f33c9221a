"""Policies with the same threshold for all classes."""

import numpy as np

from dashboard.core.global_optimum import SUBSET_ACCURACY, best_global_threshold
from dashboard.core.policies.policy import OPTIMUM, WORDS
from dashboard.core.ranking import RankedScores
from dashboard.core.samples_optimum import best_samples_threshold
from dashboard.core.thresholds import ThresholdSet

ONE_AVERAGE = {SUBSET_ACCURACY: "samples", "hamming_loss": "micro"}


def fixed(r: RankedScores, threshold: float = 0.5) -> ThresholdSet:
    """The same threshold for every class, on the 0-1 scale; chosen by nobody's labels."""
    return ThresholdSet.from_unit(r.predictions, threshold, policy="fixed", parameters={"threshold": threshold})


def best_global(r: RankedScores, metric: str = "f1", average: str = "micro", beta: float = 1.0) -> ThresholdSet:
    """The threshold for all classes with the best metric, exact over all real thresholds; the highest of equals.

    metric: "f1", "f_beta" or "jaccard" with the average "micro", "macro", "weighted" or "samples"; "subset_accuracy"
    and "hamming_loss" have one average each, whatever is given. beta is that of "f_beta" alone.
    """
    average = ONE_AVERAGE.get(metric, average)
    options = {"beta": beta} if metric == "f_beta" else {}
    if average == "samples" and metric != SUBSET_ACCURACY:
        optimum = best_samples_threshold(r, metric, **options)
    else:
        optimum = best_global_threshold(r, metric, average, **options)
    p, n_classes = r.predictions, r.predictions.n_classes
    return ThresholdSet.from_scores(
        p,
        optimum.score_threshold,
        policy="best_global",
        parameters={"metric": metric, "average": average, "beta": beta},
        metric=WORDS[metric] if metric in ONE_AVERAGE else f"{average} {WORDS[metric]}",
        value=optimum.value,
        dropped=np.full(n_classes, optimum.dropped),
        kept=np.full(n_classes, optimum.kept),
        states=(OPTIMUM,) * n_classes,
    )
