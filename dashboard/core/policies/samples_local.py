"""The policy for averages over samples with one threshold per class: a local optimum, and called so."""

from collections.abc import Mapping

import numpy as np

from dashboard.core.policies.joint import best_micro_f_beta
from dashboard.core.policies.ladders import set_at
from dashboard.core.policies.local_search import SAMPLE_METRICS, LocalSearch
from dashboard.core.policies.one_threshold import best_global
from dashboard.core.policies.per_class import best_per_class
from dashboard.core.policies.policy import BEST_FOUND, WORDS, with_locked
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def local_samples(
    r: RankedScores,
    metric: str = "f1",
    restarts: int = 2,
    seed: int = 0,
    locked: Mapping[int, float] | None = None,
) -> ThresholdSet:
    """The best of several local optima of samples "f1", "jaccard" or "subset_accuracy" over thresholds per class.

    Starts from the best single threshold for the metric, from each class at its best F1, from the best micro-F1, and
    from `restarts` mixtures of those. certificate: kind "local"; starts, (name, value reached, sweeps) of each.
    """
    if metric not in SAMPLE_METRICS:
        raise ValueError(f"metric must be one of {', '.join(SAMPLE_METRICS)}, got {metric!r}")
    movable = tuple(c for c in range(r.predictions.n_classes) if c not in (locked or {}))
    search, found = LocalSearch(r.predictions, metric, movable), []
    for name, start in _starts(r, metric, restarts, seed):
        start = with_locked(start, locked or {}, r.predictions)
        found.append((name, *search.run(start.score_thresholds)))
    name, kept, value, _ = max(found, key=lambda each: each[2])
    return set_at(
        r,
        kept,
        BEST_FOUND,
        locked,
        policy="local_samples",
        parameters={"metric": metric, "restarts": restarts, "seed": seed},
        metric=WORDS[metric] if metric == "subset_accuracy" else f"samples {WORDS[metric]}",
        value=value,
        certificate={"kind": "local", "starts": tuple((each[0], each[2], each[3]) for each in found), "best": name},
    )


def _starts(r, metric, restarts, seed):
    starts = {
        "best global": best_global(r, metric, "samples"),
        "per-class best": best_per_class(r),
        "joint best": best_micro_f_beta(r),
    }
    yield from starts.items()
    rng, p = np.random.default_rng(seed), r.predictions
    thresholds = np.array([each.score_thresholds for each in starts.values()])
    for number in range(1, restarts + 1):
        mixed = thresholds[rng.integers(len(thresholds), size=p.n_classes), np.arange(p.n_classes)]
        yield f"mixture {number}", ThresholdSet.from_scores(p, mixed)
