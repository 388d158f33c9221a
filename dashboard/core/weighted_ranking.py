"""Average precision and the best of a curve at another point's recall and precision, in every bootstrap replicate.

Each class is sorted once; a replicate is a weight per unit. The weights are those that `unit_sums` draws from the same
seed, so that counts and curves are of the same replicates. Knows nothing of thresholds or of what is compared.
"""

from collections.abc import Callable, Sequence

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.predictions import Predictions
from dashboard.core.retuning import descending_column
from dashboard.core.retuning_kernels import LANES
from dashboard.core.threads import available_cores, run_each
from dashboard.core.unit_weights import MULTINOMIAL, weight_blocks
from dashboard.core.weighted_ranking_kernels import ranked

SMALL = 20_000_000  # cells times replicates; below that threads cost more than they save
CLASSES_AT_ONCE = 16  # more of them sorted at once would hold more memory
MOST_WORK, FEWEST = 4_000_000_000, 200  # cells times replicates, and the replicates that are drawn all the same


def affordable_replicates(n_cells: int, n_replicates: int) -> int:
    """As many as asked for, on large data fewer: an interval of many samples is narrow and needs few."""
    return min(n_replicates, max(FEWEST, MOST_WORK // max(1, n_cells)))


def lane_weights(n_units: int, n_replicates: int, seed: int) -> np.ndarray:
    """uint8 (n_blocks, n_units, LANES): lane 0 of block 0 is the data itself, the next are the replicates, then 0."""
    n_blocks = -(-(1 + n_replicates) // LANES)
    weights = np.empty((n_blocks, n_units, LANES), dtype=np.uint8)
    for block, drawn in weight_blocks(n_units, n_replicates, seed, MULTINOMIAL):
        padded = np.zeros((n_blocks * LANES, drawn.shape[1]), dtype=np.uint8)
        padded[0] = 1
        padded[1 : 1 + n_replicates] = np.minimum(drawn, 255)
        weights[:, block] = padded.reshape(n_blocks, LANES, -1).swapaxes(1, 2)
    return weights


def weighted_ranking(
    runs: Sequence[Predictions],
    units,
    there: Counts,
    weights,
    progress: Callable[[float], None] | None = None,
) -> np.ndarray:
    """float64 (n_runs, 3, n_rows, n_classes): see `weighted_ranking_kernels`; row 0 is the data, then the replicates.

    runs: on the same samples, classes and labels. units: codes from 0 without a gap. there: counts of the other point,
    (n_rows, n_classes), on the same weights.
    """
    n_rows, n_classes = there.tp.shape
    units = np.asarray(units, dtype=np.int32)
    n_threads = available_cores() if units.size * n_classes * n_rows > SMALL else 1
    found = np.empty((len(runs), 3, n_rows, n_classes))

    for first in range(0, n_classes, CLASSES_AT_ONCE):
        classes = slice(first, min(first + CLASSES_AT_ONCE, n_classes))
        passes = _Passes(runs, units, classes, n_threads)
        at = (_lanes_of(each[:, classes], len(weights)) for each in (there.tp, there.tp + there.fp))
        blocks = run_each(lambda block, used=passes: used(*block), zip(weights, *at, strict=True), n_threads)
        found[..., classes] = np.concatenate(blocks, axis=-2)[:, :, :n_rows]
        if progress is not None:
            progress(classes.stop / n_classes)
    return found


class _Passes:
    """Down some classes of each run with a block of weights, which stays in the cache the while."""

    def __init__(self, runs, units, classes, n_threads):
        cells = [(p, c) for p in runs for c in range(classes.start, classes.stop)]
        self.n_runs = len(runs)
        self.columns = run_each(lambda of: _column(*of, units), cells, n_threads)

    def __call__(self, weights, tp_there, predicted_there) -> np.ndarray:
        """(n_runs, 3, LANES, n_classes); tp_there, predicted_there: (n_classes, LANES)."""
        n_classes = len(tp_there)
        found = [
            ranked()(*column, weights, tp_there[i % n_classes], predicted_there[i % n_classes])
            for i, column in enumerate(self.columns)
        ]
        return np.moveaxis(np.reshape(found, (self.n_runs, n_classes, 3, LANES)), 1, -1)


def _column(p, c, units):
    column = descending_column(p.scores[:, c], p.labels[:, c], units)
    return column.units, column.flags


def _lanes_of(rows, n_blocks) -> np.ndarray:
    """float64 (n_blocks, n_classes, LANES) of (n_rows, n_classes), filled up with 0."""
    padded = np.zeros((n_blocks * LANES, rows.shape[1]))
    padded[: len(rows)] = rows
    return padded.reshape(n_blocks, LANES, -1).swapaxes(1, 2).copy()
