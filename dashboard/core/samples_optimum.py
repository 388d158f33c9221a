"""The best single threshold for samples-averaged F-beta or Jaccard, exact; a few passes over all samples, on demand.

Intervals are bounded and dropped as in `interval_search`; in those that survive, the jumps of each sample's own step
function are merged into one list.
"""

from collections.abc import Callable

import numpy as np

from dashboard.core.global_optimum import GlobalOptimum, optimum_at
from dashboard.core.interval_search import Incumbent, divided, highest_known_score, positives_within
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.row_counts import RowCounts, row_blocks
from dashboard.core.sample_jumps import jumps_of_rows
from dashboard.core.sample_metrics import row_values, sample_metrics_at_scores

INTERVALS_PER_PASS = 100
MOST_PASSES = 4
JUMPS_HELD = 1 << 22
ROUNDING = 1e-12  # the merged list adds many small jumps


def best_samples_threshold(
    r: RankedScores,
    metric: str = "f1",
    *,
    beta: float = 1.0,
    zero_division: float = 0.0,
    progress: Callable[[float], None] | None = None,
) -> GlobalOptimum:
    """The exact optimum of the samples average of "f1", "f_beta" or "jaccard" over all thresholds.

    Values within 1e-12 of the best count as equally good; of those the highest threshold. `value` is
    `sample_metrics_at_scores` there, to the last bit, and `samples_f_beta` for "f_beta", whose `beta` it is.
    """
    if metric not in ("f1", "f_beta", "jaccard"):
        raise ValueError(f'metric must be "f1", "f_beta" or "jaccard", got {metric!r}')
    metric = "f1" if metric == "f_beta" and beta == 1 else metric
    search = _Search(r, metric, beta, zero_division, progress)
    kept = r.predictions.scores.dtype.type(search.run())
    options = {"zero_division": zero_division}
    if metric == "f_beta":
        return optimum_at(r, kept, lambda t: samples_f_beta(r.predictions, t, beta, **options))
    return optimum_at(r, kept, lambda t: getattr(sample_metrics_at_scores(r.predictions, t, **options), metric))


def samples_f_beta(p: Predictions, score_thresholds, beta: float, *, zero_division: float = 0.0) -> np.ndarray:
    """The samples average of F-beta at ascending global score thresholds, (n_thresholds,); NaN where no sample counts.

    As `sklearn.metrics.fbeta_score(average="samples")`.
    """
    sums = np.zeros((2, len(score_thresholds)))
    for rows in row_blocks(p.n_samples, p.n_classes + len(score_thresholds)):
        counts = RowCounts.at_thresholds(p.scores[rows], p.labels[rows], score_thresholds)
        sums += _parts(*row_values("f_beta", counts, beta), zero_division).sum(axis=1)
    return np.divide(*sums, out=np.full(len(score_thresholds), np.nan), where=sums[1] > 0)


