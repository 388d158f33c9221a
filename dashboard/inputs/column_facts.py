"""What one pass over the scores tells about each column: constant, equal to an earlier one, saturated.

Knows nothing of labels.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from dashboard.core import Predictions

CELLS_AT_ONCE = 8_000_000


@dataclass(frozen=True, eq=False)
class ColumnFacts:
    """Per class: is_constant, same_as (the first class with equal scores, -1 for none), saturated (share of cells)."""

    is_constant: np.ndarray
    same_as: np.ndarray
    saturated: np.ndarray


def column_facts(p: Predictions) -> ColumnFacts:
    """The facts of every column of scores; equal columns are found by a hash of their bytes (-0.0 counts as 0.0)."""
    is_constant = np.zeros(p.n_classes, dtype=bool)
    same_as = np.full(p.n_classes, -1)
    saturated = np.zeros(p.n_classes)
    first_with: dict[bytes, int] = {}
    width = max(1, CELLS_AT_ONCE // max(1, p.n_samples))
    for start in range(0, p.n_classes, width):
        columns = np.ascontiguousarray(p.scores[:, start : start + width].T) + p.scores.dtype.type(0)
        for c, column in enumerate(columns, start=start):
            first = first_with.setdefault(hashlib.blake2b(column.data, digest_size=16).digest(), c)
            same_as[c] = first if first != c else -1
        group = slice(start, start + width)
        is_constant[group] = (columns == columns[:, :1]).all(axis=1)
        saturated[group] = is_saturated(columns, p.score_kind).mean(axis=1)
    return ColumnFacts(is_constant, same_as, saturated)


def is_saturated(scores: np.ndarray, score_kind: str) -> np.ndarray:
    """Where a probability is exactly 0 or 1, or the float32 sigmoid of a logit, 1 / (1 + exp(-x)), is."""
    if score_kind == "logits":
        with np.errstate(over="ignore"):  # exp(89) is beyond float32: the sigmoid is 0 from there on
            scores = 1 / (1 + np.exp(-scores.astype(np.float32)))
    return (scores == 0) | (scores == 1)
