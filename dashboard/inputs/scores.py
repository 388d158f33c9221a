"""The rules about scores: their kind, their type, and which values cannot be ranked.

Knows nothing of files or labels; a kind is suggested from all values and never applied by itself.
"""

import numpy as np
import pandas as pd

from dashboard.core.scale import SCORE_KINDS
from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.cells import is_missing
from dashboard.inputs.mapping import ScoreMapping
from dashboard.inputs.matrix import Matrix
from dashboard.inputs.names import quoted
from dashboard.sentences import counted

BLOCK = 65_536


def suggest_score_kind(values: np.ndarray, source: str) -> ScoreMapping:
    """The kind that all the values speak for, and why; nothing is declared by it."""
    if values.dtype.kind not in "fiu" or not values.size or not values.ndim:
        return ScoreMapping(reason=f"{source} holds no numbers to judge by.")
    low, high = _range(values)
    if np.isnan(low):
        return ScoreMapping(reason=f"{source} holds no finite numbers to judge by.")
    if low < 0 or high > 1:
        return ScoreMapping(None, "logits", f"The values reach from {low:.4g} to {high:.4g}, beyond [0, 1].")
    reason = f"All {values.size:,} values lie in [0, 1], from {low:.4g} to {high:.4g}."
    return ScoreMapping(None, "probabilities", reason)


def checked_scores(matrix: Matrix, mapping: ScoreMapping) -> tuple[np.ndarray, list[str]]:
    """Scores as float32 or float64 that can be ranked, and notices; InputError names the first cell that cannot."""
    if mapping.kind not in SCORE_KINDS:
        raise _kind_needed(matrix, mapping)
    values = _as_floats(matrix)
    if not values.size:
        raise InputError(f"{matrix.source} must hold at least one sample and one class, found shape {values.shape}.")
    _check_nan(matrix, values)
    if mapping.kind == "logits":
        return values, _notices_about_logits(matrix, values)
    _check_unit_range(matrix, values)
    return values, _notice_about_decisions(matrix, values)


def _kind_needed(matrix, mapping):
    suggestion = mapping if mapping.reason else suggest_score_kind(matrix.values, matrix.source)
    looks = f" (they look like {suggestion.suggested})" if suggestion.suggested else ""
    return ChoiceNeeded(
        f"Scores must be declared as logits or probabilities before they are read. {suggestion.reason} "
        f"Choose what {matrix.source} holds{looks}.",
        option="score_kind",
        choices={
            "logits": "raw outputs of the model, any real number",
            "probabilities": "numbers in [0, 1], such as sigmoid outputs",
        },
    )


def _as_floats(matrix):
    values = matrix.values
    if values.dtype == object:
        return _parsed(matrix)
    if values.dtype == bool:
        raise InputError(
            f"Scores must be numbers that can be ranked, found true/false values in {matrix.source}: load the model's "
            "outputs instead; decisions can be loaded as a reader."
        )
    if values.dtype in (np.float32, np.float64):
        return values
    if values.dtype == np.float16:
        return values.astype(np.float32)
    if values.dtype.kind in "iu":
        return _widened(matrix)
    raise InputError(
        f"Scores must be real numbers, found values of type {values.dtype} in {matrix.source}: convert them."
    )


def _widened(matrix):
    """Integers as the smallest float that holds each of them exactly."""
    values = matrix.values
    if values.dtype.itemsize <= 2:
        return values.astype(np.float32)
    too_large = (values > 2**53) | (values < -(2**53)) if values.dtype.itemsize == 8 else np.zeros(1, dtype=bool)
    if too_large.any():
        row, column = np.unravel_index(int(too_large.argmax()), values.shape)
        raise InputError(
            f"Integer scores must lie within ±2^53 to be kept exactly, found {values[row, column]} in "
            f"{matrix.place(row, column)}: save the scores as floats."
        )
    return values.astype(np.float64)


def _parsed(matrix):
    """Columns that hold text: numbers written as text are read, anything else is named."""
    columns = []
    for j in range(matrix.n_classes):
        cells = pd.Series(matrix.values[:, j], dtype=object)
        numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=np.float64)
        wrong = np.isnan(numbers) & ~cells.isna().to_numpy()
        wrong &= ~cells.map(lambda cell: isinstance(cell, str) and is_missing(cell)).to_numpy(dtype=bool)
        if wrong.any():
            row = int(wrong.argmax())
            raise InputError(
                f"Scores must be numbers, found {quoted(cells[row])} in {matrix.place(row, j)} "
                f"({counted(int(wrong.sum()), 'such cell')} in this column): correct it, or leave the column out."
            )
        columns.append(numbers)
    return np.column_stack(columns) if columns else np.empty(matrix.values.shape)


def _check_nan(matrix, values):
    if not np.isnan(values.min()):
        return
    is_nan = np.isnan(values)
    row, column = np.unravel_index(int(is_nan.argmax()), values.shape)
    raise InputError(
        f"Scores must not be missing (NaN), found {is_nan.sum():,} of {values.size:,}, the first in "
        f"{matrix.place(row, column)}: remove these rows or fill them from the model."
    )


def _check_unit_range(matrix, values):
    if values.min() >= 0 and values.max() <= 1:
        return
    outside = (values < 0) | (values > 1)
    row, column = np.unravel_index(int(outside.argmax()), values.shape)
    raise InputError(
        f"Probabilities must lie in [0, 1], found {values[row, column]:.6g} in {matrix.place(row, column)} "
        f"({counted(int(outside.sum()), 'such cell')}): declare the scores as logits, or correct them."
    )


def _notice_about_decisions(matrix, values):
    if all(((block == 0) | (block == 1)).all() for block in _blocks(values)):
        return [f"{matrix.source} holds only 0 and 1: decisions rather than scores; no other threshold can be chosen."]
    return []


def _notices_about_logits(matrix, values):
    notices = _notice_about_decisions(matrix, values)
    if values.min() >= 0 and values.max() <= 1:
        notices.append(
            f"All logits of {matrix.source} lie in [0, 1], which is usual for probabilities: check the declared kind, "
            "since as logits they mean probabilities between .500 and .731."
        )
    if infinite := sum(int(np.isinf(block).sum()) for block in _blocks(values)):
        notices.append(f"{matrix.source} holds {infinite:,} infinite logits; they rank first or last, all alike.")
    return notices


def _blocks(values):
    return (values[start : start + BLOCK] for start in range(0, len(values), BLOCK))


def _range(values):
    """The lowest and the highest finite value, NaN where there is none."""
    low, high = np.inf, -np.inf
    for block in _blocks(values):
        finite = block[np.isfinite(block)]
        if finite.size:
            low, high = min(low, finite.min().item()), max(high, finite.max().item())
    return (low, high) if low <= high else (np.nan, np.nan)
