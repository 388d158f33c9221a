"""What each class can be cut to, and the upper concave hull of that. Knows nothing of what is made best.

A step of a ladder is one set of decisions that a threshold can make, so tied scores are never split. Steps lie at
scores of positives: any other cut has the true positives of one of them and more false alarms.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core.concave_hull import hull_vertices
from dashboard.core.policies.policy import LOCKED, NO_POSITIVES
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import round_up, threshold_between
from dashboard.core.thresholds import ThresholdSet


@dataclass(frozen=True, eq=False)
class Ladder:
    """Counts of `score >= scores[i]`, from the threshold +inf downwards, so that all arrays but scores rise.

    scores: (n_steps,) in the dtype of the scores; predicted, tp: (n_steps,) int64. At the first step nothing is
    predicted but scores of +inf. A locked class has one step.
    """

    scores: np.ndarray
    predicted: np.ndarray
    tp: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, steps) -> "Ladder":
        return Ladder(self.scores[steps], self.predicted[steps], self.tp[steps])


def ladder(r: RankedScores, c: int, locked: Mapping[int, float] | None = None) -> Ladder:
    """All steps of one class; locked: class index -> score threshold that has to stay as it is."""
    dtype = r.predictions.scores.dtype
    if locked and c in locked:
        return _single_step(r, c, np.atleast_1d(round_up(locked[c], dtype)))
    cuts, never = r.positive_cuts(c), _single_step(r, c, np.array([np.inf], dtype))
    if len(cuts.scores) and np.isposinf(cuts.scores[0]):
        return Ladder(cuts.scores, cuts.tp + cuts.fp, cuts.tp)
    return Ladder(
        np.concatenate([never.scores, cuts.scores]),
        np.concatenate([never.predicted, cuts.tp + cuts.fp]),
        np.concatenate([never.tp, cuts.tp]),
    )


def hull(steps: Ladder) -> Ladder:
    """The steps at the vertices of the upper concave hull of (predicted, tp): no three of them on one line."""
    return steps.take(hull_vertices(steps.predicted, steps.tp))


def hulls(r: RankedScores, locked: Mapping[int, float] | None = None) -> list[Ladder]:
    """The hull of every class."""
    return r.each_class(lambda c: hull(ladder(r, c, locked)))


def set_at(r: RankedScores, kept, state: str, locked: Mapping[int, float] | None = None, **details) -> ThresholdSet:
    """The set that keeps the scores `kept`, (n_classes,); locked classes keep their own threshold.

    Adds dropped, kept and states to the details; a class without a known positive is said to have none.
    """
    p, locked = r.predictions, locked or {}
    dropped, kept = r.intervals_at(kept)
    values = threshold_between(dropped, kept)
    states = [state if support else NO_POSITIVES for support in p.support.tolist()]
    for c, score_threshold in locked.items():
        values[c], states[c] = round_up(score_threshold, p.scores.dtype), LOCKED
    return ThresholdSet.from_scores(p, values, dropped=dropped, kept=kept, states=tuple(states), **details)


def _single_step(r, c, at) -> Ladder:
    """at: (1,) score threshold in the dtype of the scores."""
    known, positives = r.known(c), r.positives(c)
    return Ladder(at, len(known) - known.searchsorted(at), len(positives) - positives.searchsorted(at))
