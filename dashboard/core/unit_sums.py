"""What metrics are functions of, summed over the units of each bootstrap replicate by matrix products.

A replicate is a row of weights; every count is linear in it. Knows nothing of thresholds or metrics.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.predictions import Predictions
from dashboard.core.row_counts import RowCounts
from dashboard.core.sample_metrics import row_values
from dashboard.core.unit_weights import weight_blocks

CELLS_PER_CHUNK = 1 << 20
CLASSES_PER_PASS = 512
EXACT_IN_FLOAT32 = 1 << 24
RIGHT, EMPTY, PREDICTED, USED, F1 = range(5)


@dataclass(frozen=True, eq=False)
class UnitSums:
    """Sums of one set of decisions: row 0 is the data itself, row 1 + b is replicate b.

    counts: each (1 + n_replicates, n_classes). samples: (1 + n_replicates, 5) float64, over samples with a known cell:
    decided right, nothing predicted, predicted classes, all of them, and their F1.
    """

    counts: Counts
    samples: np.ndarray


def unit_sums(
    p: Predictions,
    predicted: Mapping[str, np.ndarray],
    units,
    *,
    n_replicates: int,
    seed: int,
    kind: str,
    progress: Callable[[float], None] | None = None,
) -> dict[str, UnitSums]:
    """The sums of each set of decisions, bool (n_samples, n_classes), all with the same weights.

    units: codes from 0 without a gap. Memory beyond the decisions is bounded by blocks of units.
    """
    order = np.argsort(units, kind="stable")
    starts = np.searchsorted(units[order], np.arange(len(np.bincount(units)) + 1)) if len(units) else np.zeros(1, int)
    totals = _Totals(predicted, p, 1 + n_replicates)
    n_units = len(starts) - 1
    for block, weights in weight_blocks(n_units, n_replicates, seed, kind):
        with_data = np.concatenate([np.ones((1, weights.shape[1]), np.float32), weights])
        totals.add(p, predicted, order, starts[block.start : block.stop + 1], with_data)
        if progress is not None:
            progress(block.stop / n_units)
    return totals.sums()


class _Totals:
    """float64 (n_rows, ...) sums over the blocks seen so far; whole numbers are exact."""

    def __init__(self, predicted, p, n_rows):
        self.all_known = bool((p.n_known == p.n_samples).all())
        self.positives = np.zeros((n_rows, p.n_classes))
        self.known = np.zeros((n_rows, 1 if self.all_known else p.n_classes))
        self.of_decisions = {name: np.zeros((2, n_rows, p.n_classes)) for name in predicted}  # tp, predicted
        self.samples = {name: np.zeros((n_rows, 5)) for name in predicted}

    def add(self, p, predicted, order, starts, weights):
        for first in range(0, p.n_classes, CLASSES_PER_PASS):
            classes = slice(first, first + CLASSES_PER_PASS)
            n_classes = len(range(*classes.indices(p.n_classes)))
            columns = _cell_columns(p, predicted, order, starts, classes, self.all_known)
            sums = _product(weights, columns).reshape(len(weights), -1, n_classes)
            self.positives[:, classes] += sums[:, 0]
            for i, (total, predicted_total) in enumerate(self.of_decisions.values()):
                total[:, classes] += sums[:, 1 + 2 * i]
                predicted_total[:, classes] += sums[:, 2 + 2 * i]
            if not self.all_known:
                self.known[:, classes] += sums[:, -1]
        exact = weights.astype(np.float64)
        if self.all_known:  # then each class has all samples of a unit, and one column says it of all classes
            self.known[:, 0] += exact @ np.diff(starts)
        for name, decided in predicted.items():
            self.samples[name] += exact @ _sample_columns(p, decided, order, starts)

    def sums(self) -> dict[str, UnitSums]:
        positives, known = (each.astype(np.int64) for each in (self.positives, self.known))
        found = {}
        for name, totals in self.of_decisions.items():
            tp, fp = (each.astype(np.int64) for each in totals)
            fp -= tp
            tn = known - positives
            tn -= fp
            found[name] = UnitSums(Counts(tp, fp, positives - tp, tn), self.samples[name])
        return found


def _product(weights, columns):
    """weights @ columns, exact: as float32 while no sum of whole numbers can exceed 2^24."""
    largest = float(columns.max(initial=0)) * float(weights.sum(axis=1, dtype=np.float64).max(initial=0))
    if largest < EXACT_IN_FLOAT32:
        return weights @ columns
    return weights.astype(np.float64) @ columns.astype(np.float64)


def _cell_columns(p, predicted, order, starts, classes, all_known) -> np.ndarray:
    """float32 (n_units, columns) of a block: positives, then tp and predicted of each set of decisions.

    Known cells come last, unless every cell is known.
    """
    n_classes = len(range(*classes.indices(p.n_classes)))
    width = (1 + 2 * len(predicted) + (not all_known)) * n_classes

    def flags(rows):
        labels = p.labels[rows, classes]
        positive, known = labels == 1, None if all_known else labels >= 0
        each = [positive]
        for decided in predicted.values():
            here = decided[rows, classes]
            each += [here & positive, here if all_known else here & known]
        return np.concatenate(each if all_known else [*each, known], axis=1)

    return _summed_by_unit(flags, width, order, starts, np.float32)


def _sample_columns(p, decided, order, starts) -> np.ndarray:
    """float64 (n_units, 5) of a block; see `UnitSums`."""

    def values(rows):
        labels = p.labels[rows]
        counts = RowCounts.of_decisions([decided[rows]], labels)
        tp, n_predicted = counts.tp[:, 0], counts.predicted[:, 0]
        found = np.zeros((len(labels), 5))
        used = (labels >= 0).any(axis=1)
        right = (tp == counts.support) & (n_predicted == counts.support)
        f1 = row_values("f1", counts)[0][:, 0]
        found[used] = np.stack([right, n_predicted == 0, n_predicted, np.ones(len(tp)), f1], axis=1)
        return found

    return _summed_by_unit(values, 5 + p.n_classes, order, starts, np.float64)[:, :5]


def _summed_by_unit(values, width, order, starts, dtype) -> np.ndarray:
    """Sums over the samples of each unit of the block, a bounded number of samples at a time."""
    first, last = int(starts[0]), int(starts[-1])
    step = max(1, CELLS_PER_CHUNK // max(1, width))
    total = np.zeros((len(starts) - 1, width), dtype=dtype)
    unit_of = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    for start in range(first, last, step):
        stop = min(start + step, last)
        found = values(order[start:stop])
        here = unit_of[start - first : stop - first]
        begins = np.flatnonzero(np.diff(here, prepend=-1))
        if len(begins) == len(here):
            total[here, : found.shape[1]] += found
        else:
            total[here[begins], : found.shape[1]] += np.add.reduceat(found, begins, axis=0, dtype=dtype)
    return total
