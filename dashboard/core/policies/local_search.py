"""Thresholds per class for what is averaged over samples, which is not separable: local search from several starts.

Each class in turn goes to its best cut given the others, which one sort finds exactly, until none gains. That is a
local optimum: no single class can improve, but several together might. Knows nothing of what the starts are.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.predictions import Predictions

MOST_SWEEPS = 20
LEAST_GAIN = 1e-9  # of the sum over samples; sums of many ratios are rounded
SAMPLE_METRICS = ("f1", "jaccard", "subset_accuracy")


@dataclass
class LocalSearch:
    """The sum over samples of "f1", "jaccard" or "subset_accuracy" at one threshold per class, made larger.

    A sample without a known cell does not count; 0/0 counts as 0. movable: classes whose thresholds may change.
    """

    p: Predictions
    metric: str
    movable: tuple[int, ...]

    def __post_init__(self):
        self._known = self.p.labels >= 0
        self._used = self._known.any(axis=1)
        self._support = np.count_nonzero(self.p.labels == 1, axis=1)

    def run(self, score_thresholds) -> tuple[np.ndarray, float, int]:
        """From these thresholds, (n_classes,): the lowest score each class keeps, the mean, and how many sweeps."""
        kept = np.array(score_thresholds, dtype=self.p.scores.dtype)
        decided = (self.p.scores >= kept) & self._known
        tp, predicted = (np.count_nonzero(each, axis=1) for each in (decided & (self.p.labels == 1), decided))
        n_sweeps, is_moving = 0, True
        while is_moving and n_sweeps < MOST_SWEEPS:
            is_moving = sum(self._move(c, kept, decided, tp, predicted) for c in self.movable) > 0  # every class once
            n_sweeps += 1
        values = self._values(tp, predicted)[self._used]
        return kept, float(values.mean()) if len(values) else np.nan, n_sweeps

    def _move(self, c, kept, decided, tp, predicted) -> bool:
        """Puts class `c` at its best cut if that gains; updates the thresholds and the counts of each sample."""
        rows = np.flatnonzero(self._known[:, c])
        positive, now = self.p.labels[rows, c] == 1, decided[rows, c]
        rest_tp, rest = tp[rows] - (now & positive), predicted[rows] - now
        gains = self._values(rest_tp + positive, rest + 1, rows) - self._values(rest_tp, rest, rows)
        scores = self.p.scores[rows, c]
        order = np.argsort(-scores, kind="stable")
        ranked = scores[order]
        ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True)[: len(ranked)])
        totals, cuts = np.cumsum(gains[order])[ends], ranked[ends]
        if not len(cuts) or not np.isposinf(cuts[0]):
            totals, cuts = np.append(0.0, totals), np.append(np.inf, cuts)
        best = int(np.flatnonzero(totals >= totals.max() - LEAST_GAIN)[0])
        if totals[best] <= gains[now].sum() + LEAST_GAIN:
            return False
        kept[c] = cuts[best]
        after = scores >= kept[c]
        decided[rows, c], tp[rows], predicted[rows] = after, rest_tp + (after & positive), rest + after
        return True

    def _values(self, tp, predicted, rows=slice(None)) -> np.ndarray:
        support = self._support[rows]
        if self.metric == "subset_accuracy":
            return ((tp == support) & (predicted == support)).astype(np.float64)
        if self.metric == "jaccard":
            return tp / np.maximum(1, support + predicted - tp)
        return 2 * tp / np.maximum(1, support + predicted)
