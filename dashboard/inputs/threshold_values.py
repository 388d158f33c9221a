"""What a file says about thresholds, as it says it: names of classes, or their order, and a value for each.

Does not know the scores that the thresholds are for; `threshold_files` matches classes and scales.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.content import FileContent
from dashboard.inputs.names import check_distinct, printable, quoted
from dashboard.inputs.naming import words_of
from dashboard.inputs.parts import column_values
from dashboard.sentences import few

UNIT, SCORE = "0-1", "score"
NEVER, ALWAYS = "never", "always"
_CLASS_WORDS = {"class", "classes", "name", "names", "label", "labels", "category", "tag"}
_THRESHOLD_WORDS = {"threshold", "thresholds", "thr", "thresh", "cutoff", "cut", "value", "values"}
_SCORE_WORDS = {"score", "scores", "logit", "logits"}
_UNIT_WORDS = {"prob", "probs", "proba", "probability", "probabilities", "unit", "sigmoid"}
_SHAPES = "a table of class and threshold, one threshold per class in their order, or a thresholds.json"


@dataclass(frozen=True, eq=False)
class ThresholdValues:
    """Thresholds as a file gives them.

    names: of the classes, printable and distinct, or None where the values are in the order of the classes.
    values: float64; NaN where a value is missing, +inf never, -inf always. scale: UNIT, SCORE, or None: not said.
    beside: the same on the 0-1 scale where the file has both, else None.
    """

    source: str
    values: np.ndarray
    names: tuple[str, ...] | None = None
    scale: str | None = None
    beside: np.ndarray | None = None


def values_in_json(value, source: str) -> ThresholdValues:
    """Of {"cat": 0.3}, {"cat": {"threshold": 0.3}}, [{"class": "cat", "threshold": 0.3}], or [0.3, 0.4] in order."""
    if isinstance(value, dict) and value and all(isinstance(each, dict) for each in value.values()):
        value = [{"class": name} | record for name, record in value.items()]
    if isinstance(value, dict) and value and not any(isinstance(each, (list, dict)) for each in value.values()):
        return _named(list(value), list(value.values()), source)
    if isinstance(value, list) and any(value) and all(isinstance(each, dict) for each in value):
        columns = dict.fromkeys(name for record in value for name in record)
        return _of_columns({name: [record.get(name) for record in value] for name in columns}, source)
    if isinstance(value, dict) and value and all(isinstance(each, list) for each in value.values()):
        if len(value) == 1:
            return values_in_json(next(iter(value.values())), source)
        if len({len(each) for each in value.values()}) == 1:
            return _of_columns(value, source)
    if isinstance(value, list) and value and not any(isinstance(each, (list, dict)) for each in value):
        return ThresholdValues(source, numbers_of(value, None, source))
    raise _not_understood(source)


def values_in_content(content: FileContent, class_names: Collection[str]) -> ThresholdValues:
    """Of a table or an array; class_names tell a header from a first row."""
    source = quoted(content.name)
    if content.table is None:
        return _of_arrays(content.arrays, source)
    columns = {str(name): column_values(content.table[name]).tolist() for name in content.table}
    names = [printable(name) for name in columns]
    known = set(class_names)
    if content.has_header and len(content.table) == 1 and known.intersection(names) and len(known) > 0:
        return _named(names, [cells[0] for cells in columns.values()], source)
    if content.has_header and len(columns) == 2 and names[0] in known:  # the first row was taken for a header
        columns = {f"column {i}": [name, *cells] for i, (name, cells) in enumerate(columns.items())}
    elif not content.has_header and len(content.table) == 1 and len(columns) == len(known) > 2:
        return ThresholdValues(source, numbers_of([cells[0] for cells in columns.values()], None, source))
    return _of_columns(columns, source)


def numbers_of(values, names, source: str) -> np.ndarray:
    """Cells as float64: numbers, also as text, "never" and "always"; NaN for missing ones; InputError for others."""
    return np.array([_number(value, i, names, source) for i, value in enumerate(values)], dtype=np.float64)


def place_of(index: int, names, source: str) -> str:
    """Where a value stands, for a message."""
    return f"class {quoted(names[index])} of {source}" if names is not None else f"position {index + 1} of {source}"


def _number(value, index, names, source):
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA:
        return np.nan
    text = value.strip().lower() if isinstance(value, str) else None
    if text in (NEVER, ALWAYS):
        return np.inf if text == NEVER else -np.inf
    try:
        if isinstance(value, (bool, np.bool_)):
            raise ValueError
        return np.nan if text == "" else float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError(
            f'A threshold must be a number, "{NEVER}" or "{ALWAYS}", found {quoted(value)} for '
            f"{place_of(index, names, source)}: correct it."
        ) from None


def _named(names, values, source, scale=None, beside=None) -> ThresholdValues:
    names = [printable(name) for name in names]
    check_distinct(names, f"classes of {source}")
    beside = None if beside is None else numbers_of(beside, names, source)
    return ThresholdValues(source, numbers_of(values, names, source), tuple(names), scale, beside)


def _of_columns(columns: dict, source) -> ThresholdValues:
    names = _names_column(columns)
    scores, units, plain = _value_columns(columns, names)
    unsaid = plain if scores or units else plain or [name for name in columns if name != names]
    chosen = scores or units or unsaid
    if len(chosen) != 1:
        raise InputError(
            f"{source} must have one column of thresholds, found {few(list(columns))}: name it 'threshold' (0-1 scale) "
            "or 'score_threshold' (scale of the scores), and that of the classes 'class'."
        )
    scale = SCORE if scores else UNIT if units else None
    cells = columns[chosen[0]]
    if names is None:
        return ThresholdValues(source, numbers_of(cells, None, source), scale=scale)
    beside = columns[plain[0]] if scores and len(plain) == 1 else None
    ends = _ends(columns, len(cells))
    cells = [cell if end is None else end for cell, end in zip(cells, ends, strict=True)]
    return _named(columns[names], cells, source, scale, beside)


def _ends(columns, n_rows):
    """ "never" or "always" where a column "predicted" says so, as in this program's own files."""
    return [cell if cell in (NEVER, ALWAYS) else None for cell in columns.get("predicted", [None] * n_rows)]


