"""One column of a file as a feature: numbers that can be computed with, or categories. Refuses what is neither.

Knows nothing of the file's format and of other columns.
"""

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.cells import is_missing, is_number
from dashboard.inputs.labels import value_text
from dashboard.inputs.names import printable, quoted
from dashboard.inputs.parts import column_values

_LARGEST = float(np.finfo(np.float32).max)


def feature_column(values: np.ndarray, name: str, source: str, *, is_nominal: bool = False) -> np.ndarray:
    """(n_samples,) float64 with NaN where missing, or text as objects with None where missing.

    is_nominal: numbers are codes of categories. "?" is missing. InputError for infinities, lists, and text among
    numbers: a column of which at least half is numbers must be numbers throughout.
    """
    if values.ndim != 1:
        raise InputError(
            f"A feature must be one column, but {quoted(name)} of {source} has shape {values.shape}: leave it out."
        )
    if values.dtype.kind in "biuf":
        numbers = values.astype(np.float64)
        return as_categories(numbers) if is_nominal else _finite(numbers, name, source)
    _refuse_lists(values, name, source)
    codes, distinct = pd.factorize(column_values(pd.Series(values)))
    texts = [None if value == "?" or is_missing(str(value)) else str(value).strip() for value in distinct]
    if not is_nominal and _are_mostly_numbers(codes, texts):
        return _finite(as_numbers(np.array([*texts, None], dtype=object)[codes], name, source), name, source)
    categories = [None if text is None else printable(text) for text in texts]
    return np.array([*categories, None], dtype=object)[codes]


def as_categories(numbers: np.ndarray) -> np.ndarray:
    """Numbers as text ("1" for 1.0), None for NaN."""
    codes, distinct = pd.factorize(numbers)
    return np.array([*(value_text(value) for value in distinct), None], dtype=object)[codes]


def as_numbers(column: np.ndarray, name: str, source: str) -> np.ndarray:
    """Text as numbers, NaN for None; InputError for the first cell that is no number."""
    if column.dtype != object:
        return column
    row = next((row for row, cell in enumerate(column) if cell is not None and not is_number(cell)), None)
    if row is not None:
        raise InputError(
            f"The feature {quoted(name)} must hold numbers or be missing, but row {row + 1:,} of {source} holds "
            f"{quoted(column[row])}: correct it, leave the column out, or take the column for categories."
        )
    return np.array([np.nan if cell is None else float(cell) for cell in column])


def _are_mostly_numbers(codes, texts) -> bool:
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    present = np.array([text is not None for text in texts], dtype=bool)
    numeric = np.array([text is not None and is_number(text) for text in texts], dtype=bool)
    return 2 * int(counts[numeric].sum()) >= int(counts[present].sum())


def _finite(numbers, name, source) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        is_wrong = np.abs(numbers) > _LARGEST
    if is_wrong.any():
        row = int(is_wrong.argmax())
        raise InputError(
            f"Features must be finite and within {_LARGEST:.1e}, but row {row + 1:,}, column {quoted(name)} of "
            f"{source} holds {numbers[row]:g}: correct it, or leave the cell empty."
        )
    return numbers


def _refuse_lists(values, name, source) -> None:
    row = next((row for row, cell in enumerate(values) if isinstance(cell, (list, tuple, np.ndarray))), None)
    if row is not None:
        raise InputError(
            f"A feature must hold one value per cell, but {quoted(name)} of {source} holds a list in row {row + 1:,}: "
            "give each of its values a column, or leave the column out."
        )
