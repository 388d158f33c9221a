"""The most micro recall while few samples are flagged: those with any class predicted, its label known or not.

A budget of samples, not cells: what a sample costs to look at is paid once, however many classes are predicted for it.
"""

from fractions import Fraction

import numpy as np

from dashboard.core.policies.policy import OPTIMUM, UNREACHABLE
from dashboard.core.ranking import RankedScores
from dashboard.core.row_counts import row_blocks
from dashboard.core.scale import threshold_between
from dashboard.core.thresholds import ThresholdSet


def flagged_budget(r: RankedScores, per_thousand: float = 100.0) -> ThresholdSet:
    """One threshold for all classes: the most micro recall with at most so many flagged samples per 1,000; exact.

    Of equally good thresholds the highest: it flags the fewest.
    """
    if not 0 <= per_thousand <= 1000:
        raise ValueError(f"per_thousand must lie in [0, 1000], got {per_thousand}")
    p = r.predictions
    most = int(Fraction(repr(float(per_thousand))) * p.n_samples / 1000)
    highest = _highest_of_samples(p)
    kept, dropped = _lowest_within(r, highest, most)
    score_threshold = threshold_between(dropped, kept)
    n_flagged = int(np.count_nonzero(highest >= score_threshold))
    return ThresholdSet.from_scores(
        p,
        score_threshold,
        policy="flagged_budget",
        parameters={"per_thousand": per_thousand},
        metric=f"micro recall, at most {per_thousand:g} flagged samples per 1,000",
        value=_micro_recall(r, score_threshold),
        dropped=np.full(p.n_classes, dropped),
        kept=np.full(p.n_classes, kept),
        states=(OPTIMUM if n_flagged <= most else UNREACHABLE,) * p.n_classes,
        certificate={"kind": "exact", "flagged": n_flagged, "most": most},
    )


def _lowest_within(r, highest, most):
    """(kept, dropped): the lowest positive that no more than `most` samples reach; +inf where there is none."""
    dtype = r.predictions.scores.dtype
    if most >= len(highest):
        positives = [r.positives(c)[:1] for c in range(r.predictions.n_classes)]
        bar = dtype.type(-np.inf)
    else:
        bar = np.partition(highest, len(highest) - most - 1)[len(highest) - most - 1]
        positives = [_above(r.positives(c), bar) for c in range(r.predictions.n_classes)]
    kept = np.concatenate([*positives, np.array([np.inf], dtype)]).min()
    return kept, dtype.type(max(bar, _highest_cell_below(r.predictions, kept)))


def _above(ascending, bar):
    return ascending[np.searchsorted(ascending, bar, side="right") :][:1]


def _highest_cell_below(p, score):
    """Of all cells: those with an unknown label flag their samples too."""
    found = p.scores.dtype.type(-np.inf)
    for rows in row_blocks(p.n_samples, p.n_classes):
        scores = p.scores[rows]
        found = max(found, scores.max(where=scores < score, initial=-np.inf))
    return found


def _highest_of_samples(p):
    highest = np.full(p.n_samples, -np.inf, p.scores.dtype)
    for rows in row_blocks(p.n_samples, p.n_classes):
        highest[rows] = p.scores[rows].max(axis=1, initial=-np.inf)
    return highest


def _micro_recall(r, score_thresholds):
    c = r.counts_at_scores(score_thresholds).pooled()
    return float(c.tp[0, 0] / c.support[0, 0]) if c.support[0, 0] else np.nan
