"""The most micro recall at a floor of micro precision, or the reverse, with one threshold per class.

Below MOST_POSITIVES known positives exact, by a knapsack; with more from the merged hulls, with a bound on what any
thresholds reach. A floor is compared with the share as float64, so that 9 of 10 meet 0.9.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from dashboard.core.policies.hull_path import HullPath
from dashboard.core.policies.knapsack import Knapsack
from dashboard.core.policies.ladders import Ladder, hull, ladder, set_at
from dashboard.core.policies.micro_optimum import micro_optimum
from dashboard.core.policies.policy import MET, UNREACHABLE
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet

MOST_POSITIVES = 20_000
PRECISION, RECALL = "precision", "recall"


def micro_precision_floor(
    r: RankedScores, floor: float = 0.9, locked: Mapping[int, float] | None = None
) -> ThresholdSet:
    """The most micro recall that any threshold per class reaches at a micro precision of at least `floor`.

    certificate: kind "exact" or "bounded"; precision, recall; value (the recall) and bound, the most that any
    thresholds could reach; gap, their difference; best_reachable, the highest micro precision where the floor is above
    it. Then all classes are unreachable and never predicted, and details["closest"] has the thresholds that come
    closest. locked: class index -> score threshold that has to stay; the rest is the best given those.
    """
    return _Problem(r, locked, PRECISION, floor).solved()


def micro_recall_floor(r: RankedScores, floor: float = 0.9, locked: Mapping[int, float] | None = None) -> ThresholdSet:
    """The highest micro precision at a micro recall of at least `floor`; otherwise as `micro_precision_floor`.

    Only locked classes make a recall unreachable, or data without a known positive.
    """
    return _Problem(r, locked, RECALL, floor).solved()


@dataclass
class _Problem:
    r: RankedScores
    locked: Mapping[int, float] | None
    of: str
    floor: float
    n_positives: int = field(init=False)
    hulls: list[Ladder] = field(init=False)

    def __post_init__(self):
        if not 0 <= self.floor <= 1:
            raise ValueError(f"floor must lie in [0, 1], got {self.floor}")
        self.n_positives = int(self.r.predictions.support.sum())
        self.hulls = self.r.each_class(lambda c: hull(self.ladder(c)))

    def ladder(self, c) -> Ladder:
        return ladder(self.r, c, self.locked)

    def solved(self) -> ThresholdSet:
        best_reachable = self._best_reachable()
        if not self.n_positives or best_reachable < self.floor:
            return self._unreachable(best_reachable)
        if self.n_positives < MOST_POSITIVES:
            return self._exact()
        path = HullPath(self.hulls)
        return self._above_precision(path) if self.of == PRECISION else self._above_recall(path)

    @property
    def _n_needed(self) -> int:
        """The fewest true positives whose share of the positives meets a floor of recall."""
        near = max(0, int(self.floor * self.n_positives) - 1)
        return next(n for n in range(near, self.n_positives + 1) if n / self.n_positives >= self.floor)

    def _best_reachable(self) -> float:
        if self.of == PRECISION:
            return float(micro_optimum(self.hulls, self.n_positives, 0.0).value)
        return sum(int(each.tp[-1]) for each in self.hulls) / max(1, self.n_positives)

    def _exact(self) -> ThresholdSet:
        ladders = self.r.each_class(self.ladder)
        knapsack = Knapsack(ladders)
        tp, fp = np.arange(len(knapsack.false_alarms)), knapsack.false_alarms
        precision = np.where(fp < knapsack.impossible, tp / np.maximum(1, tp + fp.astype(np.int64)), -1.0)
        if self.of == PRECISION:
            n_found = int(np.flatnonzero(precision >= self.floor)[-1])
        else:
            n_found = self._n_needed + int(precision[self._n_needed :].argmax())
        kept = [each.scores[step] for each, step in zip(ladders, knapsack.steps(n_found), strict=True)]
        return self._set(kept, None)

    def _above_precision(self, path) -> ThresholdSet:
        n_edges = int(np.flatnonzero(path.precision >= self.floor)[-1])
        kept, _ = self._improved(path, n_edges, self._most_found)
        return self._set(kept, int(path.most_found(n_edges, self.floor) + 1e-6) / self.n_positives)

    def _above_recall(self, path) -> ThresholdSet:
        n_needed = self._n_needed
        first = int(np.searchsorted(path.tp, n_needed))
        best = first + int(path.precision[first:].argmax())
        starts = [best, *([first - 1] if first else [])]
        found = [self._improved(path, start, self._most_precise(n_needed)) for start in starts]
        enough = [each for each in found if each[1][0] >= n_needed]
        kept, _ = max(enough, key=lambda each: each[1][0] / max(1, each[1][1]))
        return self._set(kept, path.highest_precision(n_needed))

    def _improved(self, path, n_edges, choose: Callable) -> tuple[list, tuple[int, int]]:
        """From a prefix of the path, each class in turn at the step that `choose` takes given the others.

        Returns the score kept in each class, and the totals of true positives and predicted cells.
        """
        vertices = path.vertices(n_edges)
        tp, predicted, kept = int(path.tp[n_edges]), int(path.predicted[n_edges]), []
        for c, (vertex, each) in enumerate(zip(vertices, self.hulls, strict=True)):
            steps = self.ladder(c)
            totals_tp = tp - int(each.tp[vertex]) + steps.tp
            totals = predicted - int(each.predicted[vertex]) + steps.predicted
            step = choose(totals_tp, totals, int(np.searchsorted(steps.predicted, each.predicted[vertex])))
            tp, predicted = int(totals_tp[step]), int(totals[step])
            kept.append(steps.scores[step])
        return kept, (tp, predicted)

    def _most_found(self, tp, predicted, now) -> int:
        return int(np.flatnonzero(tp / np.maximum(1, predicted) >= self.floor)[-1])

    @staticmethod
    def _most_precise(n_needed) -> Callable:
        def choose(tp, predicted, now):
            first = int(np.searchsorted(tp, n_needed))
            return first + int((tp[first:] / np.maximum(1, predicted[first:])).argmax()) if first < len(tp) else now

        return choose

    def _set(self, kept, bound: float | None, state: str = MET, **certificate) -> ThresholdSet:
        """bound None: what `kept` reaches is the best there is."""
        ts = set_at(self.r, kept, state, self.locked, **self._words)
        c = self.r.counts(ts)
        tp, predicted = int(c.tp.sum()), int((c.tp + c.fp).sum())
        shares = {PRECISION: tp / max(1, predicted), RECALL: tp / max(1, self.n_positives)}
        value = shares[RECALL if self.of == PRECISION else PRECISION]
        bound = value if bound is None else max(bound, value)
        kind = "exact" if bound == value else "bounded"
        proof = {"kind": kind, **shares, "value": value, "bound": bound, "gap": bound - value, **certificate}
        ts.details.update(value=value, certificate=proof)
        return ts

    def _unreachable(self, best_reachable) -> ThresholdSet:
        never = [each.scores[0] for each in self.hulls]
        ts = self._set(never, None, UNREACHABLE, best_reachable=best_reachable)
        steps = micro_optimum(self.hulls, self.n_positives, 0.0).vertices if self.of == PRECISION else [-1] * len(never)
        closest = set_at(self.r, [each.scores[s] for each, s in zip(self.hulls, steps, strict=True)], MET, self.locked)
        ts.details["closest"] = closest.score_thresholds
        return ts

    @property
    def _words(self) -> dict:
        other = RECALL if self.of == PRECISION else PRECISION
        return {
            "policy": f"micro_{self.of}_floor",
            "parameters": {"floor": self.floor},
            "metric": f"micro {other} at a micro {self.of} of at least {self.floor:g}",
        }
