"""The best single threshold for all classes, exact over all real thresholds.

Knows nothing of thresholds per class nor of what is drawn.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.exact_match import ExactMatch
from dashboard.core.interval_search import IntervalSearch
from dashboard.core.objectives import Objective
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import threshold_between, unit_threshold_between

SUBSET_ACCURACY = "subset_accuracy"
HEADLINE_TARGETS = (
    *((metric, average) for metric in ("f1", "jaccard") for average in ("micro", "macro", "weighted")),
    ("hamming_loss", "micro"),
    (SUBSET_ACCURACY, "samples"),
)


@dataclass(frozen=True)
class GlobalOptimum:
    """The best value and where it is; of equally good thresholds the highest.

    value: the metric at `score_threshold`, to the last bit; NaN where it is undefined everywhere.
    kept: the lowest known score predicted positive, +inf when nothing is; dropped: the highest one that is not, -inf
    when everything is predicted. Every score threshold in (dropped, kept] decides the same.
    score_threshold: in the kind and dtype of the scores; threshold: on the 0-1 scale, None where no float64 says it.
    """

    value: float
    kept: float
    dropped: float
    score_threshold: float
    threshold: float | None


def best_global_threshold(
    r: RankedScores, metric: str, average: str, *, beta: float = 1.0, zero_division: float = 0.0
) -> GlobalOptimum:
    """The optimum of one metric: see `best_global_thresholds`; `beta` belongs to "f_beta"."""
    return best_global_thresholds(r, [(metric, average)], beta=beta, zero_division=zero_division)[metric, average]


def best_global_thresholds(
    r: RankedScores,
    targets=HEADLINE_TARGETS,
    *,
    beta: float = 1.0,
    zero_division: float = 0.0,
    exact_match: ExactMatch | None = None,
) -> dict[tuple[str, str], GlobalOptimum]:
    """The optimum of each (metric, average), found together.

    metric: precision, recall, f1, f_beta, jaccard with average micro, macro or weighted; ("hamming_loss", "micro"),
    minimised; ("subset_accuracy", "samples"), for which `exact_match`, when at hand, saves a pass over the samples.
    """
    targets = list(dict.fromkeys(tuple(target) for target in targets))
    if beta != 1.0 and not any(metric == "f_beta" for metric, _ in targets):
        raise ValueError(f"beta must be left at 1 without the metric f_beta, got {beta}")
    counted = [target for target in targets if target[0] != SUBSET_ACCURACY]
    objectives = [Objective(*target, beta, zero_division) for target in counted]
    found = {}
    for target, objective, kept in zip(counted, objectives, IntervalSearch(r, objectives).run(), strict=True):
        found[target] = optimum_at(r, kept, lambda threshold, o=objective: o.value(r.counts_at_scores(threshold)))
    if len(counted) < len(targets):
        exact_match = ExactMatch.from_predictions(r.predictions) if exact_match is None else exact_match
        optimum = optimum_at(r, exact_match.best_score_threshold, exact_match.accuracy)
        found |= {target: optimum for target in targets if target[0] == SUBSET_ACCURACY}
    return {target: found[target] for target in targets}


def optimum_at(r: RankedScores, kept, value_at) -> GlobalOptimum:
    """The optimum at the boundary score `kept`; `value_at` maps (1,) score thresholds to (1,) values."""
    kind = r.predictions.score_kind
    dropped = r.highest_known_below(kept)
    score_threshold = threshold_between(dropped, kept)
    threshold = unit_threshold_between(dropped, kept, kind)
    if threshold is None and not _any_known_below(r, kept):
        threshold = 0.0
    value = float(value_at(np.atleast_1d(score_threshold))[0])
    return GlobalOptimum(value, float(kept), float(dropped), float(score_threshold), threshold)


def _any_known_below(r, score):
    below = r.counts_at_scores(score)
    return bool((below.fn + below.tn).any())
