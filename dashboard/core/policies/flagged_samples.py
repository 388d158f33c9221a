"""Which samples thresholds flag, how many more may be, and what that allows each class.

Knows nothing of which thresholds are good beyond the best single one.
"""

import numpy as np

from dashboard.core.ranking import RankedScores
from dashboard.core.row_counts import row_blocks
from dashboard.core.scale import threshold_between


class FlaggedSamples:
    """At most `n_most` samples may be flagged; locked: class index -> score threshold that stays.

    free: (n_classes,) bool, the classes whose thresholds are to be chosen. Score thresholds are (n_classes,).
    """

    def __init__(self, r: RankedScores, n_most: int, locked):
        self.r, self.p, self.n_most = r, r.predictions, n_most
        self.dtype = self.p.scores.dtype
        self.fixed = np.full(self.p.n_classes, np.inf, self.dtype)
        self.fixed[list(locked)] = list(locked.values())
        self.free = np.ones(self.p.n_classes, dtype=bool)
        self.free[list(locked)] = False
        self.by_locked = self.flagged(self.fixed, ~self.free)

    def flagged(self, values, classes=slice(None)) -> np.ndarray:
        """Which samples have a score at or above its threshold, (n_samples,) bool."""
        flagged = np.zeros(self.p.n_samples, dtype=bool)
        for rows in row_blocks(self.p.n_samples, self.p.n_classes):
            flagged[rows] = (self.p.scores[rows, classes] >= values[classes]).any(axis=1)
        return flagged

    def n_flagged(self, values) -> int:
        return int(np.count_nonzero(self.flagged(values)))

    def micro_recall(self, values) -> float:
        support = int(self.p.support.sum())
        return self.tp(values) / support if support else np.nan

    def tp(self, values) -> int:
        return int(self.r.counts_at_scores(values[None, :]).tp.sum())

    def highest_recall(self) -> float:
        """Of any decisions that flag no more samples than allowed: those with the most positives, all found."""
        n_positives = np.zeros(self.p.n_samples, dtype=np.int64)
        for rows in row_blocks(self.p.n_samples, self.p.n_classes):
            n_positives[rows] = np.count_nonzero(self.p.labels[rows] == 1, axis=1)
        total = int(n_positives.sum())
        return int(np.sort(n_positives)[::-1][: self.n_most].sum()) / total if total else np.nan

    def with_one_threshold(self) -> np.ndarray:
        """The thresholds with the same, the best one, in every free class."""
        values, kept = self.fixed.copy(), self.dtype.type(np.inf)
        bar = self.bar(self.highest())
        if bar is not None and self.free.any():
            kept = min(self.lowest_positive_above(c, bar) for c in np.flatnonzero(self.free))
            bar = np.fmax(bar, self._highest_cell_below(kept))
        values[self.free] = kept if bar is None else threshold_between(self.dtype.type(bar), kept)
        return values

    def highest(self, lowered=None) -> np.ndarray:
        """The highest score in the free classes of each sample, each class less `lowered`, (n_classes,) float64."""
        columns = slice(None) if self.free.all() else self.free
        highest = np.full(self.p.n_samples, -np.inf, self.dtype if lowered is None else np.float64)
        for rows in row_blocks(self.p.n_samples, self.p.n_classes):
            scores = self.p.scores[rows, columns]
            if lowered is not None:
                with np.errstate(invalid="ignore"):  # a class at +inf counts for nothing, whatever its score
                    scores = np.where(np.isposinf(lowered[columns]), -np.inf, scores - lowered[columns])
            highest[rows] = scores.max(axis=1, initial=-np.inf)
        return highest

    def bar(self, highest):
        """The value that thresholds must lie above, given each sample's highest: NaN none, None more than possible."""
        rest = highest[~self.by_locked]
        n_more = self.n_most - (len(highest) - len(rest))
        if n_more < 0:
            return None
        if n_more >= len(rest):
            return np.nan
        return np.partition(rest, len(rest) - n_more - 1)[len(rest) - n_more - 1]

    def lowest_positive_above(self, c, bar):
        """The lowest known positive of a class above the bar, NaN for none to lie above; +inf without any."""
        positives = self.r.positives(c)
        first = 0 if np.isnan(bar) else np.searchsorted(positives, bar, side="right")
        return positives[first] if first < len(positives) else self.dtype.type(np.inf)

    def _highest_cell_below(self, score):
        """Of all cells: those with an unknown label flag their samples too."""
        found = -np.inf
        for rows in row_blocks(self.p.n_samples, self.p.n_classes):
            scores = self.p.scores[rows]
            found = max(found, scores.max(where=(scores < score) & self.free, initial=-np.inf))
        return found
