"""The compiled pass of `weighted_ranking`: down one class, for several replicates at once.

Knows nothing of classes or runs: a cell has a unit and flags, a unit has a weight in each lane. Compiled at the first
use; the interpreter lock is free while it runs.
"""

from functools import cache

import numpy as np

from dashboard.core.retuning_kernels import IS_CUT, LANES, POSITIVE

AVERAGE_PRECISION, PRECISION, RECALL = range(3)  # rows of what the pass returns


@cache
def ranked():
    """The compiled `_ranked`."""
    from numba import njit  # loaded at the first use: importing core must stay fast

    return njit(cache=True, nogil=True)(_ranked)


def _ranked(units, flags, weights, tp_there, predicted_there):
    """Average precision, and the best of the curve at another point's recall and at its precision, in each lane.

    units, flags: of the cells, by descending score (`retuning`). weights: uint8 (n_units, LANES). tp_there,
    predicted_there: float64 (LANES,), the other point, on the same weights. Returns float64 (3, LANES): the average
    precision, the best precision where tp >= tp_there, the best recall where precision >= tp_there / predicted_there
    (0 where no cut has that much). NaN without positives, the last two also where tp_there is 0.
    """
    found = np.zeros((3, LANES))
    tp, predicted = np.zeros(LANES, np.int32), np.zeros(LANES, np.int32)
    counted = np.zeros(LANES, np.int32)  # tp at the last cut
    for i in range(len(units)):
        unit = units[i]
        for lane in range(LANES):
            predicted[lane] += weights[unit, lane]
        if flags[i] & POSITIVE:
            for lane in range(LANES):
                tp[lane] += weights[unit, lane]
        if flags[i] & IS_CUT:
            for lane in range(LANES):
                precision = tp[lane] / max(predicted[lane], 1)
                found[0, lane] += (tp[lane] - counted[lane]) * precision
                counted[lane] = tp[lane]
                high_recall = tp[lane] >= tp_there[lane]
                found[1, lane] = max(found[1, lane], precision) if high_recall else found[1, lane]
                precise = tp[lane] * predicted_there[lane] >= tp_there[lane] * predicted[lane]
                found[2, lane] = tp[lane] if precise else found[2, lane]
    for lane in range(LANES):
        found[0, lane] = found[0, lane] / tp[lane] if tp[lane] > 0 else np.nan
        found[2, lane] = found[2, lane] / tp[lane] if tp[lane] > 0 else np.nan
        if tp_there[lane] == 0:
            found[1, lane], found[2, lane] = np.nan, np.nan
    return found
