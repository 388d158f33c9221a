"""Each class's scores sorted once, positives and negatives apart. Knows nothing of thresholds or metrics.

Sorting keys alone is several times faster than sorting (key, label) pairs or indices; two searches in the two sorted
arrays give back every count.
"""

from itertools import product

import numpy as np

from dashboard.core.predictions import UNKNOWN, Predictions
from dashboard.core.threads import run_each

ROWS, CLASSES = 16_384, 16  # a block of both orders stays in the cache while it is transposed


def sorted_classes(p: Predictions, n_threads: int) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The scores of each class's known positives and known negatives, ascending and read-only, in two lists.

    Both are views of one (n_classes, n_samples) array in the dtype of the scores: each row holds the negatives, then
    the positives, then slots left over for the unknown cells.
    """
    scores = _by_class(p.scores, n_threads, writable=True)
    labels = _by_class(p.labels, n_threads)
    rows = run_each(lambda c: _sort_row(scores[c], labels[c]), range(p.n_classes), n_threads)
    return [positives for positives, _ in rows], [negatives for _, negatives in rows]


def _by_class(array, n_threads, *, writable=False):
    """The array with a contiguous row per class; a copy unless it lies that way already and need not be written."""
    if array.flags.f_contiguous and not writable:
        return array.T
    rows = np.empty(array.shape[::-1], array.dtype)

    def transpose(block):
        first, start = block
        classes, samples = slice(first, first + CLASSES), slice(start, start + ROWS)
        rows[classes, samples] = array[samples, classes].T

    blocks = product(range(0, array.shape[1], CLASSES), range(0, array.shape[0], ROWS))
    run_each(transpose, blocks, n_threads)
    return rows


def _sort_row(scores, labels):
    """Sorts one class in place; (positives, negatives) as views of `scores`."""
    which = np.flatnonzero(labels == 1)
    unknown = np.flatnonzero(labels == UNKNOWN)
    positives = scores[which]
    positives.sort()
    # A cell that is no negative becomes +inf and sorts behind the negatives; should a negative be +inf as well, it
    # does not matter which of the equal values is kept. Extracting the negatives would cost a copy.
    scores[which] = np.inf
    scores[unknown] = np.inf
    scores.sort()
    n_negatives = len(scores) - len(which) - len(unknown)
    scores[n_negatives : n_negatives + len(which)] = positives
    scores.flags.writeable = False
    return scores[n_negatives : n_negatives + len(which)], scores[:n_negatives]
