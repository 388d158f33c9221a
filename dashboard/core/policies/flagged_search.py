"""A search for thresholds per class that find much while few samples are flagged; a heuristic.

On some of the samples: coordinate ascent for true positives less a price of each flagged sample, at the price that
fits the budget. On all of them: those thresholds, moved together until the budget holds, then lowered where no further
sample is flagged by it, and, where the data are small, the rest of the budget spent on one class after another.
"""

import numpy as np

from dashboard.core.policies.flagged_samples import FlaggedSamples
from dashboard.core.row_counts import row_blocks
from dashboard.core.scale import threshold_between

CELLS_TRIED = 400_000
FEWEST_ROWS, MOST_SWEEPS, PRICES = 1_000, 4, 10
CELLS_TO_SPEND_ON, MOST_SPENT = 4_000_000, 20


class FlaggedSearch:
    """See `run`."""

    def __init__(self, samples: FlaggedSamples):
        self._samples, self._p = samples, samples.p
        self._classes = np.flatnonzero(samples.free)

    def run(self, start) -> np.ndarray:
        """Score thresholds at least as good as `start`, which must keep to the budget unless nothing does."""
        if not len(self._classes) or not self._p.n_samples or self._samples.n_flagged(start) > self._samples.n_most:
            return start
        tried = [start, *(self._moved(values) for values in self._by_price(start))]
        best = max((self._filled(values) for values in tried), key=self._samples.tp)
        return self._spent(best) if self._p.scores.size <= CELLS_TO_SPEND_ON else best

    def _by_price(self, start):
        """The thresholds of the two prices, found by bisection, between which the budget lies on some samples."""
        ascent = _Ascent(self._samples, self._classes)
        low, high = 1e-3, float(max(1, ascent.most_positives)) + 1.0
        too_many, few_enough = None, None
        for _ in range(PRICES):
            price = np.sqrt(low * high)
            values, share = ascent.at_price(price, start[self._classes])
            if share * self._p.n_samples > self._samples.n_most:
                low, too_many = price, values
            else:
                high, few_enough = price, values
        for found in (too_many, few_enough):
            if found is not None and np.isfinite(found).any():
                values = self._samples.fixed.copy()
                values[self._classes] = found
                yield values

    def _moved(self, values):
        """The same distances between classes, as low as the budget allows."""
        lowered = np.where(np.isneginf(values), self._lowest_finite(values), values.astype(np.float64))
        highest = self._samples.highest(lowered)
        bar = self._samples.bar(highest)
        if np.isnan(bar):
            return np.where(self._samples.free, -np.inf, self._samples.fixed)
        while True:
            with np.errstate(over="ignore"):
                moved = np.nextafter((lowered + bar).astype(values.dtype), values.dtype.type(np.inf))
            moved = np.where(self._samples.free, moved, self._samples.fixed)
            if self._samples.n_flagged(moved) <= self._samples.n_most:
                return moved
            bar = highest[highest > bar].min(initial=np.inf)  # sums that round

    def _lowest_finite(self, values):
        return values[np.isfinite(values)].min(initial=0)

    def _spent(self, best):
        """The rest of the budget spent on one class after another, the one that finds most by it."""
        for _ in range(MOST_SPENT):
            flagged = self._samples.flagged(best)
            bars = self._bars(~flagged, self._samples.n_most - int(np.count_nonzero(flagged)))
            lower = np.array([self._threshold_above(c, bar) for c, bar in zip(self._classes, bars, strict=True)])
            gains = self._tp_of_each(lower) - self._tp_of_each(best[self._classes])
            most = int(np.argmax(gains))
            if gains[most] <= 0:
                break
            best = best.copy()
            best[self._classes[most]] = lower[most]
            best = self._filled(best)
        return best

    def _filled(self, values):
        """Every threshold as low as it flags only the samples flagged now, and no lower than its last true positive."""
        bars = self._bars(~self._samples.flagged(values), 0)
        filled = self._samples.fixed.copy()
        filled[self._classes] = [self._threshold_above(c, bar) for c, bar in zip(self._classes, bars, strict=True)]
        return filled

    def _bars(self, rows, n_allowed):
        """In each free class the score above which no more than `n_allowed` of these samples lie; NaN if all may."""
        rows = np.flatnonzero(rows)
        if len(rows) <= n_allowed:
            return np.full(len(self._classes), np.nan)
        if not n_allowed:
            return self._highest_of(rows)
        scores = self._p.scores[rows][:, self._classes]
        return np.partition(scores, len(rows) - n_allowed - 1, axis=0)[len(rows) - n_allowed - 1]

    def _highest_of(self, rows):
        highest = np.full(len(self._classes), -np.inf, self._samples.dtype)
        for block in row_blocks(len(rows), self._p.n_classes):
            np.maximum(highest, self._p.scores[rows[block]][:, self._classes].max(axis=0), out=highest)
        return highest

    def _threshold_above(self, c, bar):
        kept = self._samples.lowest_positive_above(c, bar)
        known = self._samples.r.known(c)
        index = np.searchsorted(known, kept)
        dropped = np.fmax(bar, known[index - 1] if index else -np.inf)
        return threshold_between(self._samples.dtype.type(dropped), kept)[()]

    def _tp_of_each(self, values):
        positives = [self._samples.r.positives(c) for c in self._classes]
        return np.array([len(s) - np.searchsorted(s, t) for s, t in zip(positives, values, strict=True)])


class _Ascent:
    """Coordinate ascent over the free classes on an even choice of samples."""

    def __init__(self, samples: FlaggedSamples, classes):
        p = samples.p
        n_rows = max(FEWEST_ROWS, CELLS_TRIED // len(classes))
        rows = slice(None, None, max(1, -(-p.n_samples // n_rows)))
        self._scores = np.ascontiguousarray(p.scores[rows][:, classes].T)
        positive = np.ascontiguousarray((p.labels[rows][:, classes] == 1).T)
        self._by_locked = samples.by_locked[rows]
        self.most_positives = int(positive.sum(axis=0).max(initial=0))
        self._order = np.argsort(self._scores, axis=1)[:, ::-1]
        self._ranked = np.take_along_axis(self._scores, self._order, axis=1)
        self._gains = np.take_along_axis(positive, self._order, axis=1).astype(np.float64)
        self._in_a_tie = np.zeros(self._ranked.shape)
        self._in_a_tie[:, :-1][self._ranked[:, :-1] == self._ranked[:, 1:]] = -np.inf

    def at_price(self, price, start) -> tuple[np.ndarray, float]:
        """Thresholds that no class can improve on, or after a few sweeps, and the share of samples they flag."""
        values = start.copy()
        predicted = self._scores >= values[:, None]
        n_flagging = predicted.sum(axis=0) + self._by_locked
        for _ in range(MOST_SWEEPS):
            changed = False
            for c, order in enumerate(self._order):
                others = n_flagging - predicted[c] > 0
                merits = np.cumsum(self._gains[c] - price * ~others[order]) + self._in_a_tie[c]
                index = int(np.argmax(merits))
                value = self._ranked[c, index] if merits[index] > 1e-9 else self._ranked.dtype.type(np.inf)
                if value != values[c]:
                    changed, values[c] = True, value
                    n_flagging += (self._scores[c] >= value).astype(n_flagging.dtype) - predicted[c]
                    predicted[c] = self._scores[c] >= value
            if not changed:
                break
        return values, float(np.mean(n_flagging > 0))
