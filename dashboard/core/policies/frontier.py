"""The trade-off between micro-F1 and macro-F1 over one threshold per class, as a curve of threshold sets.

Micro-F1 counts every cell alike, macro-F1 every class; each class at its own best F1 makes macro-F1 best, often at the
price of a micro-F1 below that of the threshold 0.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core import metrics
from dashboard.core.global_optimum import GlobalOptimum
from dashboard.core.policies.frontier_search import MOST_COMBINATIONS, Search
from dashboard.core.policies.frontier_steps import (
    ROUNDING,
    Choices,
    Point,
    best_of_mixtures,
    between_the_ends,
    f1_of,
    undominated,
)
from dashboard.core.policies.joint import best_micro_f_beta, set_at_optimum
from dashboard.core.policies.ladders import Ladder, hulls, ladder, set_at
from dashboard.core.policies.micro_optimum import MicroOptimum, micro_optimum
from dashboard.core.policies.one_threshold import best_global, fixed
from dashboard.core.policies.per_class import best_per_class
from dashboard.core.policies.policy import BEST_FOUND, OPTIMUM
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

MOST_STEPS = 5_000  # of all classes together; more have too many combinations anyway
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


def micro_macro_frontier(
    r: RankedScores, locked: Mapping[int, float] | None = None, *, best_micro: GlobalOptimum | None = None
) -> Frontier:
    """The curve on these samples. locked: class index -> score threshold that has to stay as it is.

    Locked classes are locked in the points of the curve, not in the named ones. best_micro: the best threshold for all
    classes by micro-F1, where it has been found already.
    """
    vertices, best = _joint_best(r, locked)
    ladders, search = _search(r, vertices, best, locked)
    sets = _sets(r, ladders, search.run(), locked, search)
    micro, macro = averages_at(r, sets)
    joint = best_micro_f_beta(r) if locked else set_at_optimum(r, vertices, best)
    return Frontier(sets, micro, macro, search.gap, search.is_exact, _named_points(r, joint, best_micro))


def micro_macro_mix(r: RankedScores, weight: float = 0.5, locked: Mapping[int, float] | None = None) -> ThresholdSet:
    """The point of the curve with the best mean of micro-F1 (with this weight) and macro-F1 (with the rest).

    certificate: kind "exact", or "bounded" with the gap: no thresholds have a higher mean by more than that. locked: as
    in `micro_macro_frontier`.
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"weight must lie in [0, 1], got {weight}")
    ladders, search = _search(r, *_joint_best(r, locked), locked)
    points = search.run()
    means = [weight * search.choices.micro(point) + (1 - weight) * point.macro for point in points]
    best = int(np.argmax(means))
    ts = _sets(r, ladders, [points[best]], locked, search)[0]
    ts.details.update(policy="micro_macro_mix", parameters={"weight": weight}, value=means[best])
    ts.details.update(metric=f"{weight:g} of micro F1 and {1 - weight:g} of macro F1")
    ts.details["certificate"]["gap"] = search.gap * (1 - weight)
    return ts


def averages_at(r: RankedScores, sets) -> tuple[np.ndarray, np.ndarray]:
    """Micro-F1 and macro-F1 of each threshold set, (n_sets,); 0/0 counts as 0."""
    c = r.counts_at_scores(np.stack([each.score_thresholds for each in sets]))
    return metrics.f_beta(c, average="micro"), metrics.f_beta(c, average="macro")


def _named_points(r, joint, best_micro) -> tuple[NamedPoint, ...]:
    """The four policies that everybody compares."""
    sets = {HALF: fixed(r), GLOBAL: best_global(r, found=best_micro), PER_CLASS: best_per_class(r), JOINT: joint}
    places = zip(*averages_at(r, list(sets.values())), strict=True)
    return tuple(
        NamedPoint(name, float(micro), float(macro), ts)
        for (name, ts), (micro, macro) in zip(sets.items(), places, strict=True)
    )


def _joint_best(r, locked) -> tuple[list[Ladder], MicroOptimum]:
    """The hull of every class, and the best micro-F1 on them."""
    vertices = hulls(r, locked)
    return vertices, micro_optimum(vertices, int(r.predictions.support.sum()))


def _search(r, vertices, best, locked) -> tuple[list[Ladder], Search]:
    """The ladders of what may lie on the frontier, and the search among them."""
    supports = r.predictions.support.tolist()
    tied = [_best_f1_steps(each, support) for each, support in zip(vertices, supports, strict=True)]
    lowest = Choices(tied, supports)
    micro_range = (lowest.micro(lowest.highest_macro()), float(best.value))

    def between(c):
        return between_the_ends(ladder(r, c, locked), vertices[c], supports[c], micro_range)

    ladders, is_exact = _steps_left(r.each_class(between), supports, micro_range)
    choices = Choices(ladders, supports)
    return ladders, Search(choices, (choices.highest_macro(), choices.highest_micro(best.value)), is_exact)


def _best_f1_steps(vertices, support) -> Ladder:
    values = f1_of(vertices, support)
    return vertices.take(np.flatnonzero(values >= values.max() - ROUNDING))


def _steps_left(classes, supports, micro_range) -> tuple[list[Ladder], bool]:
    """Of each class (steps, vertices): all steps that matter, if their combinations are few, else those of mixtures."""
    if sum(len(steps) for steps, _ in classes) <= MOST_STEPS:
        left = [undominated(steps, support, micro_range) for (steps, _), support in zip(classes, supports, strict=True)]
        if np.prod([float(len(each)) for each in left]) <= MOST_COMBINATIONS:
            return left, True
    return [best_of_mixtures(*each, support) for each, support in zip(classes, supports, strict=True)], False


def _sets(r, ladders, points: list[Point], locked, search) -> tuple[ThresholdSet, ...]:
    sets, state = [], OPTIMUM if search.is_exact else BEST_FOUND
    scores = np.concatenate([np.empty(0, r.predictions.scores.dtype), *(each.scores for each in ladders)])
    firsts = np.cumsum([0, *map(len, ladders)])[:-1]
    for index, point in enumerate(points):
        kept = scores[firsts + point.steps]
        details = {"policy": "micro_macro_frontier", "parameters": {"point": index}, "value": point.macro}
        certificate = {"kind": "exact" if search.is_exact else "bounded", "gap": search.gap}
        sets.append(
            set_at(r, kept, state, locked, metric="macro F1 at this micro F1", certificate=certificate, **details)
        )
    return tuple(sets)
