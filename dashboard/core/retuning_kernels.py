"""The compiled passes of `retuning`: down one class, or all cells pooled, for several replicates at once.

Knows nothing of classes or replicates: a cell has a unit and flags, a unit has a weight in each lane. Compiled at the
first use; the interpreter lock is free while a pass runs.
"""

from functools import cache

import numpy as np

LANES = 16  # replicates whose weights for a unit lie side by side
POSITIVE, IS_CUT, FORCED = 1, 2, 4  # flags of a cell; a cut that is forced is the first there can be


@cache
def best_ratio():
    """The compiled `_best_ratio`."""
    return _compiled(_best_ratio)


@cache
def best_difference():
    """The compiled `_best_difference`."""
    return _compiled(_best_difference)


@cache
def counted():
    """The compiled `_counted`."""
    return _compiled(_counted)


def _compiled(function):
    from numba import njit  # loaded at the first use: importing core must stay fast

    return njit(cache=True, nogil=True)(function)


def _best_ratio(units, flags, weights, beta_squared):
    """The first cut with the largest tp / (beta^2 positives + predicted) in each lane.

    units, flags: of the cells, by descending score. weights: uint8 (n_units, LANES). Returns int64 (5, LANES): the
    index of the last cell predicted positive (-1: none), tp and predicted there, positives and all cells.
    """
    found = np.zeros((5, LANES), dtype=np.int64)
    positives, tp, predicted = np.zeros(LANES), np.zeros(LANES, np.int32), np.zeros(LANES, np.int32)
    best_tp, best_size, at = np.zeros(LANES), np.ones(LANES), np.full(LANES, -1, np.int32)
    for i in range(len(units)):
        if flags[i] & POSITIVE:
            for lane in range(LANES):
                positives[lane] += weights[units[i], lane]
    for i in range(len(units)):
        unit = units[i]
        for lane in range(LANES):
            predicted[lane] += weights[unit, lane]
        if flags[i] & POSITIVE:
            for lane in range(LANES):
                tp[lane] += weights[unit, lane]
        if flags[i] & IS_CUT:
            forced = flags[i] & FORCED != 0
            for lane in range(LANES):
                size = beta_squared * positives[lane] + predicted[lane]
                better = forced or tp[lane] * best_size[lane] > best_tp[lane] * size
                best_tp[lane] = tp[lane] if better else best_tp[lane]
                best_size[lane] = size if better else best_size[lane]
                at[lane] = i if better else at[lane]
                found[2, lane] = predicted[lane] if better else found[2, lane]
    for lane in range(LANES):
        found[0, lane], found[1, lane] = at[lane], best_tp[lane]
        found[3, lane], found[4, lane] = positives[lane], predicted[lane]
    return found


def _best_difference(units, flags, weights, gain, price):
    """The first cut with the largest gain * tp - price * predicted in each lane; price: (LANES,). Else as above."""
    found = np.zeros((5, LANES), dtype=np.int64)
    tp, predicted = np.zeros(LANES, np.int32), np.zeros(LANES, np.int32)
    best, at = np.zeros(LANES), np.full(LANES, -1, np.int32)
    for i in range(len(units)):
        unit = units[i]
        for lane in range(LANES):
            predicted[lane] += weights[unit, lane]
        if flags[i] & POSITIVE:
            for lane in range(LANES):
                tp[lane] += weights[unit, lane]
        if flags[i] & IS_CUT:
            forced = flags[i] & FORCED != 0
            for lane in range(LANES):
                value = gain * tp[lane] - price[lane] * predicted[lane]
                better = forced or value > best[lane]
                best[lane] = value if better else best[lane]
                at[lane] = i if better else at[lane]
                found[1, lane] = tp[lane] if better else found[1, lane]
                found[2, lane] = predicted[lane] if better else found[2, lane]
    for lane in range(LANES):
        found[0, lane], found[3, lane], found[4, lane] = at[lane], tp[lane], predicted[lane]
    return found


def _counted(units, flags, weights, last):
    """Counts where the cells up to index last[lane] are predicted positive; returned as above."""
    found = np.zeros((5, LANES), dtype=np.int64)
    for i in range(len(units)):
        for lane in range(LANES):
            weight = weights[units[i], lane]
            positive = weight * (flags[i] & POSITIVE)
            inside = i <= last[lane]
            found[1, lane] += positive if inside else 0
            found[2, lane] += weight if inside else 0
            found[3, lane] += positive
            found[4, lane] += weight
    for lane in range(LANES):
        found[0, lane] = last[lane]
    return found
