"""Policies with the same threshold for all classes."""

from collections.abc import Mapping

import numpy as np

from dashboard.core.global_optimum import (
    SUBSET_ACCURACY,
    GlobalOptimum,
    best_global_threshold,
    best_global_thresholds,
)
from dashboard.core.policies.given_locked import GivenLocked, replaced
from dashboard.core.policies.policy import BEST_FOUND, OPTIMUM, WORDS
from dashboard.core.ranking import RankedScores
from dashboard.core.sample_metrics import sample_metrics
from dashboard.core.samples_optimum import best_samples_threshold, samples_f_beta
from dashboard.core.thresholds import ThresholdSet

ONE_AVERAGE = {SUBSET_ACCURACY: "samples", "hamming_loss": "micro"}
LOCKED_AFTERWARDS = "best without the locked classes' thresholds, which replace it afterwards"


def fixed(r: RankedScores, threshold: float = 0.5) -> ThresholdSet:
    """The same threshold for every class, on the 0-1 scale; chosen by nobody's labels."""
    return ThresholdSet.from_unit(r.predictions, threshold, policy="fixed", parameters={"threshold": threshold})


def best_global(
    r: RankedScores,
    metric: str = "f1",
    average: str = "micro",
    beta: float = 1.0,
    locked: Mapping[int, float] | None = None,
    *,
    found: GlobalOptimum | None = None,
) -> ThresholdSet:
    """The threshold for all classes with the best metric, exact over all real thresholds; the highest of equals.

    metric: "f1", "f_beta" or "jaccard" with the average "micro", "macro", "weighted" or "samples"; "subset_accuracy"
    and "hamming_loss" have one average each, whatever is given. beta is that of "f_beta" alone.
    locked: class index -> score threshold that has to stay; the others' is the best given those, except with the
    average "samples", where it is the best without locks and the certificate says so. found: the optimum, if known.
    """
    average = ONE_AVERAGE.get(metric, average)
    beta_used = beta if metric == "f_beta" else 1.0
    optimum = found or _optimum(r, metric, average, beta_used, locked)
    p, n_classes = r.predictions, r.predictions.n_classes
    ts = ThresholdSet.from_scores(
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
    if not locked:
        return ts
    ts = replaced(r, ts, locked)
    ts.details["value"] = optimum.value  # of the locked classes too
    if average == "samples":
        ts.details["value"] = _samples_value(p, ts, metric, beta_used)
        if metric != SUBSET_ACCURACY:
            states = (BEST_FOUND if state == OPTIMUM else state for state in ts.details["states"])
            ts.details.update(certificate={"kind": LOCKED_AFTERWARDS}, states=tuple(states))
    return ts


def _optimum(r, metric, average, beta, locked) -> GlobalOptimum:
    options = {"beta": beta} if metric == "f_beta" else {}
    if average == "samples" and metric != SUBSET_ACCURACY:
        return best_samples_threshold(r, metric, **options)
    if not locked:
        return best_global_threshold(r, metric, average, **options)
    given = GivenLocked(r, locked)
    exact_match = given.exact_match() if metric == SUBSET_ACCURACY else None
    target = (metric, average)
    return best_global_thresholds(given, [target], exact_match=exact_match, **options)[target]


def _samples_value(p, ts, metric, beta) -> float:
    if metric == "f_beta":
        return float(samples_f_beta(p, ts.score_thresholds[None], beta)[0])
    return float(getattr(sample_metrics(p, ts), metric)[0])
