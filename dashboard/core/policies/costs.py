"""The least total cost of false alarms and misses, class by class; exact."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.interval_search import IntervalSearch
from dashboard.core.policies.chosen import counts_at_never, set_at_cuts
from dashboard.core.policies.policy import NO_POSITIVES, OPTIMUM
from dashboard.core.policies.small_supports import steadied
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import threshold_between
from dashboard.core.thresholds import ThresholdSet

MOST_EXACT = 2**62


def minimum_cost(
    r: RankedScores, false_negative_cost: float = 5.0, min_positives: int = 0, shrink: float = 0.0
) -> ThresholdSet:
    """One missed positive costs as much as `false_negative_cost` false alarms; the least cost of each class, in those.

    Exact, the highest of equally good thresholds: where no cut costs less than missing everything, nothing is
    predicted. `value` is the total over classes. min_positives, shrink: see `small_supports.steadied`; the pooled
    threshold is the one of least total cost.
    """
    if not 0 <= false_negative_cost < np.inf:
        raise ValueError(f"false_negative_cost must be at least 0 and finite, got {false_negative_cost}")
    never = counts_at_never(r)
    ratio = Fraction(repr(float(false_negative_cost)))  # 0.1 means a tenth, not the float next to it
    chosen = r.each_class(lambda c: _cheapest(r, c, (int(never.tp[0, c]), int(never.fp[0, c])), ratio))
    ts = set_at_cuts(
        r,
        chosen,
        policy="minimum_cost",
        parameters={"false_negative_cost": false_negative_cost, "min_positives": min_positives, "shrink": shrink},
        metric=f"cost, one missed positive as much as {false_negative_cost:g} false alarms",
        states=tuple(OPTIMUM if n else NO_POSITIVES for n in r.predictions.support),
    )
    ts = steadied(r, ts, lambda: _pooled(r, false_negative_cost), min_positives, shrink)
    c = r.counts(ts)
    costs = c.fp[0] + false_negative_cost * c.fn[0]
    ts.details.update(value=float(costs.sum()), reached={"cost": costs})
    return ts


@dataclass(frozen=True)
class _LeastCost:
    """What `IntervalSearch` maximises: minus the total cost."""

    false_negative_cost: float
    rounding: float = 0.0

    def merit(self, c: Counts) -> np.ndarray:
        return -(c.fp.sum(axis=1) + self.false_negative_cost * c.fn.sum(axis=1))

    def bound(self, low: Counts, high: Counts) -> np.ndarray:
        return -(high.fp.sum(axis=1) + self.false_negative_cost * low.fn.sum(axis=1))


def _pooled(r, false_negative_cost):
    """The one threshold for all classes of least total cost."""
    (kept,) = IntervalSearch(r, [_LeastCost(false_negative_cost)]).run()
    dropped = r.predictions.scores.dtype.type(r.highest_known_below(kept))
    return ThresholdSet.from_scores(r.predictions, threshold_between(dropped, kept))


def _cheapest(r, c, at_never, ratio):
    """The score that one class keeps; of equal costs the first, as cuts descend from +inf."""
    cuts, support = r.positive_cuts(c), len(r.positives(c))
    tp, fp = (np.append(first, rest) for first, rest in zip(at_never, (cuts.tp, cuts.fp), strict=True))
    scores = np.append(r.predictions.scores.dtype.type(np.inf), cuts.scores)
    return scores[_first_least(fp, support - tp, ratio)]


def _first_least(fp, fn, ratio):
    """The first index of the least fp + ratio * fn, in integers; where they overflow, floats leave a few to compare."""
    if (ratio.numerator + ratio.denominator) * (int(fp.max()) + int(fn.max()) + 1) < MOST_EXACT:
        return int(np.argmin(ratio.denominator * fp + ratio.numerator * fn))
    rough = fp + float(ratio) * fn
    near = np.flatnonzero(rough <= rough.min() * (1 + 1e-12))
    return int(min(near.tolist(), key=lambda i: (int(fp[i]) + ratio * int(fn[i]), i)))
