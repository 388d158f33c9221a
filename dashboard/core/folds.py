"""Folds over units in which every class has about its share of positives. Knows nothing of scores or thresholds.

Iterative stratification (Sechidis, Tsoumakas and Vlahavas, ECML 2011) on units: the rarest class first. A unit goes to
the fold that is least full, summed over the unit's positive cells as shares of their classes; that balances common
classes and units of many samples better than looking at the rarest class alone, as the paper does.
"""

from functools import cache

import numpy as np

from dashboard.core.predictions import Predictions
from dashboard.core.units import compact_units

ROWS_PER_BLOCK = 65_536


def stratified_folds(p: Predictions, units, n_folds: int = 5, seed: int = 0) -> np.ndarray:
    """The fold of each sample, int8 (n_samples,), from 0; all samples of a unit are in one fold.

    With fewer units than folds there is a fold per unit: `folds.max() + 1` says how many there are. Within a class
    units with many positives are placed first, equal ones in an order drawn with `seed`.
    """
    if not 1 <= n_folds <= 127:
        raise ValueError(f"n_folds must lie from 1 to 127, got {n_folds}")
    units = compact_units(units, p.n_samples)
    rows, classes = _positive_cells(p)
    sizes = np.bincount(units)
    weights = np.bincount(units[rows], minlength=len(sizes))
    shuffled = np.random.default_rng(seed).permutation(len(sizes))
    order = shuffled[np.lexsort((-sizes[shuffled], -weights[shuffled]))]
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[order] = np.arange(len(sizes))
    by_unit = np.argsort(rank[units[rows]], kind="stable")
    unit_of, class_of = rank[units[rows]][by_unit], classes[by_unit]
    by_class = np.argsort(class_of, kind="stable")
    fold_of_rank = _kernel()(
        np.searchsorted(unit_of, np.arange(len(sizes) + 1)),
        class_of,
        np.searchsorted(class_of[by_class], np.arange(p.n_classes + 1)),
        unit_of[by_class],
        sizes[order],
        max(1, min(n_folds, len(sizes))),
    )
    return fold_of_rank[rank[units]]


def _positive_cells(p: Predictions) -> tuple[np.ndarray, np.ndarray]:
    """The sample and class of every known positive."""
    rows, classes = [np.empty(0, np.int64)], [np.empty(0, np.int32)]
    for start in range(0, p.n_samples, ROWS_PER_BLOCK):
        found, columns = np.nonzero(p.labels[start : start + ROWS_PER_BLOCK] == 1)
        rows.append(found + start)
        classes.append(columns.astype(np.int32))
    return np.concatenate(rows), np.concatenate(classes)


@cache
def _kernel():
    from numba import njit  # loaded at the first use: importing core must stay fast

    return njit(cache=True, nogil=True)(_place)


def _place(unit_starts, unit_classes, class_starts, class_units, sizes, n_folds):
    """The fold of each unit, int8.

    unit_classes[unit_starts[u] : unit_starts[u + 1]] are the classes of the positive cells of unit u, and
    class_units[class_starts[c] : class_starts[c + 1]] the units of those of class c; a unit may come more than once.
    """
    n_classes = len(class_starts) - 1
    waiting = class_starts[1:] - class_starts[:-1]
    share = 1.0 / np.maximum(waiting, 1)  # of a class's positives in one cell
    filled = np.zeros((n_classes, n_folds))
    samples, n_samples = np.zeros(n_folds), sizes.sum()
    folds = np.full(len(sizes), -1, dtype=np.int8)
    for _ in range(n_classes):
        rarest = -1
        for c in range(n_classes):
            if waiting[c] > 0 and (rarest < 0 or waiting[c] < waiting[rarest]):
                rarest = c
        if rarest < 0:
            break
        for unit in class_units[class_starts[rarest] : class_starts[rarest + 1]]:
            if folds[unit] >= 0:
                continue
            cells = unit_classes[unit_starts[unit] : unit_starts[unit + 1]]
            full = samples / n_samples
            for c in cells:
                full += filled[c]
            chosen = np.argmin(full)
            folds[unit] = chosen
            samples[chosen] += sizes[unit]
            for c in cells:
                filled[c, chosen] += share[c]
                waiting[c] -= 1
    for unit in range(len(sizes)):
        if folds[unit] < 0:
            chosen = np.argmin(samples)
            folds[unit] = chosen
            samples[chosen] += sizes[unit]
    return folds
