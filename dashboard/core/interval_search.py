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
        self._found = [Incumbent(objective.rounding) for objective in objectives]

    def run(self) -> list:
        """The best threshold of each objective, the highest of ties: a score of the data or +inf."""
        self._try_highest_score()
        low, high = (np.array([end], dtype=self._dtype) for end in (-np.inf, np.inf))
        positives, complete = np.empty(0, self._dtype), False
        n_new = max(FEWEST_PER_ROUND, CELLS_PER_ROUND // max(1, len(self._classes)))
        while len(low) and self._objectives:
            if complete:
                positives = positives[_inside(positives, low, high)]
            else:
                positives, complete = positives_within(self._r, low, high)
            step = -(-len(positives) // max(n_new, 4 * len(low)))
            low, high = divided(low, high, positives[:: max(1, step)])
            wanted = self._evaluate(low, high)
            low, high = low[wanted], high[wanted]
        return [self._dtype.type(incumbent.threshold) for incumbent in self._found]

    def _try_highest_score(self):
        highest = np.array([highest_known_score(self._r)], dtype=self._dtype)
        self._offer(highest, self._r.counts_at_scores(highest))

    def _evaluate(self, low, high):
        """Tries the upper end of every interval; says which intervals may hold something better inside."""
        bounds, holds_positives = np.empty((len(self._objectives), len(low))), np.empty(len(low), dtype=bool)
        step = max(1, CELLS_PER_BLOCK // max(1, len(self._classes)))
        for start in range(0, len(low), step):
            block = slice(start, start + step)
            low_counts, high_counts = self._counts_at_both(low[block], high[block])
            self._offer(high[block], high_counts)
            bounds[:, block] = [objective.bound(low_counts, high_counts) for objective in self._objectives]
            holds_positives[block] = (low_counts.tp > high_counts.tp).any(axis=1)
        beatable = [found.may_lose_to(bound, high) for found, bound in zip(self._found, bounds, strict=True)]
        return holds_positives & np.any(beatable, axis=0)

    def _counts_at_both(self, low, high):
        both = self._r.counts_at_scores(np.concatenate([low, high]))
        halves = (slice(0, len(low)), slice(len(low), None))
        return tuple(Counts(both.tp[half], both.fp[half], both.fn[half], both.tn[half]) for half in halves)

    def _offer(self, thresholds, counts):
        for found, objective in zip(self._found, self._objectives, strict=True):
            found.offer(thresholds, objective.merit(counts))


class Incumbent:
    """The best threshold met so far; of merits closer than `rounding`, which count as equal, the highest threshold."""

    def __init__(self, rounding: float):
        self._rounding = rounding
        self._highest_merit = -np.inf
        self._merit = -np.inf  # at the threshold: perhaps a rounding below the highest
        self.threshold = np.inf

    def offer(self, thresholds, merits):
        """Takes ascending thresholds with their merits (-inf: undefined)."""
        self._highest_merit = max(self._highest_merit, merits.max(initial=-np.inf))
        least = self._highest_merit - self._rounding
        ties = np.flatnonzero(merits >= least)
        if len(ties) and (thresholds[ties[-1]] > self.threshold or self._merit < least):
            self._merit, self.threshold = merits[ties[-1]], thresholds[ties[-1]]

    def may_lose_to(self, bounds, high):
        """Whether an interval may hold something better below its end `high`, given bounds of the merits inside."""
        higher_tie = (bounds >= self._highest_merit - self._rounding) & (high > self.threshold)
        return (bounds > self._highest_merit) | higher_tie


def highest_known_score(r: RankedScores):
    """The highest known score of all classes; -inf without any."""
    known = map(r.known, range(r.predictions.n_classes))
    return max((scores[-1] for scores in known if len(scores)), default=-np.inf)


def positives_within(r: RankedScores, low, high) -> tuple[np.ndarray, bool]:
    """Distinct scores of positives in [low, high) of the ascending intervals, ascending, and whether these are all.

    When there are many they are an even choice of about POSITIVES_HELD.
    """
    dtype = r.predictions.scores.dtype
    begins = np.append(True, low[1:] != np.nextafter(high[:-1], dtype.type(np.inf)))[: len(low)]  # runs of neighbours
    first, stop = low[begins], high[np.append(begins[1:], True)[: len(low)]]
    spans = [
        (scores, np.searchsorted(scores, first), np.searchsorted(scores, stop))
        for scores in map(r.positives, range(r.predictions.n_classes))
    ]
    n_positives = sum(int((stops - starts).sum()) for _, starts, stops in spans)
    stride = max(1, -(-n_positives // POSITIVES_HELD))
    pieces = [np.empty(0, dtype)]
    for scores, starts, stops in spans:
        some = np.flatnonzero(stops > starts)
        pieces += [scores[start:stop:stride] for start, stop in zip(starts[some], stops[some], strict=True)]
    return np.unique(np.concatenate(pieces)), stride == 1


def _inside(values, low, high):
    """Which of the ascending values lie in [low, high) of one of the ascending, disjoint intervals."""
    interval = np.searchsorted(high, values, side="right")
    return (interval < len(low)) & (values >= low[np.minimum(interval, len(low) - 1)])


def divided(low, high, cuts) -> tuple[np.ndarray, np.ndarray]:
    """The intervals [low, high] divided just above each of the cuts, which lie in [low, high) of one of them."""
    ends = np.sort(np.concatenate([high, cuts]))
    interval = np.searchsorted(high, ends)
    first = np.append(True, interval[1:] != interval[:-1])[: len(ends)]
    after_previous = np.nextafter(np.append(ends[:1], ends[:-1]), ends.dtype.type(np.inf))
    return np.where(first, low[interval], after_previous), ends
