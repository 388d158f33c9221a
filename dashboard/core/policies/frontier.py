"""The trade-off between micro-F1 and macro-F1 over one threshold per class, as a curve of threshold sets.

Micro-F1 counts every cell alike, macro-F1 every class; each class at its own best F1 makes macro-F1 best, often at the
price of a micro-F1 below that of the threshold 0.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core import metrics
from dashboard.core.policies.frontier_search import Choices, Point, Search, f1_of, undominated
from dashboard.core.policies.joint import best_micro_f_beta
from dashboard.core.policies.ladders import Ladder, for_each_class, hull, hulls, ladder, set_at
from dashboard.core.policies.micro_optimum import micro_optimum
from dashboard.core.policies.one_threshold import best_global, fixed
from dashboard.core.policies.per_class import best_per_class
from dashboard.core.policies.policy import OPTIMUM
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

HALF, GLOBAL, PER_CLASS, JOINT = "0.5 everywhere", "best global", "per-class best", "joint best"


@dataclass(frozen=True)
class NamedPoint:
    """A threshold set that the curve is compared with."""

    name: str
    micro: float
    macro: float
    thresholds: ThresholdSet


@dataclass(frozen=True, eq=False)
class Frontier:
    """The supported points: for some weights of micro-F1 and macro-F1 nothing found is better.

    points: (n_points,) threshold sets from the best macro-F1 to the best micro-F1; micro, macro: (n_points,), rising
    and falling. gap: no thresholds at all reach a point with more macro-F1 than this above the straight lines between
    the points. is_exact: every combination was looked at; then the gap is 0 and no supported point is missing.
    named: 0.5 everywhere, best global (micro-F1), per-class best and joint best, each on the lines or below.
    """

    points: tuple[ThresholdSet, ...]
    micro: np.ndarray
    macro: np.ndarray
    gap: float
    is_exact: bool
    named: tuple[NamedPoint, ...]

    def __len__(self) -> int:
        return len(self.points)


def micro_macro_frontier(r: RankedScores, locked: Mapping[int, float] | None = None) -> Frontier:
    """The curve on these samples. locked: class index -> score threshold that has to stay as it is.

    Locked classes are locked in the points of the curve, not in the named ones.
    """
    ladders, search = _search(r, locked)
    sets = _sets(r, ladders, search.run(), locked, search)
    micro, macro = averages_at(r, sets)
    return Frontier(sets, micro, macro, search.gap, search.is_exact, named_points(r))


def named_points(r: RankedScores) -> tuple[NamedPoint, ...]:
    """The four policies that everybody compares."""
    policies = {HALF: fixed, GLOBAL: best_global, PER_CLASS: best_per_class, JOINT: best_micro_f_beta}
    sets = [policy(r) for policy in policies.values()]
    micro, macro = averages_at(r, sets)
    return tuple(
        NamedPoint(name, float(x), float(y), ts) for name, x, y, ts in zip(policies, micro, macro, sets, strict=True)
    )


def averages_at(r: RankedScores, sets) -> tuple[np.ndarray, np.ndarray]:
    """Micro-F1 and macro-F1 of each threshold set, (n_sets,); 0/0 counts as 0."""
    c = r.counts_at_scores(np.stack([each.score_thresholds for each in sets]))
    return metrics.f_beta(c, average="micro"), metrics.f_beta(c, average="macro")


def _search(r, locked) -> tuple[list[Ladder], Search]:
    """The ladders of what may lie on the frontier, and the search among them."""
    supports = r.predictions.support.tolist()
    vertices = hulls(r, locked)
    highest = micro_optimum(vertices, sum(supports)).value
    best = for_each_class(r, lambda c: _best_f1_steps(ladder(r, c, locked), supports[c]))
    lowest = Choices(best, supports)
    micro_range = (lowest.micro(lowest.highest_macro()), float(highest))
    left = for_each_class(r, lambda c: _steps_left(ladder(r, c, locked), supports[c], micro_range))
    choices = Choices(left, supports)
    return left, Search(choices, (choices.highest_macro(), choices.highest_micro(highest)))


def _best_f1_steps(steps, support) -> Ladder:
    values = f1_of(steps, support)
    return steps.take(np.flatnonzero(values == values.max()))


def _steps_left(steps, support, micro_range) -> Ladder:
    """Steps that replace many: the best F1, and the vertices between the two ends and one on either side."""
    vertices = hull(steps)
    slopes = np.diff(vertices.tp) / np.diff(vertices.predicted)
    first, last = (int((slopes > mu / 2).sum()) for mu in reversed(micro_range))
    better = np.searchsorted(steps.predicted, vertices.predicted[max(0, first - 1) : last + 2])
    return steps.take(undominated(steps, support, micro_range, [int(f1_of(steps, support).argmax()), *better]))


def _sets(r, ladders, points: list[Point], locked, search) -> tuple[ThresholdSet, ...]:
    sets = []
    for index, point in enumerate(points):
        kept = [each.scores[step] for each, step in zip(ladders, point.steps, strict=True)]
        details = {"policy": "micro_macro_frontier", "parameters": {"point": index}, "value": point.macro}
        certificate = {"kind": "exact" if search.is_exact else "bounded", "gap": search.gap}
        sets.append(
            set_at(r, kept, OPTIMUM, locked, metric="macro F1 at this micro F1", certificate=certificate, **details)
        )
    return tuple(sets)
