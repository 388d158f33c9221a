"""Finds, for several objectives at once, the best of all thresholds without listing every jump.

Intervals between scores of positives are bounded; those that cannot beat the best value found are dropped, the others
are divided until each holds no further positive. Knows nothing of what the objectives measure.
"""

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.objectives import Objective
from dashboard.core.ranking import RankedScores

CELLS_PER_ROUND = 1 << 18
FEWEST_PER_ROUND = 64
CELLS_PER_BLOCK = 1 << 20
POSITIVES_HELD = 1 << 20


class IntervalSearch:
    """Divides and bounds until the best threshold of each objective is known.

    An optimum that is the highest of equally good thresholds lies at the score of a known positive or, when nothing or
    only classes without positives should be predicted, at +inf: between those, predictions only get worse.
    (Without any known positive it may be the highest known score.)
    """

    def __init__(self, r: RankedScores, objectives: list[Objective]):
        self._r, self._objectives = r, objectives
        self._dtype = r.predictions.scores.dtype
        self._classes = range(r.predictions.n_classes)
        self._rounding = np.array([objective.rounding for objective in objectives])
        self._highest_merit = np.full(len(objectives), -np.inf)
        self._merit = self._highest_merit.copy()  # at the threshold: of ties the highest, so perhaps a rounding below
        self._threshold = np.full(len(objectives), np.inf, dtype=self._dtype)

    def run(self) -> np.ndarray:
        """The best threshold of each objective, the highest of ties: a score of the data or +inf."""
        self._try_highest_score()
        low, high = (np.array([end], dtype=self._dtype) for end in (-np.inf, np.inf))
        positives, complete = np.empty(0, self._dtype), False
        n_new = max(FEWEST_PER_ROUND, CELLS_PER_ROUND // max(1, len(self._classes)))
        while len(low) and self._objectives:
            if complete:
                positives = positives[_inside(positives, low, high)]
            else:
                positives, complete = self._gather(low, high)
            step = -(-len(positives) // max(n_new, 4 * len(low)))
            low, high = _divided(low, high, positives[:: max(1, step)])
            wanted = self._evaluate(low, high)
            low, high = low[wanted], high[wanted]
        return self._threshold

    def _try_highest_score(self):
        scores = [array[-1:] for c in self._classes for array in (self._r.positives(c), self._r.negatives(c))]
        highest = np.concatenate([np.empty(0, self._dtype), *scores]).max(initial=-np.inf, keepdims=True)
        self._offer(highest, [objective.merit(self._r.counts_at_scores(highest)) for objective in self._objectives])

    def _gather(self, low, high):
        """Distinct scores of positives inside the intervals, ascending: all, or an even choice when they are many."""
        starts_new = np.append(True, low[1:] != np.nextafter(high[:-1], self._dtype.type(np.inf)))
        first, stop = low[starts_new], high[np.append(starts_new[1:], True)]
        spans = [
            (values, np.searchsorted(values, first), np.searchsorted(values, stop))
            for values in map(self._r.positives, self._classes)
        ]
        n_positives = sum(int((stops - starts).sum()) for _, starts, stops in spans)
        stride = max(1, -(-n_positives // POSITIVES_HELD))
        pieces = [np.empty(0, self._dtype)]
        for values, starts, stops in spans:
            some = np.flatnonzero(stops > starts)
            pieces += [values[start:stop:stride] for start, stop in zip(starts[some], stops[some], strict=True)]
        return np.unique(np.concatenate(pieces)), stride == 1

    def _evaluate(self, low, high):
        """Tries the upper end of every interval; says which intervals may hold something better inside."""
        bounds, holds_positives = np.empty((len(self._objectives), len(low))), np.empty(len(low), dtype=bool)
        step = max(1, CELLS_PER_BLOCK // max(1, len(self._classes)))
        for start in range(0, len(low), step):
            block = slice(start, start + step)
            low_counts, high_counts = self._counts_at_both(low[block], high[block])
            self._offer(high[block], [objective.merit(high_counts) for objective in self._objectives])
            bounds[:, block] = [objective.bound(low_counts, high_counts) for objective in self._objectives]
            holds_positives[block] = (low_counts.tp > high_counts.tp).any(axis=1)
        merit, threshold = self._highest_merit[:, None], self._threshold[:, None]
        higher_tie = (bounds >= merit - self._rounding[:, None]) & (high > threshold)
        return holds_positives & ((bounds > merit) | higher_tie).any(axis=0)

    def _counts_at_both(self, low, high):
        both = self._r.counts_at_scores(np.concatenate([low, high]))
        halves = (slice(0, len(low)), slice(len(low), None))
        return tuple(Counts(both.tp[half], both.fp[half], both.fn[half], both.tn[half]) for half in halves)

    def _offer(self, thresholds, merits):
        """Takes ascending thresholds with their merits by objective; of equal merits the highest threshold stays."""
        for index, merit in enumerate(merits):
            rounding = self._rounding[index]
            self._highest_merit[index] = highest = max(self._highest_merit[index], merit.max())
            ties = np.flatnonzero(merit >= highest - rounding)
            if not len(ties):
                continue
            found, threshold = merit[ties[-1]], thresholds[ties[-1]]
            if threshold > self._threshold[index] or self._merit[index] < highest - rounding:
                self._merit[index], self._threshold[index] = found, threshold


def _inside(values, low, high):
    """Which of the ascending values lie in [low, high) of one of the ascending, disjoint intervals."""
    interval = np.searchsorted(high, values, side="right")
    return (interval < len(low)) & (values >= low[np.minimum(interval, len(low) - 1)])


def _divided(low, high, cuts):
    """The intervals [low, high] divided just above each of the cuts, which lie in [low, high) of one of them."""
    ends = np.sort(np.concatenate([high, cuts]))
    interval = np.searchsorted(high, ends)
    first = np.append(True, interval[1:] != interval[:-1])[: len(ends)]
    after_previous = np.nextafter(np.append(ends[:1], ends[:-1]), ends.dtype.type(np.inf))
    return np.where(first, low[interval], after_previous), ends
