"""True positives and predicted classes of each sample, a block of samples at a time, at many thresholds.

What the samples-averaged metrics are a function of. Knows nothing of averages or divisions by zero.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

CELLS_PER_BLOCK = 1 << 16  # a few temporaries of this size stay near the processor's cache
ROWS_PER_BLOCK = 1000  # so many values of up to 2**53 can be summed in int64
FEW_THRESHOLDS = 6  # up to here comparing every cell with every threshold is faster than bucketing


@dataclass(frozen=True, eq=False)
class RowCounts:
    """Counts over the known cells of some samples that have any.

    tp, predicted: (n_rows, n_thresholds) true positives and positive decisions; support, n_known: (n_rows,).
    """

    tp: np.ndarray
    predicted: np.ndarray
    support: np.ndarray
    n_known: np.ndarray

    @classmethod
    def at_thresholds(cls, scores, labels, score_thresholds) -> "RowCounts":
        """Of (n_rows, n_classes) cells, at ascending global (n_thresholds,) or (n_thresholds, n_classes) ones."""
        if score_thresholds.ndim == 1 and len(score_thresholds) > FEW_THRESHOLDS:
            bucket = np.searchsorted(score_thresholds, scores.ravel(), side="right").reshape(scores.shape)
            tp = _count_above(bucket, labels == 1, len(score_thresholds))
            return cls._of_used_rows(tp, tp + _count_above(bucket, labels == 0, len(score_thresholds)), labels)
        decisions = (scores >= thresholds for thresholds in score_thresholds)
        return cls.of_decisions(decisions, labels, len(score_thresholds))

    @classmethod
    def of_decisions(cls, decisions, labels, n_thresholds: int = 1) -> "RowCounts":
        """Of `n_thresholds` decisions, each bool (n_rows, n_classes), given one after the other."""
        tp = np.empty((len(labels), n_thresholds), dtype=np.int64)
        predicted = np.empty_like(tp)
        positive, known = labels == 1, labels >= 0
        for column, decided in enumerate(decisions):
            tp[:, column] = np.count_nonzero(decided & positive, axis=1)
            predicted[:, column] = np.count_nonzero(decided & known, axis=1)
        return cls._of_used_rows(tp, predicted, labels)

    @classmethod
    def _of_used_rows(cls, tp, predicted, labels):
        n_known = np.count_nonzero(labels >= 0, axis=1)
        used = slice(None) if n_known.all() else n_known > 0
        return cls(tp[used], predicted[used], np.count_nonzero(labels == 1, axis=1)[used], n_known[used])


def row_blocks(n_rows: int, cells_per_row: int, progress: Callable[[float], None] | None = None) -> Iterator[slice]:
    """Slices that cover all rows in blocks of bounded size; `progress` hears the fraction done after each."""
    step = min(ROWS_PER_BLOCK, max(1, CELLS_PER_BLOCK // max(1, cells_per_row)))
    for start in range(0, n_rows, step):
        stop = min(start + step, n_rows)
        yield slice(start, stop)
        if progress is not None:
            progress(stop / n_rows)


def _count_above(bucket, chosen, n_thresholds):
    """Chosen cells of each row at or above each threshold; `bucket` is the number of thresholds a cell reaches."""
    rows, _ = np.nonzero(chosen)
    width = n_thresholds + 1
    reached = np.bincount(rows * width + bucket[chosen], minlength=len(bucket) * width).reshape(-1, width)
    return reached.sum(axis=1, keepdims=True) - reached[:, :-1].cumsum(axis=1)