def _names_column(columns):
    """The column that says which class; None where there is only one column."""
    said = [
        name for name in columns if set(words_of(name)) & _CLASS_WORDS and not set(words_of(name)) & _THRESHOLD_WORDS
    ]
    if said or len(columns) == 1:
        return said[0] if said else None
    texts = [name for name, cells in columns.items() if any(isinstance(cell, str) for cell in cells)]
    return texts[0] if texts else next(iter(columns))


def _value_columns(columns, names):
    """Columns of thresholds: on the scale of the scores, on the 0-1 scale, and where the name does not say which."""
    scores, units, plain = [], [], []
    for name in columns:
        words = set(words_of(name))
        is_said = words & _THRESHOLD_WORDS or words <= _SCORE_WORDS | _UNIT_WORDS
        if name != names and words and is_said:
            (scores if words & _SCORE_WORDS else units if words & _UNIT_WORDS else plain).append(name)
    return scores, units, plain


def _of_arrays(arrays, source) -> ThresholdValues:
    if len(arrays) != 1:
        raise InputError(f"{source} must hold one array of thresholds, found {few(list(arrays))}: save one alone.")
    values = next(iter(arrays.values()))
    if values.size != max(values.shape, default=0) or values.dtype.kind not in "fiu":
        raise _not_understood(source)
    return ThresholdValues(source, values.ravel().astype(np.float64))


def _not_understood(source):
    return InputError(f"{source} must be {_SHAPES}, but is none of these: write it as one of them.")
