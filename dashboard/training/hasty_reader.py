"""A simulated person who reads the canvases in a hurry: 0/1 decisions made from the truth by a stated rule.

Knows nothing of models and scores.
"""

import numpy as np

from dashboard.training.digits import CLASS_NAMES, MAX_DIGITS, Canvases, generator

LOOK_ALIKE = (6, 7, 3, 8, 9, 3, 0, 1, 3, 4)  # zero is taken for six, one for seven, ...
MIX_UP = (6, 3, 4, 6, 8, 8, 10, 15, 25, 20)  # percent of the zeros, ones, ... so mistaken; twice that when shaky
THIN = 1  # a one is a single stroke, overlooked more than the others


def read_hastily(canvases: Canvases, part: str) -> np.ndarray:
    """Decisions (n_samples, 10) int8: each written digit is overlooked, or seen and perhaps taken for its look-alike.

    Overlooked, in percent: 3, plus half the percent of its box that other digits share, plus 10 when at most nine
    pixels high, plus 10 on a grainy background, plus 15 for a one. What is read more than once counts once.
    """
    draws = generator(f"hasty reader {part}").integers(100, size=(2, *canvases.digits.shape))
    written, digits = canvases.digits >= 0, np.maximum(canvases.digits, 0)
    seen = written & (draws[0] >= _overlooked(canvases))
    mix_up = np.array(MIX_UP)[digits] * np.where(canvases.writer == "shaky", 2, 1)[:, None]
    read = np.where(draws[1] < mix_up, np.array(LOOK_ALIKE)[digits], digits)
    decisions = np.zeros((len(read), len(CLASS_NAMES)), dtype=np.int8)
    for position in range(MAX_DIGITS):
        rows = np.flatnonzero(seen[:, position])
        decisions[rows, read[rows, position]] = 1
    return decisions


def _overlooked(canvases):
    grainy = (canvases.background == "grainy")[:, None]
    return (
        3
        + canvases.hidden.astype(np.int64) // 2
        + 10 * (canvases.heights <= 9)
        + 10 * grainy
        + 15 * (canvases.digits == THIN)
    )
