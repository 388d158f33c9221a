"""Each class's scores sorted once, and its positives once more. Knows nothing of thresholds or metrics.

Sorting keys alone is several times faster than sorting (key, label) pairs or indices, and two searches in the two
sorted arrays give back every count.
"""

from itertools import pairwise

import numpy as np

from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.threads import run_each

BLOCK = 2**17  # cells; in both orders a block of them stays in the cache while it is transposed


def sorted_classes(p: Predictions, n_threads: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The known scores of each class and those of its known positives: two lists of ascending, read-only arrays.

    The known scores are rows of one (n_classes, n_samples) array in the dtype of the scores.
    """
    scores = _by_class(p.scores, n_threads, writable=True)
    labels = _by_class(p.labels, n_threads)
    rows = run_each(lambda c: _sort_row(scores[c], labels[c]), range(p.n_classes), n_threads)
    return [known for known, _ in rows], [positives for _, positives in rows]


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


def _sort_row(scores, labels):
    """Sorts one class in place; (known, positives), the first a view of `scores`."""
    n_known = len(scores)
    if labels.size and labels.min() == UNKNOWN:
        unknown = np.flatnonzero(labels == UNKNOWN)
        n_known -= len(unknown)
        positives = scores[np.flatnonzero(labels == 1)]
        # Sorts behind the known scores; should one of those be +inf too, it does not matter which of them is kept.
        scores[unknown] = np.inf
    else:
        positives = scores[np.flatnonzero(labels.view(bool))]
    for array in (positives, scores):
        array.sort()
        array.flags.writeable = False
    return scores[:n_known], positives
