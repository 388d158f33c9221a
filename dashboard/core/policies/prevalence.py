"""Thresholds by how much is predicted: as many as there are, by class or over all.

A label counts only in the number of positives, so a threshold of these policies can hardly overfit.
"""

import numpy as np

from dashboard.core.policies.chosen import set_at_cuts
from dashboard.core.policies.policy import NO_POSITIVES, OPTIMUM
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import threshold_between
from dashboard.core.thresholds import ThresholdSet

METRIC = "distance of the number predicted from the number of positives"


def match_prevalence(r: RankedScores) -> ThresholdSet:
    """Predicts of each class, among its known cells, as many as are positive, or as near to that as ties allow.

    Where one cut predicts as many too few as the next predicts too many, the one with fewer. `value` is the sum of
    the distances over classes.
    """
    kept = r.each_class(lambda c: _nearest_cut(r.known(c), len(r.positives(c))))
    support = r.predictions.support
    states = tuple(OPTIMUM if n else NO_POSITIVES for n in support)
    ts = set_at_cuts(r, kept, policy="match_prevalence", parameters={}, metric=METRIC, states=states)
    predicted = _n_predicted(r, ts.score_thresholds[None, :])
    reached = {"predicted": predicted, "positives": support}
    ts.details.update(value=float(np.abs(predicted - support).sum()), reached=reached)
    return ts


def match_cardinality(r: RankedScores) -> ThresholdSet:
    """The threshold for all classes that predicts, among all known cells, as many as are positive; ties as above."""
    p, wanted = r.predictions, int(r.predictions.support.sum())
    enough = _highest_with(r, wanted)
    above = _lowest_known_above(r, enough)
    too_many, too_few = (int(_n_predicted(r, score).sum()) - wanted for score in (enough, above))
    kept = enough if too_many < -too_few or not too_many else above
    dropped = p.scores.dtype.type(r.highest_known_below(kept))
    return ThresholdSet.from_scores(
        p,
        threshold_between(dropped, kept),
        policy="match_cardinality",
        parameters={},
        metric=METRIC,
        value=float(abs(too_many if kept == enough else too_few)),
        dropped=np.full(p.n_classes, dropped),
        kept=np.full(p.n_classes, kept),
        states=(OPTIMUM,) * p.n_classes,
    )


def _nearest_cut(known, wanted):
    """The score kept by the cut whose number is nearest to `wanted`, +inf to keep none."""
    never = known.dtype.type(np.inf)
    if not wanted:
        return never
    score = known[len(known) - wanted]
    too_many = len(known) - int(np.searchsorted(known, score)) - wanted
    above = int(np.searchsorted(known, score, side="right"))
    too_few = wanted - (len(known) - above)
    if not too_many or too_many < too_few or np.isposinf(score):
        return score
    return known[above] if above < len(known) else never


def _highest_with(r, wanted):
    """The highest score at which `wanted` known cells or more are predicted: by bisection of its floats."""
    dtype = r.predictions.scores.dtype
    low, high = (_place(np.array(end, dtype)) for end in (-np.inf, np.inf))
    if _n_predicted(r, _float_at(high, dtype)).sum() >= wanted:
        return _float_at(high, dtype)
    while high - low > 1:
        middle = (low + high) // 2
        if _n_predicted(r, _float_at(middle, dtype)).sum() >= wanted:
            low = middle
        else:
            high = middle
    return _float_at(low, dtype)


def _place(score) -> int:
    """The place of a float among all of its dtype in ascending order, 0 for zero."""
    magnitude = int(np.abs(score).view(f"i{score.itemsize}"))
    return -magnitude if score < 0 else magnitude


def _float_at(place, dtype):
    magnitude = np.array(abs(place), dtype=f"i{dtype.itemsize}").view(dtype)[()]
    return -magnitude if place < 0 else magnitude


def _lowest_known_above(r, score):
    dtype, found = r.predictions.scores.dtype, [np.inf]
    for c in range(r.predictions.n_classes):
        known = r.known(c)
        found.extend(known[np.searchsorted(known, score, side="right") :][:1])
    return dtype.type(min(found))


def _n_predicted(r, score_thresholds):
    """Known cells predicted of each class at one threshold, or one per class."""
    c = r.counts_at_scores(score_thresholds)
    return (c.tp + c.fp)[0]
