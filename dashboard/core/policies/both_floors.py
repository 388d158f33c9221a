"""A floor of precision and one of recall together, class by class: the windows of thresholds that meet both; exact.

Precision is not monotone in the threshold, so what meets both need not be one interval.
"""

import numpy as np

from dashboard.core.policies.chosen import for_each_class, precision_and_recall, set_at_cuts
from dashboard.core.policies.policy import MET, NO_POSITIVES, UNREACHABLE
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def both_floors(r: RankedScores, precision: float = 0.9, recall: float = 0.9) -> ThresholdSet:
    """The best F1 of each class among the cuts that meet both floors, the highest of equally good thresholds.

    details: `windows`, all thresholds that meet both; where there are none, the class is never predicted, `closest` is
    the cut whose larger shortfall is least, and `reached` says how far it stays below which floor.
    """
    for floor in (precision, recall):
        if not 0 <= floor <= 1:
            raise ValueError(f"a floor must lie in [0, 1], got {floor}")
    never = r.predictions.scores.dtype.type(np.inf)
    chosen = for_each_class(r, lambda c: _chosen(r, c, precision, recall))
    ts = set_at_cuts(
        r,
        [kept if state == MET else never for kept, state, *_ in chosen],
        policy="both_floors",
        parameters={"precision": precision, "recall": recall},
        metric=f"F1 of each class, its precision at least {precision:g} and its recall at least {recall:g}",
        states=tuple(state for _, state, *_ in chosen),
        windows=tuple(windows for *_, windows in chosen),
        closest=np.array([kept for kept, *_ in chosen], dtype=never.dtype),
    )
    c = r.counts(ts)
    at, recalls = precision_and_recall(c)
    short = np.array([shortfall for *_, shortfall, _ in chosen], dtype=np.float64).reshape(-1, 2).T
    reached = {"precision": at, "recall": recalls, "short of precision": short[0], "short of recall": short[1]}
    f1 = 2 * c.tp[0] / np.maximum(2 * c.tp + c.fp + c.fn, 1)[0]
    ts.details.update(value=float(f1.mean()) if len(f1) else np.nan, reached=reached)
    return ts


def _chosen(r, c, precision, recall):
    """(score kept or closest, state, (short of precision, short of recall), windows) of one class."""
    known, cuts, support = r.known(c), r.positive_cuts(c), len(r.positives(c))
    if not support:
        return np.inf, NO_POSITIVES, (np.nan, np.nan), np.empty((0, 2), known.dtype)
    shares = cuts.tp / (cuts.tp + cuts.fp), cuts.tp / support
    short = np.maximum(precision - shares[0], 0.0), np.maximum(recall - shares[1], 0.0)
    met = np.flatnonzero((shares[0] >= precision) & (shares[1] >= recall))
    if not len(met):
        closest = np.argmin(np.maximum(*short))
        return cuts.scores[closest], UNREACHABLE, (short[0][closest], short[1][closest]), np.empty((0, 2), known.dtype)
    f1 = 2 * cuts.tp[met] / (support + cuts.tp[met] + cuts.fp[met])
    return cuts.scores[met[np.argmax(f1)]], MET, (0.0, 0.0), _windows(known, cuts, met, precision)


def _windows(known, cuts, met, precision):
    """(n_windows, 2) descending: every threshold in (low, high] meets both floors.

    From a positive's cut that meets both, a threshold may fall past further negatives as long as precision lasts.
    """
    end = known.dtype.type(-np.inf)
    tp, next_positive = cuts.tp[met], np.append(cuts.scores[1:], end)[met]
    most = np.minimum(_most_predicted(tp, precision), len(known))
    # The next lower score is one too many; where it ties with the last one borne, that one cannot be kept either.
    low = np.where(most < len(known), known[len(known) - most - 1], end)
    low = np.maximum(low, next_positive)
    joined = (low[:-1] == next_positive[:-1]) & (np.diff(met) == 1)
    starts = np.flatnonzero(np.append(True, ~joined))
    stops = np.append(starts[1:], len(met)) - 1
    return np.column_stack([low[stops], cuts.scores[met[starts]]])


def _most_predicted(tp, precision):
    """The most predicted cells of which `tp` are a share of at least `precision`, as floats divide."""
    if precision <= 0:
        return np.full(len(tp), np.iinfo(np.int64).max)
    most = np.floor(np.minimum(tp / precision, 2.0**53)).astype(np.int64) + 1
    for _ in range(2):
        most = np.where(tp / most >= precision, most, most - 1)
    return most