class _Search:
    def __init__(self, r, metric, beta, zero_division, progress):
        self._r, self._p = r, r.predictions
        self._metric, self._beta, self._zero_division = metric, beta, zero_division
        self._found = Incumbent(ROUNDING)
        self._progress = _PassProgress(progress)

    def run(self):
        low, high = (np.array([end], dtype=self._p.scores.dtype) for end in (-np.inf, np.inf))
        low, high = divided(low, high, np.array([highest_known_score(self._r)], dtype=low.dtype))
        for _ in range(MOST_PASSES):
            low, high = self._divide(low, high)
            low, high, bounds, n_jumps = self._survivors(low, high)
            if n_jumps.sum() <= JUMPS_HELD:
                break
        chunk = np.cumsum(n_jumps) // JUMPS_HELD
        self._progress.passes_left(len(np.unique(chunk)))
        for number in np.unique(chunk):
            wanted = (chunk == number) & self._found.may_lose_to(bounds, high)
            if wanted.any():
                self._list_jumps(low[wanted], high[wanted])
        self._progress.finish()
        return self._found.threshold

    def _divide(self, low, high):
        positives, _ = positives_within(self._r, low, high)
        step = max(1, -(-len(positives) // max(INTERVALS_PER_PASS, 4 * len(low))))
        return divided(low, high, positives[::step])

    def _survivors(self, low, high):
        """Tries the upper ends; the intervals that may hold something better, their bounds and numbers of jumps."""
        merits, bounds = self._merits_and_bounds(low, high)
        self._found.offer(high, merits)
        at_low, at_high = self._r.counts_at_scores(low), self._r.counts_at_scores(high)
        wanted = (at_low.tp > at_high.tp).any(axis=1) & self._found.may_lose_to(bounds, high)
        n_jumps = (at_low.tp + at_low.fp - at_high.tp - at_high.fp).sum(axis=1)
        return low[wanted], high[wanted], bounds[wanted], n_jumps[wanted]

    def _merits_and_bounds(self, low, high):
        ends = np.sort(np.concatenate([low, high]))  # disjoint intervals: low, high, low, high, ...
        sums = np.zeros((4, len(low)))
        for rows in row_blocks(self._p.n_samples, self._p.n_classes + len(ends), self._progress.of_pass()):
            counts = RowCounts.at_thresholds(self._p.scores[rows], self._p.labels[rows], ends)
            at_high = RowCounts(counts.tp[:, 1::2], counts.predicted[:, 1::2], counts.support, counts.n_known)
            tp = counts.tp[:, ::2]
            best = RowCounts(tp, tp + at_high.predicted - at_high.tp, counts.support, counts.n_known)
            sums += np.concatenate([self._totals(at_high), self._totals(best)])
        return _means(*sums[:2]), _means(*sums[2:])

    def _list_jumps(self, low, high):
        """Tries every score inside the intervals."""
        sums, pieces = np.zeros((2, len(high))), []
        for rows in row_blocks(self._p.n_samples, self._p.n_classes + len(high), self._progress.of_pass()):
            known = (self._p.labels[rows] >= 0).any(axis=1)
            scores, labels = self._p.scores[rows][known], self._p.labels[rows][known]
            at_high = RowCounts.at_thresholds(scores, labels, high)
            sums += self._totals(at_high)
            pieces.append(jumps_of_rows(scores, labels, (low, high), at_high, self._values))
        scores, changes = (np.concatenate(parts, axis=-1) for parts in zip(*pieces, strict=True))
        order = np.argsort(scores)[::-1]
        scores, changes = scores[order], changes[:, order]
        for index in range(len(high)):
            inside = slice(*len(scores) - np.searchsorted(scores[::-1], [high[index], low[index]]))
            totals = sums[:, index, None] + changes[:, inside].cumsum(axis=1)
            last = np.append(scores[inside][1:] != scores[inside][:-1], True)[: totals.shape[1]]
            self._found.offer(scores[inside][last][::-1], _means(*totals[:, last])[::-1])

    def _totals(self, counts):
        return self._values(counts).sum(axis=1)

    def _values(self, counts):
        """Each row's addition to the numerator and the denominator of the mean: (2, n_rows, n_thresholds)."""
        return _parts(*row_values(self._metric, counts, self._beta), self._zero_division)


def _parts(values, defined, zero_division):
    if np.isnan(zero_division):
        return np.stack([values, defined])
    return np.stack([np.where(defined, values, zero_division), np.ones(values.shape)])


def _means(totals, n_defined):
    return np.divide(totals, n_defined, out=np.full(totals.shape, -np.inf), where=n_defined > 0)


class _PassProgress:
    """Turns the progress of passes whose number is not known beforehand into one fraction that never falls."""

    def __init__(self, progress):
        self._report = progress
        self._fraction, self._n_done, self._n_planned = 0.0, 0, MOST_PASSES + 1

    def of_pass(self):
        self._n_done += 1
        return self._tell if self._report is not None else None

    def passes_left(self, n):
        self._n_planned = self._n_done + n

    def finish(self):
        if self._report is not None:
            self._report(1.0)

    def _tell(self, share):
        self._fraction = min(1.0, max(self._fraction, (self._n_done - 1 + share) / self._n_planned))
        self._report(self._fraction)
