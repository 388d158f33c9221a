"""Thresholds chosen anew in every bootstrap replicate: what tuning finds by chance, and how thresholds scatter.

Each class is sorted once; a replicate is a weight per unit, and a pass down the class sums the weights of 16 replicates
at once. Knows nothing of screens or of any other policy than those named in `OBJECTIVES`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.core import retuning_kernels as kernels
from dashboard.core.counts import Counts
from dashboard.core.predictions import Predictions
from dashboard.core.retuning_kernels import FORCED, IS_CUT, LANES, POSITIVE
from dashboard.core.threads import available_cores, run_each
from dashboard.core.unit_weights import MULTINOMIAL, weight_blocks
from dashboard.core.units import compact_units, n_units

SMALL = 20_000_000  # cells times replicates; below that threads cost more than they save
PER_CLASS, JOINT, GLOBAL = "per class", "micro, one threshold per class", "micro, one threshold for all"
OBJECTIVES = (PER_CLASS, JOINT, GLOBAL)


@dataclass(frozen=True, eq=False)
class Retuned:
    """The thresholds that are best in each replicate, and what they do there and on the data.

    kept: (n_replicates, n_classes) in the dtype of the scores, the lowest score predicted positive; +inf for none.
    in_replicate, on_data: Counts of (n_replicates, n_classes): of the weighted samples of the replicate it was tuned
    on, and of the data itself at the same thresholds. The difference of a metric is what tuning found by chance.
    """

    kept: np.ndarray
    in_replicate: Counts
    on_data: Counts


@dataclass(frozen=True, eq=False)
class _Column:
    """Known cells in descending order of score: unit, flags and score of each.

    A cut is worth looking at where a group of tied scores ends that holds a positive.
    """

    units: np.ndarray
    flags: np.ndarray
    scores: np.ndarray


def retune(
    p: Predictions,
    units,
    objective: str = PER_CLASS,
    beta: float = 1.0,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Retuned:
    """Exact best F-beta in each of `n_replicates` resamples of units; the highest of equally good thresholds.

    objective: PER_CLASS each class for itself, JOINT micro-F-beta with a threshold per class, GLOBAL with one for all.
    """
    if objective not in OBJECTIVES:
        raise ValueError(f"objective must be one of {OBJECTIVES}, got {objective!r}")
    if n_replicates < 1:
        raise ValueError(f"n_replicates must be at least 1, got {n_replicates}")
    units = compact_units(units, p.n_samples).astype(np.int32)
    n_threads = available_cores() if p.labels.size * n_replicates > SMALL else 1
    columns = run_each(
        lambda c: descending_column(p.scores[:, c], p.labels[:, c], units), range(p.n_classes), n_threads
    )
    tune = _Tuner(columns, n_units(units), objective, beta * beta)
    starts = range(0, n_replicates, LANES)

    def block(start):
        return tune(_lanes(n_units(units), min(LANES, n_replicates - start), (seed, start)))

    found = []
    for first in range(0, len(starts), 2 * n_threads):
        found += run_each(block, starts[first : first + 2 * n_threads], n_threads)
        if progress is not None:
            progress(min(1.0, (first + 2 * n_threads) / len(starts)))
    return _retuned(p, columns, np.concatenate(found, axis=2)[:, :, :n_replicates])


class _Tuner:
    """Best cuts for a block of weights: int64 (n_classes, 5, LANES), as the kernels return them for a class."""

    def __init__(self, columns, n_units, objective, beta_squared):
        self.columns, self.beta_squared = columns, beta_squared
        self.tune = {PER_CLASS: self._per_class, JOINT: self._joint, GLOBAL: self._global}[objective]
        self.pooled = _pooled(columns) if objective == GLOBAL else None
        self.price = np.zeros(LANES)
        if objective == JOINT:
            self.price = self._value(self._joint(np.ones((n_units, LANES), dtype=np.uint8)))

    def __call__(self, weights):
        return self.tune(weights)

    def _per_class(self, weights):
        return self._each(kernels.best_ratio(), weights, self.beta_squared)

    def _joint(self, weights):
        """Dinkelbach: the value of the cuts found rises to the optimum; starting at the data's takes few passes."""
        price = self.price
        while True:
            found = self._each(kernels.best_difference(), weights, 1 + self.beta_squared, price)
            value = self._value(found)
            if (np.abs(value - price) <= 1e-12 * price).all():
                return found
            price = value

    def _value(self, found):
        _, tp, predicted, positives, _ = found.sum(axis=0)
        return (1 + self.beta_squared) * tp / np.maximum(self.beta_squared * positives + predicted, 1)

    def _global(self, weights):
        """The best cut of all cells pooled, then the cells of each class at or above its score."""
        at = kernels.best_ratio()(self.pooled.units, self.pooled.flags, weights, self.beta_squared)[0]
        kept = _kept(self.pooled, at)
        last = [len(c.scores) - 1 - np.searchsorted(c.scores[::-1], kept) for c in self.columns]
        count = kernels.counted()
        return np.stack([count(c.units, c.flags, weights, at) for c, at in zip(self.columns, last, strict=True)])

    def _each(self, kernel, weights, *arguments):
        return np.stack([kernel(c.units, c.flags, weights, *arguments) for c in self.columns])


