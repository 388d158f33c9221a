"""The oracle for one threshold over all classes: one merged list of all jumps, in exact fractions, slow and obvious.

Every averaged metric is a weighted mean over units (everything, a class, a sample), each a step function of the
threshold with jumps at its own scores.
"""

from fractions import Fraction

import numpy as np

RATIOS = {
    "precision": lambda tp, fp, fn: (tp, tp + fp),
    "recall": lambda tp, fp, fn: (tp, tp + fn),
    "f1": lambda tp, fp, fn: (2 * tp, 2 * tp + fp + fn),
    "f2": lambda tp, fp, fn: (5 * tp, 5 * tp + fp + 4 * fn),
    "jaccard": lambda tp, fp, fn: (tp, tp + fp + fn),
}


def units(scores, labels, average):
    """A list of units, each a list of known (score, label)."""
    if average == "micro":
        return [_known(scores.ravel(), labels.ravel())]
    if average == "samples":
        return [row for row in map(_known, scores, labels) if row]
    return [_known(*column) for column in zip(scores.T, labels.T, strict=True)]


def _known(scores, labels):
    return [(float(s), int(y)) for s, y in zip(scores, labels, strict=True) if y >= 0]


def sweep(scores, labels, metric, average, zero_division=0.0):
    """[(threshold, value)], descending from +inf over the distinct known scores; None where undefined."""
    found = units(scores, labels, average)
    support = [sum(y for _, y in unit) for unit in found]
    jumps = []
    for unit, weight in zip(found, support, strict=True):
        previous = (Fraction(0),) * 4
        for threshold in sorted({s for s, _ in unit} | {np.inf}, reverse=True):
            now = _contribution(unit, threshold, metric, weight, zero_division)
            jumps.append((threshold, [a - b for a, b in zip(now, previous, strict=True)]))
            previous = now
    return _accumulated(jumps, average)


def _contribution(unit, threshold, metric, weight, zero_division):
    tp = sum(y == 1 and s >= threshold for s, y in unit)
    fp = sum(y == 0 and s >= threshold for s, y in unit)
    numerator, denominator = RATIOS[metric](tp, fp, sum(y for _, y in unit) - tp)
    if denominator == 0 and np.isnan(zero_division):
        return Fraction(0), Fraction(0), Fraction(0), Fraction(0)
    value = Fraction(numerator, denominator) if denominator else Fraction(zero_division)
    return value, Fraction(1), value * weight, Fraction(weight)


def _accumulated(jumps, average):
    jumps = sorted(jumps, key=lambda jump: -jump[0])
    curve, totals = [], [Fraction(0)] * 4
    for position, (threshold, change) in enumerate(jumps):
        totals = [a + b for a, b in zip(totals, change, strict=True)]
        if position + 1 == len(jumps) or jumps[position + 1][0] != threshold:
            value, n_defined, weighted, weights = totals
            use_weights = average == "weighted" and weights
            value, weight = (weighted, weights) if use_weights else (value, n_defined)
            curve.append((threshold, value / weight if weight else None))
    return curve


def cell_errors(scores, labels):
    """[(threshold, Hamming loss)] as `sweep`."""
    (cells,) = units(scores, labels, "micro")
    return [
        (t, Fraction(sum((s >= t) != (y == 1) for s, y in cells), len(cells)) if cells else None)
        for t in thresholds(scores, labels)
    ]


def exact_matches(scores, labels):
    """[(threshold, subset accuracy)] as `sweep`."""
    rows = units(scores, labels, "samples")
    return [
        (t, Fraction(sum(all((s >= t) == (y == 1) for s, y in row) for row in rows), len(rows)) if rows else None)
        for t in thresholds(scores, labels)
    ]


def thresholds(scores, labels):
    return sorted({float(s) for s in scores[labels >= 0]} | {np.inf}, reverse=True)


def optimum(curve, sign=1, tolerance=Fraction(1, 10**13)):
    """(threshold, value): the highest threshold whose value is the best defined one; None for the value without any."""
    defined = [sign * value for _, value in curve if value is not None]
    if not defined:
        return np.inf, None
    best = max(defined)
    return next((t, value) for t, value in curve if value is not None and sign * value >= best - tolerance)
