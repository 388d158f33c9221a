"""The policy that chooses all classes' thresholds together for the best micro-F-beta."""

from collections.abc import Mapping

import numpy as np

from dashboard.core.policies.ladders import Ladder, hulls, set_at
from dashboard.core.policies.micro_optimum import MicroOptimum, micro_optimum
from dashboard.core.policies.policy import OPTIMUM
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def best_micro_f_beta(r: RankedScores, beta: float = 1.0, locked: Mapping[int, float] | None = None) -> ThresholdSet:
    """The highest micro-F-beta that any threshold per class reaches; exact, with its certificate.

    Of equally good thresholds the highest of each class. Micro-Jaccard rises with micro-F1, so its best thresholds are
    the same. locked: class index -> score threshold that has to stay; the rest is the best given those.

    certificate: kind "exact"; fraction (numerator, denominator); trace, the values of lambda; gains (n_classes,), what
    the class could still add to numerator - lambda * denominator: all 0; slope, the precision at the margin that each
    block of scores must exceed to be predicted; lowest_kept (n_classes,), the `kept` of the lowest threshold that is
    equally good.
    """
    if not 0 <= beta < np.inf:
        raise ValueError(f"beta must be at least 0 and finite, got {beta}")
    vertices = hulls(r, locked)
    return set_at_optimum(r, vertices, micro_optimum(vertices, int(r.predictions.support.sum()), beta), beta, locked)


def set_at_optimum(
    r: RankedScores, vertices: list[Ladder], best: MicroOptimum, beta: float = 1.0, locked=None
) -> ThresholdSet:
    """What `best_micro_f_beta` returns, from the hulls and their optimum."""
    kept, lowest_kept = (
        [each.scores[vertex] for each, vertex in zip(vertices, chosen, strict=True)]
        for chosen in (best.vertices, best.last_vertices)
    )
    return set_at(
        r,
        kept,
        OPTIMUM,
        locked,
        policy="best_micro_f_beta",
        parameters={"beta": beta},
        metric="micro F1" if beta == 1 else f"micro F-beta (beta {beta:g})",
        value=float(best.value),
        certificate={
            "kind": "exact",
            "fraction": (best.value.numerator, best.value.denominator),
            "trace": tuple(float(value) for value in best.trace),
            "gains": np.array([float(gain) for gain in best.gains]),
            "slope": float(best.value) / (1 + beta * beta),
            "lowest_kept": np.array(lowest_kept, dtype=r.predictions.scores.dtype),
        },
    )
