"""Extra columns of the samples as text: groups (also of binned numbers), units, texts and addresses.

Knows nothing of scores or files; a missing group is a group of its own, a missing unit a unit of its own.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.labels import value_text
from dashboard.inputs.names import printable
from dashboard.inputs.parts import column_values

MISSING = "(missing)"
MOST_ROUND_BINS = 8


def read_column(values: np.ndarray, role: str, bins: str, *, name: str) -> np.ndarray:
    """One extra column as text, (n_samples,); for groups of numbers `bins` is one of mapping.BINS."""
    if values.ndim != 1:
        raise InputError(
            f"The column {name!r} must have one value per sample, found shape {values.shape}: leave it out."
        )
    if role == "group":
        return binned(values, bins, name=name) if bins != "values" else _as_text(values, MISSING)
    if role != "unit":
        return _as_text(values, "")
    units = _as_text(values, "")
    missing = np.flatnonzero(units == "")
    units[missing] = [f"{MISSING} row {row + 1}" for row in missing]
    return units


def binned(values: np.ndarray, bins: str, *, name: str) -> np.ndarray:
    """Numbers as named intervals that hold their lower end, "20 to <40"; missing is a group of its own."""
    numbers = _numbers(values, name)
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        return np.full(len(numbers), MISSING, dtype=object)
    edges = _quantile_edges(finite) if bins == "quantile" else _round_edges(finite)
    at = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, max(0, len(edges) - 2))
    names = np.array(_interval_names(edges, finite.max()), dtype=object)
    return np.where(np.isnan(numbers), MISSING, names[at])


def ordered_groups(groups: Iterable[str]) -> list[str]:
    """The distinct groups as a person counts ("2" before "10", "20 to <40" before "100 to 120"), "(missing)" last."""
    return sorted(set(groups), key=lambda group: (group == MISSING, _natural(group)))


def _natural(text):
    pieces = re.split(r"(-?\d+(?:\.\d+)?)", text)
    return [(0, float(piece), "") if i % 2 else (1, 0.0, piece) for i, piece in enumerate(pieces) if piece]


def _as_text(values, missing):
    """Values as text: 3, 3.0 and "3" alike; dates as pandas writes them."""
    if values.dtype == object:
        values = np.array([str(v) if isinstance(v, (list, np.ndarray)) else v for v in values], dtype=object)
    codes, distinct = pd.factorize(column_values(pd.Series(values)), use_na_sentinel=False)
    texts = [missing if pd.isna(value) else _text(value) or missing for value in distinct]
    return np.array(texts, dtype=object)[codes]


def _text(value):
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, float, np.number)):
        return value_text(value)
    return printable(value) if len(str(value)) <= 80 else str(value)


def _numbers(values, name):
    column = pd.Series(values)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64)
    wrong = np.isnan(numbers) & ~column.isna().to_numpy()
    if wrong.any():
        row = int(wrong.argmax())
        raise InputError(
            f"The column {name!r} must hold numbers to be binned, found {str(column[row])[:60]!r} in row {row + 1}: "
            "let each value be a group instead."
        )
    return numbers


def _quantile_edges(finite):
    return np.unique(np.quantile(finite, (0, 0.25, 0.5, 0.75, 1), method="inverted_cdf"))


def _round_edges(finite):
    """Round numbers (1, 2, 2.5 or 5 times a power of ten apart) around all values, at most eight intervals."""
    low, high = float(finite.min()), float(finite.max())
    width = high - low
    power = 10.0 ** np.floor(np.log10(width) - 1) if 0 < width < np.inf else 0.0
    if power == 0:  # equal values, or a width beyond what floats can divide
        return np.unique([low, high])
    steps = power * np.array([1, 2, 2.5, 5, 10, 20, 25, 50, 100])
    step = next(step for step in steps if np.floor(high / step) - np.floor(low / step) < MOST_ROUND_BINS)
    edges = np.arange(np.floor(low / step), np.floor(high / step) + 2) * step
    return np.unique(np.round(edges, int(np.clip(2 - np.log10(step), 0, 15))) if step > 1e-12 else edges)


def _interval_names(edges, high):
    texts = [f"{edge:.6g}" for edge in edges]
    if len(edges) == 1:
        return texts
    names = [f"{low} to <{upper}" for low, upper in pairwise(texts)]
    return names if edges[-1] > high else [*names[:-1], f"{texts[-2]} to {texts[-1]}"]
