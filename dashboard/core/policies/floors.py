"""The most recall at a floor of precision, or the reverse, class by class; exact.

Precision is not monotone in the threshold, so every cut is looked at: those at scores of positives, as any other has
the true positives of one of them and more false alarms. The point "precision 1, recall 0" that ends a curve of
scikit-learn belongs to no threshold and meets no floor.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.floor_proof import cases_needed, proves
from dashboard.core.intervals import lower_limit
from dashboard.core.policies.chosen import for_each_class, precision_and_recall, set_at_cuts
from dashboard.core.policies.group_floors import GroupRequirement
from dashboard.core.policies.policy import MET, NO_POSITIVES, NOT_PROVEN, UNREACHABLE
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

OBSERVED, LOWER_LIMIT = "observed", "lower limit"
PROOFS = (OBSERVED, LOWER_LIMIT)


@dataclass(frozen=True)
class Floor:
    """A least precision or recall, and how it is to be shown: by the share observed or by its lower 95 % limit."""

    of: str
    value: float
    proof: str = OBSERVED

    def __post_init__(self):
        if not 0 <= self.value <= 1:
            raise ValueError(f"a floor must lie in [0, 1], got {self.value}")
        if self.proof not in PROOFS:
            raise ValueError(f"proof must be one of {PROOFS}, got {self.proof!r}")

    def cases(self, tp, fp, support):
        """What the true positives are a share of."""
        return tp + fp if self.of == "precision" else np.broadcast_to(support, np.shape(tp))

    def observed(self, tp, cases) -> np.ndarray:
        """The share, 0 where it is 0/0. As floats, which tell any two shares of fewer than 2^26 cases apart."""
        return tp / np.maximum(cases, 1)

    def is_proven(self, tp, cases) -> np.ndarray:
        """Whether the counts show it, as `proof` asks."""
        met = (self.observed(tp, cases) >= self.value) & (np.asarray(cases) > 0)
        return met & proves(tp, cases, self.value) if self.proof == LOWER_LIMIT else met


def precision_floor(
    r: RankedScores, floor: float = 0.9, proof: str = OBSERVED, column: str = "", least_positives: int = 10
) -> ThresholdSet:
    """The most recall of each class at a precision of at least `floor`; the highest of equally good thresholds.

    proof "lower limit": the one-sided 95 % lower limit must reach the floor; where no cut's does, the best cut that
    meets it as observed is taken and called not proven. These are limits on the samples the cut was chosen on:
    `judge_floor` judges on others. column: the floor is required in every group of that column with at least
    `least_positives` known positives of the class, and over all. Unreachable classes are never predicted.
    """
    return _at_floor(r, Floor("precision", floor, proof), GroupRequirement(column, least_positives))


def recall_floor(
    r: RankedScores, floor: float = 0.9, proof: str = OBSERVED, column: str = "", least_positives: int = 10
) -> ThresholdSet:
    """The most precision of each class at a recall of at least `floor`; otherwise as `precision_floor`."""
    return _at_floor(r, Floor("recall", floor, proof), GroupRequirement(column, least_positives))


def judge_floor(c: Counts, of: str, floor: float, proof: str = LOWER_LIMIT) -> tuple[tuple[str, ...], dict]:
    """What one row of counts says of a floor, wherever they were counted: on held-out samples, or cross-fitted.

    Returns the state of each class (met; met, not proven; unreachable here means not met) and its figures:
    precision, recall, "lower limit" of the share, and how many further positives would prove it at this rate.
    """
    asked, tp = Floor(of, floor, proof), c.tp[0]
    cases = asked.cases(tp, c.fp[0], c.support[0])
    met, proven = Floor(of, floor).is_proven(tp, cases), asked.is_proven(tp, cases)
    words = np.where(proven, MET, np.where(met, NOT_PROVEN, UNREACHABLE))
    states = np.where(c.support[0] == 0, NO_POSITIVES, words)
    return tuple(states.tolist()), _figures(c, asked)


def _at_floor(r, floor, requirement):
    groups = requirement.groups(r, floor)
    chosen = for_each_class(r, lambda c: _cut_at_floor(r, c, floor, groups))
    never = r.predictions.scores.dtype.type(np.inf)
    kept = [never if score is None else score for score, *_ in chosen]
    closest = [never if score is None else score for *_, score in chosen]
    other = "recall" if floor.of == "precision" else "precision"
    ts = set_at_cuts(
        r,
        kept,
        policy=f"{floor.of}_floor",
        parameters={"floor": floor.value, "proof": floor.proof} | requirement.parameters,
        metric=f"{other} of each class, its {floor.of} at least {floor.value:g}",
        states=tuple(state for _, state, *_ in chosen),
        closest=np.array(closest, dtype=r.predictions.scores.dtype),
    )
    best = {f"best reachable {floor.of}": np.array([best for _, _, best, _ in chosen], dtype=np.float64)}
    figures = _figures(r.counts(ts), floor) | best | groups.figures(ts)
    value = np.nan_to_num(figures[other]).mean() if len(kept) else np.nan
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


def _figures(c, floor):
    precision, recall = precision_and_recall(c)
    tp = c.tp[0]
    cases = floor.cases(tp, c.fp[0], c.support[0])
    with np.errstate(invalid="ignore"):
        further = c.support[0] * (cases_needed(tp, cases, floor.value) / cases - 1)
    return {
        "precision": precision,
        "recall": recall,
        f"lower limit of {floor.of}": lower_limit(tp, cases),
        "further positives": np.ceil(further - 1e-9),
    }
