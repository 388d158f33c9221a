"""A 95 % interval of the ROC AUC from its value and the numbers of positives and negatives alone.

Hanley and McNeil (Radiology 143, 1982) give the standard error at an area A of P positives and N negatives:
SE(A)^2 = (A(1-A) + (P-1)(Q1-A^2) + (N-1)(Q2-A^2)) / (PN), Q1 = A/(2-A), Q2 = 2A^2/(1+A). The interval holds every A
with |A - area| <= 1.96 SE(A) (the score method, Newcombe, Statistics in Medicine 25, 2006): unlike area ± 1.96 SE it
does not shrink to a point at an area of 0 or 1. At A = .5 it is the Mann-Whitney test without ties.
"""

import numpy as np

Z = 1.959963984540054  # the 97.5 % point of the normal distribution


def roc_auc_interval(areas, positives, negatives) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper ends, each (n_classes,); NaN where the area is."""
    areas, positives, negatives = np.broadcast_arrays(areas, positives, negatives)
    known = ~np.isnan(areas)
    low, high = np.full(areas.shape, np.nan), np.full(areas.shape, np.nan)
    low[known] = _end(areas[known], np.zeros(known.sum()), positives[known], negatives[known])
    high[known] = _end(areas[known], np.ones(known.sum()), positives[known], negatives[known])
    return low, high


def _end(areas, limit, positives, negatives):
    """The A farthest from the area towards the limit that the data do not contradict, by bisection."""
    inside, outside = areas.astype(np.float64), limit
    is_open = np.abs(limit - areas) <= Z * _standard_error(limit, positives, negatives)
    for _ in range(60):
        middle = (inside + outside) / 2
        fits = np.abs(middle - areas) <= Z * _standard_error(middle, positives, negatives)
        inside, outside = np.where(fits, middle, inside), np.where(fits, outside, middle)
    return np.where(is_open, limit, inside)


def _standard_error(area, positives, negatives):
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    squares = area * (1 - area) + (positives - 1) * (q1 - area**2) + (negatives - 1) * (q2 - area**2)
    return np.sqrt(np.maximum(squares, 0) / (positives * negatives))
