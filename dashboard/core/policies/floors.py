"""The most recall at a floor of precision, or the reverse, class by class; exact.

Precision is not monotone in the threshold, so every cut is looked at: those at scores of positives, as any other has
the true positives of one of them and more false alarms. The point "precision 1, recall 0" that ends a curve of
scikit-learn belongs to no threshold and meets no floor.
"""

import numpy as np

from dashboard.core.policies.chosen import set_at_cuts
from dashboard.core.policies.floor_judging import OBSERVED, Floor, floor_figures
from dashboard.core.policies.group_floors import GroupRequirement
from dashboard.core.policies.policy import MET, NO_POSITIVES, NOT_PROVEN, UNREACHABLE
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def precision_floor(
    r: RankedScores, floor: float = 0.9, proof: str = OBSERVED, column: str = "", least_positives: int = 10
) -> ThresholdSet:
    """The most recall of each class at a precision of at least `floor`; the highest of equally good thresholds.

    proof "lower limit": the one-sided 95 % lower limit must reach the floor; where no cut's does, the best cut that
    meets it as observed is taken and called not proven. These are limits on the samples the cut was chosen on:
    `judged_on` judges on others. column: the floor is required in every group of that column with at least
    `least_positives` known positives of the class, and over all. Unreachable classes are never predicted.
    """
    return _at_floor(r, Floor("precision", floor, proof), GroupRequirement(column, least_positives))


def recall_floor(
    r: RankedScores, floor: float = 0.9, proof: str = OBSERVED, column: str = "", least_positives: int = 10
) -> ThresholdSet:
    """The most precision of each class at a recall of at least `floor`; otherwise as `precision_floor`."""
    return _at_floor(r, Floor("recall", floor, proof), GroupRequirement(column, least_positives))


def _at_floor(r, floor, requirement):
    groups = requirement.groups(r, floor)
    chosen = r.each_class(lambda c: _cut_at_floor(r, c, floor, groups))
    never = r.predictions.scores.dtype.type(np.inf)
    kept = [never if score is None else score for score, *_ in chosen]
    closest = [never if score is None else score for *_, score in chosen]
    ts = set_at_cuts(
        r,
        kept,
        policy=f"{floor.of}_floor",
        parameters={"floor": floor.value, "proof": floor.proof} | requirement.parameters,
        metric=f"{floor.other} of each class, its {floor.of} at least {floor.value:g}",
        states=tuple(state for _, state, *_ in chosen),
        closest=np.array(closest, dtype=r.predictions.scores.dtype),
    )
    best = {f"best reachable {floor.of}": np.array([best for _, _, best, _ in chosen], dtype=np.float64)}
    figures = floor_figures(r.counts(ts), floor) | best | groups.figures(ts)
    value = np.nan_to_num(figures[floor.other]).mean() if len(kept) else np.nan
    ts.details.update(value=float(value), reached=figures)
    return ts


def _cut_at_floor(r, c, floor, groups):
    """(score kept or None, state, best reachable share, the score that reaches it or None) of one class."""
    cuts, support = r.positive_cuts(c), len(r.positives(c))
    if not support:
        return None, NO_POSITIVES, np.nan, None
    cases = floor.cases(cuts.tp, cuts.fp, support)
    share, proven = groups.worst(c, cuts, floor.observed(cuts.tp, cases), floor.is_proven(cuts.tp, cases))
    closest = len(share) - 1 - int(np.argmax(share[::-1]))
    met = share >= floor.value
    if not met.any():
        return None, UNREACHABLE, share[closest], cuts.scores[closest]
    state, candidates = (MET, proven) if proven.any() else (NOT_PROVEN, met)
    return cuts.scores[_best(cuts, np.flatnonzero(candidates), floor)], state, share[closest], cuts.scores[closest]


def _best(cuts, candidates, floor):
    if floor.of == "precision":
        return candidates[-1]  # true positives rise along the cuts
    precision = cuts.tp[candidates] / (cuts.tp + cuts.fp)[candidates]
    return candidates[np.argmax(precision)]
