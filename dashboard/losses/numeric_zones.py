"""Which loaded cells floating point concerns, and what clipping their logits would change."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.numerics import DTYPES, EFFECTS, Effect, exact_bce, exact_gradient

ROWS = 2_000  # at a time


def zone_counts(
    cells: LoadedCells, points: Mapping[str, Mapping[str, float | None]]
) -> dict[str, dict[str, np.ndarray]]:
    """dtype -> name of an effect -> (2,) known negatives and positives whose logit, rounded to the dtype, lies at or
    beyond the breakdown point. points: dtype -> what `breakdown_points` found.
    """
    known = cells.targets >= 0
    is_positive = cells.targets >= 0.5
    logits = cells.logits[known & ~is_positive], cells.logits[is_positive]
    found = {}
    for name, at in points.items():
        rounded = [each.to(DTYPES[name]) for each in logits]
        found[name] = {effect.name: _n_beyond(effect, rounded, at[effect.name]) for effect in EFFECTS}
    return found


def _n_beyond(effect: Effect, logits, size) -> np.ndarray:
    counts = np.zeros(2, dtype=np.int64)
    for target, each in enumerate(logits):
        if size is not None and effect.target in (None, target):
            counts[target] = int((each >= size).sum() if effect.sign > 0 else (each <= -size).sum())
    return counts


def n_infinite(cells: LoadedCells) -> dict[str, int]:
    """dtype -> known cells whose logit, rounded to it, is infinite."""
    logits = cells.logits[cells.targets >= 0]
    return {name: int(torch.isinf(logits.to(dtype)).sum()) for name, dtype in DTYPES.items()}


@dataclass(frozen=True)
class BceTotals:
    """Sums over known cells: n of them, of exact BCE and of the size of its gradient."""

    n: int
    bce: float
    gradient: float

    @classmethod
    def of(cls, cells: LoadedCells) -> "BceTotals":
        n, bce, gradient = 0, 0.0, 0.0
        for logits, targets in zip(cells.logits.split(ROWS), cells.targets.split(ROWS), strict=True):
            known = targets >= 0
            y = targets.clamp(min=0)
            n += int(known.sum())
            bce += float(torch.where(known, exact_bce(logits, y), 0.0).sum())
            gradient += float(torch.where(known, exact_gradient(logits, y).abs(), 0.0).sum())
        return cls(n, bce, gradient)


@dataclass(frozen=True)
class Clipping:
    """What clipping logits to [-limit, limit] does to known cells.

    n_negatives, n_positives: cells that move. bce, gradient: the totals afterwards, of gradients those at the clipped
    logits. without_gradient: the sum, before, of what clipping inside the model (torch.clamp) takes from moved cells.
    n_equal: cells that afterwards equal one of their class that they differed from before, in n_classes_equal classes;
    n_classes_mixed: those of them in which positives and negatives become equal, so that their order is lost.
    """

    limit: float
    n_negatives: int
    n_positives: int
    bce: float
    gradient: float
    without_gradient: float
    n_equal: int
    n_classes_equal: int
    n_classes_mixed: int

    @property
    def n_moved(self) -> int:
        return self.n_negatives + self.n_positives

    @classmethod
    def of(cls, cells: LoadedCells, limit: float, before: BceTotals) -> "Clipping":
        """limit: above 0. before: the totals of the same cells."""
        far = torch.nonzero((cells.logits.abs() >= limit) & (cells.targets >= 0))
        x, y = (each[far[:, 0], far[:, 1]] for each in (cells.logits, cells.targets))
        moved = x.abs() > limit
        old, new = x[moved], x[moved].clamp(-limit, limit)
        targets = y[moved]
        lost = float(exact_gradient(old, targets).abs().sum())
        at_clipped = float(exact_gradient(new, targets).abs().sum())
        change = float((exact_bce(new, targets) - exact_bce(old, targets)).sum())
        positives = int((targets >= 0.5).sum())
        return cls(
            limit,
            int(moved.sum()) - positives,
            positives,
            before.bce + change if math.isfinite(before.bce) else _finite_total(cells, limit),
            before.gradient - lost + at_clipped,
            lost,
            *_equal(x, y >= 0.5, far[:, 1], cells.logits.shape[1]),
        )


def _finite_total(cells, limit) -> float:
    """Of clipped logits where the total before was infinite and no difference helps."""
    clipped = LoadedCells(
        cells.logits.clamp(-limit, limit), cells.targets, cells.counts, cells.rows, cells.eps, cells.n_clipped
    )
    return BceTotals.of(clipped).bce


def _equal(x, is_positive, classes, n_classes) -> tuple[int, int, int]:
    """Of the cells at or beyond the limit on either side of a class: how many become equal to different ones."""
    groups = 2 * classes + (x > 0)
    n = torch.bincount(groups, minlength=2 * n_classes)
    n_positive = torch.bincount(groups[is_positive], minlength=2 * n_classes)
    ends = torch.zeros(2 * n_classes, dtype=x.dtype)
    highest = ends.scatter_reduce(0, groups, x, "amax", include_self=False)
    lowest = ends.scatter_reduce(0, groups, x, "amin", include_self=False)
    differed = highest > lowest
    mixed = differed & (n_positive > 0) & (n_positive < n)
    by_class = differed.view(-1, 2).any(dim=1), mixed.view(-1, 2).any(dim=1)
    return int(n[differed].sum()), *(int(each.sum()) for each in by_class)
