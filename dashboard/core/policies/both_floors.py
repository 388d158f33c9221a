"""A floor of precision and one of recall together, class by class: the windows of thresholds that meet both; exact.

Precision is not monotone in the threshold, so what meets both need not be one interval.
"""

from dataclasses import replace

import numpy as np

from dashboard.core.policies.chosen import set_at_cuts
from dashboard.core.policies.floor_judging import OBSERVED, Floor, floor_figures
from dashboard.core.policies.group_floors import GroupRequirement
from dashboard.core.policies.policy import MET, NO_POSITIVES, NOT_PROVEN, UNREACHABLE
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


def both_floors(
    r: RankedScores,
    precision: float = 0.9,
    recall: float = 0.9,
    proof: str = OBSERVED,
    column: str = "",
    least_positives: int = 10,
) -> ThresholdSet:
    """The best F1 of each class among the cuts that meet both floors, the highest of equally good thresholds.

    proof, column, least_positives: as of `precision_floor`, for both floors; a class whose cuts meet both as observed
    but do not prove both is called not proven. details: `windows`, all thresholds that meet both in the way its state
    says; where there are none, the class is never predicted, `closest` is the cut whose larger shortfall is least, and
    `reached` says how far it stays below which floor.
    """
    floors = Floor("precision", precision, proof), Floor("recall", recall, proof)
    requirement = GroupRequirement(column, least_positives)
    of_precision = requirement.groups(r, floors[0])
    asked = of_precision, replace(of_precision, floor=floors[1])
    never = r.predictions.scores.dtype.type(np.inf)
    chosen = r.each_class(lambda c: _chosen(r, c, asked))
    ts = set_at_cuts(
        r,
        [kept if state in (MET, NOT_PROVEN) else never for kept, state, *_ in chosen],
        policy="both_floors",
        parameters={"precision": precision, "recall": recall, "proof": proof} | requirement.parameters,
        metric=f"F1 of each class, its precision at least {precision:g} and its recall at least {recall:g}",
        states=tuple(state for _, state, *_ in chosen),
        windows=tuple(windows for *_, windows in chosen),
        closest=np.array([kept for kept, *_ in chosen], dtype=never.dtype),
    )
    c = r.counts(ts)
    short = np.array([shortfall for *_, shortfall, _ in chosen], dtype=np.float64).reshape(-1, 2).T
    f1 = 2 * c.tp[0] / np.maximum(2 * c.tp + c.fp + c.fn, 1)[0]
    reached = _figures(c, floors) | {"short of precision": short[0], "short of recall": short[1]}
    reached |= asked[0].figures(ts) | asked[1].figures(ts)
    ts.details.update(value=float(f1.mean()) if len(f1) else np.nan, reached=reached)
    return ts


def _figures(c, floors):
    """Those of each floor; the further positives are what proves both."""
    precision, recall = (floor_figures(c, floor) for floor in floors)
    further = np.maximum(precision["further positives"], recall["further positives"])
    return precision | recall | {"further positives": further}


def _chosen(r, c, asked):
    """(score kept or closest, state, (short of precision, short of recall), windows) of one class."""
    known, cuts, support = r.known(c), r.positive_cuts(c), len(r.positives(c))
    if not support:
        return np.inf, NO_POSITIVES, (np.nan, np.nan), np.empty((0, 2), known.dtype)
    short, proven = _answer(r, c, asked, cuts.scores, cuts.tp, cuts.fp)
    larger = short.max(axis=0)
    met = larger == 0
    if not met.any():
        closest = np.argmin(larger)
        return cuts.scores[closest], UNREACHABLE, tuple(short[:, closest]), np.empty((0, 2), known.dtype)
    state, kept = (MET, np.flatnonzero(proven)) if proven.any() else (NOT_PROVEN, np.flatnonzero(met))
    f1 = 2 * cuts.tp[kept] / (support + cuts.tp[kept] + cuts.fp[kept])
    windows = _windows(r, c, asked, cuts, kept, proven=state == MET)
    return cuts.scores[kept[np.argmax(f1)]], state, (0.0, 0.0), windows


def _answer(r, c, asked, scores, tp, fp):
    """At score thresholds: how far each stays below either floor, (2, n_thresholds), and whether both are proven."""
    short, proven = [], np.ones(len(scores), dtype=bool)
    for groups in asked:
        floor = groups.floor
        cases = floor.cases(tp, fp, len(r.positives(c)))
        share, shown = groups.at(c, scores, floor.observed(tp, cases), floor.is_proven(tp, cases))
        short.append(np.maximum(floor.value - share, 0.0))
        proven &= shown
    return np.stack(short), proven


def _windows(r, c, asked, cuts, kept, *, proven):
    """(n_windows, 2) descending: every threshold in (low, high] meets both floors, or proves both.

    From a positive's cut that does, a threshold may fall past further negatives, as precision only falls there, down to
    the next positive at most: where that lies is found by halving.
    """
    known, positives = r.known(c), r.positives(c)

    def holds(index):
        scores = known[index]
        tp = len(positives) - np.searchsorted(positives, scores)
        short, shown = _answer(r, c, asked, scores, tp, len(known) - np.searchsorted(known, scores) - tp)
        return shown if proven else short.max(axis=0) == 0

    end = known.dtype.type(-np.inf)
    next_positive = np.append(cuts.scores[1:], end)[kept]
    index = np.searchsorted(known, cuts.scores[kept])
    last = np.minimum(np.searchsorted(known, next_positive, side="right"), index)
    index = _lowest_that_holds(last, index, holds)
    low = np.where(index > 0, known[index - 1], end)
    joined = (low[:-1] == next_positive[:-1]) & (np.diff(kept) == 1)
    starts = np.flatnonzero(np.append(True, ~joined))
    stops = np.append(starts[1:], len(kept)) - 1
    return np.column_stack([low[stops], cuts.scores[kept[starts]]])


def _lowest_that_holds(low, high, holds):
    """The least index from `low` to `high` at which `holds` is true, as it is at `high` and then between."""
    low, high = low.copy(), high.copy()
    at_once = holds(low)  # mostly all negatives up to the next positive are borne
    high[at_once] = low[at_once]
    searched = np.flatnonzero(low < high)
    while len(searched):
        middle = (low[searched] + high[searched]) // 2
        held = holds(middle)
        high[searched] = np.where(held, middle, high[searched])
        low[searched] = np.where(held, low[searched], middle + 1)
        searched = searched[low[searched] < high[searched]]
    return high
