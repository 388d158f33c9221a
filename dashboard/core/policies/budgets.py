"""The most micro recall while few samples are flagged: those with any class predicted, its label known or not.

A budget of samples, not cells: what a sample costs to look at is paid once, however many classes are predicted for it.
"""

from fractions import Fraction

import numpy as np

from dashboard.core.policies.chosen import set_at_thresholds
from dashboard.core.policies.flagged_samples import FlaggedSamples
from dashboard.core.policies.flagged_search import FlaggedSearch
from dashboard.core.policies.policy import BEST_FOUND, LOCKED, OPTIMUM, UNREACHABLE
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

ONE, PER_CLASS = "one", "per class"


def flagged_budget(r: RankedScores, per_thousand: float = 100.0, thresholds: str = ONE, *, locked=None) -> ThresholdSet:
    """The most micro recall with at most so many flagged samples per 1,000, locked classes as they are.

    thresholds "one": the same for all classes, exact; of equally good ones the highest, which flags the fewest. "per
    class": a search without guarantee, never worse than the former. `certificate`: kind, the samples flagged and the
    most that may be, and the highest micro recall that any decisions could have within the budget.
    """
    if not 0 <= per_thousand <= 1000:
        raise ValueError(f"per_thousand must lie in [0, 1000], got {per_thousand}")
    if thresholds not in (ONE, PER_CLASS):
        raise ValueError(f'thresholds must be "{ONE}" or "{PER_CLASS}", got {thresholds!r}')
    n_most = int(Fraction(repr(float(per_thousand))) * r.predictions.n_samples / 1000)
    samples = FlaggedSamples(r, n_most, locked or {})
    values = samples.with_one_threshold()
    if thresholds == PER_CLASS:
        values = FlaggedSearch(samples).run(values)
    n_flagged, recall, bound = samples.n_flagged(values), samples.micro_recall(values), samples.highest_recall()
    exact = thresholds == ONE or recall == bound
    state = UNREACHABLE if n_flagged > n_most else OPTIMUM if exact else BEST_FOUND
    states = np.where(samples.free, state, LOCKED)
    return set_at_thresholds(
        r,
        values,
        policy="flagged_budget",
        parameters={"per_thousand": per_thousand, "thresholds": thresholds},
        metric=f"micro recall, at most {per_thousand:g} flagged samples per 1,000",
        value=recall,
        states=tuple(states.tolist()),
        certificate={
            "kind": "exact" if exact else "heuristic",
            "flagged": n_flagged,
            "most": n_most,
            "bound": bound,
        },
    )
