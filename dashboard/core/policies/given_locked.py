"""Ranked scores of which some classes are decided beforehand: what the search for one threshold for the others needs.

Knows nothing of metrics.
"""

from collections.abc import Mapping

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.exact_match import ExactMatch
from dashboard.core.policies.chosen import interval_around
from dashboard.core.policies.policy import with_locked
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.scale import round_up
from dashboard.core.thresholds import ThresholdSet


class GivenLocked:
    """Stands for RankedScores: thresholds leave the locked classes alone, so those add the same counts to all.

    locked: class index -> score threshold. A locked class has no scores where a threshold could lie.
    """

    def __init__(self, r: RankedScores, locked: Mapping[int, float]):
        self.predictions = r.predictions
        self._r, self._locked = r, {c: round_up(t, r.predictions.scores.dtype) for c, t in locked.items()}

    def known(self, c: int) -> np.ndarray:
        return self._r.known(c)[:0] if c in self._locked else self._r.known(c)

    def positives(self, c: int) -> np.ndarray:
        return self._r.positives(c)[:0] if c in self._locked else self._r.positives(c)

    def highest_known_below(self, score):
        """The highest known score of any other class that is below `score`; -inf without any."""
        n_below = [np.searchsorted(self.known(c), score) for c in range(self.predictions.n_classes)]
        below = [self.known(c)[n - 1] for c, n in enumerate(n_below) if n]
        return max(below, default=self.predictions.scores.dtype.type(-np.inf))

    def counts_at_scores(self, score_thresholds) -> Counts:
        """As `RankedScores.counts_at_scores`, for thresholds that are the same for all classes."""
        shape = (np.size(score_thresholds), self.predictions.n_classes)
        thresholds = np.broadcast_to(np.reshape(score_thresholds, (-1, 1)), shape).copy()
        for c, locked in self._locked.items():
            thresholds[:, c] = locked
        return self._r.counts_at_scores(thresholds)

    def exact_match(self) -> ExactMatch:
        """In the other classes, of the samples whose locked classes are right: no threshold mends the others."""
        p, locked = self.predictions, list(self._locked)
        right = np.ones(p.n_samples, dtype=bool)
        for c, threshold in self._locked.items():
            right &= (p.labels[:, c] < 0) | ((p.scores[:, c] >= threshold) == (p.labels[:, c] == 1))
        scores, labels = (np.delete(array[right], locked, axis=1) for array in (p.scores, p.labels))
        return ExactMatch.from_predictions(Predictions(scores, labels, p.score_kind))


def replaced(r: RankedScores, ts: ThresholdSet, locked: Mapping[int, float]) -> ThresholdSet:
    """The set with the locked classes' own thresholds, and the intervals around those that decide the same."""
    ts = with_locked(ts, locked, r.predictions)
    ends = {name: np.array(ts.details[name]) for name in ("dropped", "kept")}
    for c in locked:
        ends["dropped"][c], ends["kept"][c] = interval_around(r.known(c), ts.score_thresholds[c])
    ts.details.update(ends)
    return ts
