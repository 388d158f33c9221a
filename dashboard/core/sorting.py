"""Each class's scores sorted once, and its positives once more. Knows nothing of thresholds or metrics.

Sorting keys alone is several times faster than sorting (key, label) pairs or indices, and two searches in the two
sorted arrays give back every count.
"""

from itertools import pairwise

import numpy as np

from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.sorted_rows import SortedRows
from dashboard.core.threads import run_each

BLOCK = 2**17  # cells; in both orders a block of them stays in the cache while it is transposed


def sorted_classes(p: Predictions, n_threads: int) -> tuple[SortedRows, SortedRows]:
    """The known scores of each class and those of its known positives, a row per class, ascending.

    Both are in the dtype of the scores; together they take at most one copy of the scores and one of the positives.
    """
    scores = _by_class(p.scores, n_threads, writable=True)
    labels = _by_class(p.labels, n_threads)
    classes = range(p.n_classes)
    n_known, n_positives = (
        np.array(run_each(lambda c: _lengths(labels[c]), classes, n_threads), dtype=np.int64).reshape(-1, 2).T
    )
    ends = np.cumsum(n_positives)
    positives = np.empty(int(n_positives.sum()), p.scores.dtype)
    pieces = np.split(positives, ends[:-1])
    run_each(lambda c: _sort_row(scores[c], labels[c], int(n_known[c]), pieces[c]), classes, n_threads)
    starts = np.arange(p.n_classes, dtype=np.int64) * p.n_samples
    return SortedRows(scores.reshape(-1), starts, n_known), SortedRows(positives, ends - n_positives, n_positives)


def _by_class(array, n_threads, *, writable=False):
    """The array with a contiguous row per class; a copy unless it lies that way already and need not be written."""
    if array.flags.f_contiguous and not writable:
        return array.T
    rows = np.empty(array.shape[::-1], array.dtype)
    step = max(1, BLOCK // max(1, array.shape[1]))

    def transpose(part):
        for start in range(part.start, part.stop, step):
            block = slice(start, min(start + step, part.stop))
            rows[:, block] = array[block].T

    run_each(transpose, _parts(array.shape[0], 8 * n_threads), n_threads)
    return rows


def _parts(n, n_parts):
    ends = [n * i // n_parts for i in range(n_parts + 1)]
    return [slice(start, stop) for start, stop in pairwise(ends)]


def _lengths(labels):
    """Known cells and known positives of one class."""
    if labels.size and labels.min() == UNKNOWN:
        return np.count_nonzero(labels != UNKNOWN), np.count_nonzero(labels == 1)
    return len(labels), np.count_nonzero(labels)


def _sort_row(scores, labels, n_known, positives):
    """Sorts one class in place and its positives into `positives`."""
    if n_known < len(scores):
        unknown = np.flatnonzero(labels == UNKNOWN)
        positives[:] = scores[np.flatnonzero(labels == 1)]
        # Sorts behind the known scores; should one of those be +inf too, it does not matter which of them is kept.
        scores[unknown] = np.inf
    else:
        positives[:] = scores[np.flatnonzero(labels.view(bool))]
    positives.sort()
    scores.sort()
