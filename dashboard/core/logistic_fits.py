"""Logistic curves through labels, by Newton's method: a temperature, or a slope with an intercept (Platt).

Takes logits of known cells; knows nothing of classes or thresholds. Sums are np.sum of products, not `@`: the matrix
library splits long vectors over threads of its own, which wait for each other where cores are busy (measured: 80 times
slower).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.core.scale import logit, sigmoid

LEAST, MOST = 1e-3, 1e3  # of 1 / temperature
MOST_STEPS = 100  # a handful is usual
MOST_POINTS = 20_000  # of one label in a fit


def inverse_temperature(derivatives: Callable[[float], tuple[float, float]]) -> float:
    """1 / T, between LEAST and MOST, where the log loss of sigmoid(x / T) is least; 1 where it depends on no T.

    derivatives(a): the first two of the log loss in a = 1 / T, which is convex in a. Newton's step where it stays
    inside the bracket, else its geometric middle.
    """
    low, high, a = LEAST, MOST, 1.0
    for _ in range(MOST_STEPS):
        slope, curvature = derivatives(a)
        if slope == 0:
            break
        low, high = (low, a) if slope > 0 else (a, high)
        step = a - slope / curvature if curvature > 0 else -1.0
        new = step if low < step < high else float(np.sqrt(low * high))
        if abs(new - a) <= 1e-12 * a:
            break
        a = new
    return a


@dataclass(frozen=True, eq=False)
class Cells:
    """Logits of cells that share one label, each standing for `weight` cells."""

    logits: np.ndarray
    weight: np.ndarray

    @classmethod
    def of(cls, logits, most: int = MOST_POINTS) -> "Cells":
        """From ascending logits. Of more than `most`, neighbours are taken together at their mean: the fits then differ
        by far less than their standard error (in the sixth digit).
        """
        if len(logits) <= most:
            return cls(logits, np.ones(len(logits)))
        starts = np.linspace(0, len(logits), most, endpoint=False).astype(np.int64)
        size = np.diff(starts, append=len(logits))
        return cls(np.add.reduceat(logits, starts) / size, size.astype(np.float64))

    @property
    def n(self) -> float:
        return float(self.weight.sum())


def temperature_derivatives(cells: Cells, positive: bool, a: float) -> np.ndarray:
    """The first two derivatives in `a` of the summed log loss of sigmoid(a x) of cells that share one label."""
    p = sigmoid(a * cells.logits)
    slope = cells.weight * cells.logits * (p - positive)
    return np.array([np.sum(slope), np.sum(cells.weight * cells.logits**2 * p * (1 - p))])


def platt(positives: Cells, negatives: Cells) -> tuple[float, float]:
    """Slope and intercept of sigmoid(slope x + intercept), from known positives and known negatives.

    Targets are (P + 1) / (P + 2) and 1 / (N + 2) instead of 1 and 0 (Platt, 1999), so that the fit is finite. A slope
    below 0 would turn the ranking around: then it is 0 and the intercept the best one for that. Without a cell (1, 0).
    """
    x, weight = (np.concatenate([getattr(positives, name), getattr(negatives, name)]) for name in ("logits", "weight"))
    if not len(x):
        return 1.0, 0.0
    target = np.full(len(x), 1 / (negatives.n + 2))
    target[: len(positives.logits)] = (positives.n + 1) / (positives.n + 2)
    slope, intercept = logistic_line(x, target, weight)
    return (slope, intercept) if slope > 0 else (0.0, float(logit(np.average(target, weights=weight))))


def logistic_line(x, target, weight=None) -> tuple[float, float]:
    """Slope and intercept with the least weighted log loss; targets lie in [0, 1]. Slope 0 where all x are equal."""
    weight = np.full(len(x), 1 / len(x)) if weight is None else weight / weight.sum()
    level, centre = float(logit(np.sum(weight * target))), np.sum(weight * x)
    spread = float(np.sqrt(np.sum(weight * (x - centre) ** 2)))
    if not spread > 1e-12 * (1 + abs(centre)):
        return 0.0, level
    slope, intercept = _line((x - centre) / spread, target, weight, level)
    return slope / spread, intercept - slope * centre / spread


def _line(x, target, weight, level) -> tuple[float, float]:
    """The least log loss over lines through standardised x, from slope 0; steps are halved until the loss falls."""
    line = np.array([0.0, level])
    loss = _loss(x, target, weight, line)
    for _ in range(MOST_STEPS):
        step = _newton_step(x, target, weight, line)
        new_loss = _loss(x, target, weight, line - step)
        while not new_loss <= loss and np.abs(step).max() > 1e-12:
            step = step / 2
            new_loss = _loss(x, target, weight, line - step)
        if not new_loss <= loss:
            break
        line, loss = line - step, new_loss
        if np.abs(step).max() <= 1e-10 * (1 + np.abs(line).max()):
            break
    return float(line[0]), float(line[1])


def _newton_step(x, target, weight, line) -> np.ndarray:
    p = sigmoid(line[0] * x + line[1])
    missed, bend = weight * (p - target), weight * p * (1 - p)
    bend_x = bend * x
    mixed = np.sum(bend_x)
    curvature = np.array([[np.sum(bend_x * x), mixed], [mixed, np.sum(bend)]])
    return np.linalg.solve(curvature + 1e-12 * np.eye(2), np.array([np.sum(missed * x), np.sum(missed)]))


def _loss(x, target, weight, line) -> float:
    eta = line[0] * x + line[1]
    return float(np.sum(weight * (np.maximum(eta, 0) - target * eta + np.log1p(np.exp(-np.abs(eta))))))