def _retuned(p, columns, found) -> Retuned:
    """From int64 (n_classes, 5, n_replicates)."""
    cuts, tp, predicted, positives, known = np.moveaxis(found, 0, -1)
    kept = np.stack([_kept(column, at) for column, at in zip(columns, cuts.T, strict=True)], axis=1)
    tp_on_data = np.stack([_tp_at(column, at) for column, at in zip(columns, cuts.T, strict=True)], axis=1)
    in_replicate = _counts(tp, predicted, positives, known)
    return Retuned(kept, in_replicate, _counts(tp_on_data, cuts + 1, p.support[None, :], p.n_known[None, :]))


def _kept(column, at):
    """The score of the last cell predicted positive; +inf where there is none."""
    return np.append(column.scores, column.scores.dtype.type(np.inf))[at]


def _tp_at(column, at):
    return np.append(np.cumsum(column.flags & POSITIVE, dtype=np.int64), 0)[at]


def _counts(tp, predicted, positives, known) -> Counts:
    fp = predicted - tp
    return Counts(tp, fp, positives - tp, known - positives - fp)


def _lanes(n_units, n_replicates, seed) -> np.ndarray:
    """uint8 (n_units, LANES); lanes beyond `n_replicates` stay 0."""
    weights = np.zeros((n_units, LANES), dtype=np.uint8)
    for block, drawn in weight_blocks(n_units, n_replicates, seed, MULTINOMIAL):
        weights[block, :n_replicates] = np.minimum(drawn, 255).T
    return weights


def descending_column(scores, labels, units) -> _Column:
    """The known cells of one class; scores, labels and units are (n_samples,)."""
    known = np.flatnonzero(labels >= 0)
    order = known[np.argsort(-scores[known], kind="stable")]
    return _Column(units[order], _flags(scores[order], labels[order] == 1), scores[order])


def _flags(scores, positive) -> np.ndarray:
    """uint8: POSITIVE, and IS_CUT where a tie ends that holds a positive, FORCED too where one of +inf does."""
    if not len(scores):
        return np.empty(0, dtype=np.uint8)
    last = np.append(scores[1:] != scores[:-1], True)
    ends = np.flatnonzero(last)
    found = np.diff(np.cumsum(positive)[ends], prepend=0) > 0
    flags = positive.astype(np.uint8) * POSITIVE
    flags[ends[found]] |= IS_CUT
    if np.isposinf(scores[0]):
        flags[ends[0]] |= IS_CUT | FORCED
    return flags


def _pooled(columns) -> _Column:
    """All classes as one."""
    scores = np.concatenate([column.scores for column in columns])
    positive = np.concatenate([column.flags for column in columns]) & POSITIVE
    order = np.argsort(-scores, kind="stable")
    units = np.concatenate([column.units for column in columns])
    return _Column(units[order], _flags(scores[order], positive[order] > 0), scores[order])
