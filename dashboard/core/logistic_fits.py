"""Logistic curves through labels, by Newton's method: a temperature, or a slope with an intercept (Platt).

Takes logits and targets of known cells; knows nothing of classes or thresholds.
"""

from collections.abc import Callable

import numpy as np

from dashboard.core.scale import logit, sigmoid

LEAST, MOST = 1e-3, 1e3  # of 1 / temperature
MOST_STEPS = 100  # a handful is usual
THINNED_ABOVE = 40_000  # cells: from there a start from every few of them saves whole passes


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


def temperature_derivatives(logits, positive: bool, a: float) -> np.ndarray:
    """The first two derivatives in `a` of the summed log loss of sigmoid(a x) of cells that share one label."""
    p = sigmoid(a * logits)
    return np.array([np.sum(logits * (p - positive)), np.sum(logits * logits * p * (1 - p))])


def platt(positives, negatives) -> tuple[float, float]:
    """Slope and intercept of sigmoid(slope x + intercept), from the logits of known positives and known negatives.

    Targets are (P + 1) / (P + 2) and 1 / (N + 2) instead of 1 and 0 (Platt, 1999), so that the fit is finite. A slope
    below 0 would turn the ranking around: then it is 0 and the intercept the best one for that. Without a cell (1, 0).
    """
    x = np.concatenate([positives, negatives])
    if not len(x):
        return 1.0, 0.0
    target = np.full(len(x), 1 / (len(negatives) + 2))
    target[: len(positives)] = (len(positives) + 1) / (len(positives) + 2)
    slope, intercept = logistic_line(x, target)
    return (slope, intercept) if slope > 0 else (0.0, float(logit(target.mean())))


def logistic_line(x, target) -> tuple[float, float]:
    """Slope and intercept with the least log loss; targets lie in [0, 1]. Slope 0 where all x are equal."""
    level = float(logit(target.mean()))
    centre, spread = x.mean(), x.std()
    if not spread > 0:
        return 0.0, level
    slope, intercept = _line((x - centre) / spread, target, (0.0, level))
    return slope / spread, intercept - slope * centre / spread


def _line(x, target, start) -> tuple[float, float]:
    """The least log loss over lines through standardised x; steps are halved until the loss falls."""
    if len(x) > THINNED_ABOVE:
        every = len(x) // (THINNED_ABOVE // 4)
        start = _line(x[::every], target[::every], start)
    line, loss = np.array(start), _loss(x, target, start)
    for _ in range(MOST_STEPS):
        step = _newton_step(x, target, line)
        new_loss = _loss(x, target, line - step)
        while not new_loss <= loss and np.abs(step).max() > 1e-12:
            step = step / 2
            new_loss = _loss(x, target, line - step)
        if not new_loss <= loss:
            break
        line, loss = line - step, new_loss
        if np.abs(step).max() <= 1e-10 * (1 + np.abs(line).max()):
            break
    return float(line[0]), float(line[1])


def _newton_step(x, target, line) -> np.ndarray:
    p = sigmoid(line[0] * x + line[1])
    weight, missed = p * (1 - p), p - target
    slope = np.array([np.mean(missed * x), np.mean(missed)])
    mixed = np.mean(weight * x)
    curvature = np.array([[np.mean(weight * x * x), mixed], [mixed, np.mean(weight)]])
    return np.linalg.solve(curvature + 1e-12 * np.eye(2), slope)


def _loss(x, target, line) -> float:
    eta = line[0] * x + line[1]
    return float(np.mean(np.maximum(eta, 0) - target * eta + np.log1p(np.exp(-np.abs(eta)))))
