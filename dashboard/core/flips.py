"""What flips in all classes between two threshold sets: counts per class, and the samples it concerns.

Knows nothing of screens or of how the thresholds were chosen. Unknown cells never flip.
"""

from dataclasses import dataclass

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.ranking import SMALL, RankedScores
from dashboard.core.sample_lists import SampleList, page_of_smallest
from dashboard.core.threads import available_cores, run_each
from dashboard.core.thresholds import ThresholdSet

_BLOCK = 2**20  # cells looked at together: their booleans stay in the cache


@dataclass(frozen=True, eq=False)
class FlipCounts:
    """Cells that flip from one decision to another, per class: (n_classes,) int64 each.

    gained, lost: positives found now and before. added, removed: false alarms now and before.
    """

    gained: np.ndarray
    lost: np.ndarray
    added: np.ndarray
    removed: np.ndarray

    @classmethod
    def between(cls, before: Counts, after: Counts) -> "FlipCounts":
        """From the counts at two threshold sets, one row each: a class has one threshold, so it flips one way only."""
        more_tp, more_fp = (after.tp - before.tp)[0], (after.fp - before.fp)[0]
        return cls(*(np.maximum(change, 0) for change in (more_tp, -more_tp, more_fp, -more_fp)))

    @property
    def total(self) -> np.ndarray:
        """(n_classes,): all flips of each class."""
        return self.gained + self.lost + self.added + self.removed


def class_flips(r: RankedScores, class_index: int, before, after) -> tuple[int, int]:
    """How many known positives and negatives of one class lie between two score thresholds in the scores' dtype."""
    thresholds = np.array([before, after], dtype=r.predictions.scores.dtype)
    of_positives, of_known = (
        np.searchsorted(array, thresholds) for array in (r.positives(class_index), r.known(class_index))
    )
    n_positives, n_known = (int(abs(places[1] - places[0])) for places in (of_positives, of_known))
    return n_positives, n_known - n_positives


def flips_per_sample(p: Predictions, before: ThresholdSet, after: ThresholdSet) -> np.ndarray:
    """How many known cells of each sample flip: (n_samples,) int32."""
    for thresholds in (before, after):
        thresholds.check_applies_to(p)
    classes = np.flatnonzero(before.score_thresholds != after.score_thresholds)
    pair = np.stack([before.score_thresholds, after.score_thresholds])[:, classes]
    low, high = pair.min(axis=0), pair.max(axis=0)
    flips = np.zeros(p.n_samples, dtype=np.int32)
    step = max(1, _BLOCK // max(1, p.n_classes))

    def count(start):
        rows = slice(start, start + step)
        scores, labels = (_of_classes(array[rows], classes) for array in (p.scores, p.labels))
        flipped = (scores >= low) & (scores < high) & (labels != UNKNOWN)
        # eight cells to a byte, then the ones in each byte: several times faster than summing booleans
        flips[rows] = np.bitwise_count(np.packbits(flipped, axis=1)).sum(axis=1, dtype=np.int32)

    if len(classes):
        n_threads = available_cores() if p.scores.size > SMALL else 1
        run_each(count, range(0, p.n_samples, step), n_threads)
    return flips


def n_flagged(p: Predictions, thresholds: ThresholdSet) -> int:
    """Samples with any class predicted, whether or not its label is known."""
    thresholds.check_applies_to(p)
    step, at = max(1, _BLOCK // max(1, p.n_classes)), thresholds.score_thresholds
    return sum(int((p.scores[i : i + step] >= at).any(axis=1).sum()) for i in range(0, p.n_samples, step))


def most_flips(flips: np.ndarray, start: int = 0, n: int | None = None) -> SampleList:
    """A page of the samples that flip anywhere, those with the most flips first; ties in the order of the samples."""
    rows = np.flatnonzero(flips)
    return SampleList(rows[page_of_smallest(-flips[rows], start, n)], len(rows))


def _of_classes(block, classes):
    return block if len(classes) == block.shape[1] else block[:, classes]
