"""The oracle for policies by class: every threshold, tried one by one, in exact fractions; slow and obvious."""

from fractions import Fraction

import numpy as np


def cuts_of(scores, labels):
    """[(threshold, tp, fp, fn)] of one class at +inf and every distinct known score, descending."""
    scores, positive = scores[labels >= 0].astype(np.float64), labels[labels >= 0] == 1
    return [
        (t, int((predicted & positive).sum()), int((predicted & ~positive).sum()), int((~predicted & positive).sum()))
        for t in sorted({*scores.tolist(), np.inf}, reverse=True)
        for predicted in [scores >= t]
    ]


def precision(tp, fp):
    """None where nothing is predicted."""
    return Fraction(tp, tp + fp) if tp + fp else None


def recall(tp, fn):
    return Fraction(tp, tp + fn) if tp + fn else None


def best(candidates):
    """(threshold, value): of (threshold, value) in descending thresholds the first of the highest value."""
    highest = max(value for _, value in candidates)
    return next((t, value) for t, value in candidates if value == highest)


def decimal(number) -> Fraction:
    """0.9 as nine tenths, not as the float next to it."""
    return Fraction(repr(float(number)))
