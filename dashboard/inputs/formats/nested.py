"""Python lists (out of JSON or a .pt file) to arrays. Knows nothing of files.

Lists of different lengths become list cells: a 1-D object array whose elements are a 1-D array of numbers, a list of
str, or None. A Parquet list column arrives the same way.
"""

from itertools import chain

import numpy as np

from dashboard.errors import InputError
from dashboard.inputs.limits import Limits, as_size
from dashboard.inputs.names import decoded_text, quoted

NUMBERS = {bool, int, float, type(None)}
_TEXTS = {str, type(None)}


def nested_array(values: list, what: str, limits: Limits) -> np.ndarray:
    """An array of numbers or text from lists within lists; rows of different lengths become list cells."""
    shape, flat = [len(values)], values
    while (kinds := set(map(type, flat))) == {list}:
        if len(shape) == limits.max_dimensions:
            raise InputError(
                f"{what} must be lists at most {limits.max_dimensions} deep, but is deeper: save plain lists."
            )
        lengths = set(map(len, flat))
        if len(lengths) > 1:
            return _ragged(values, shape, what, limits)
        shape.append(lengths.pop())
        flat = list(chain.from_iterable(flat))
    if kinds <= NUMBERS:
        return number_array(flat, what).reshape(shape)
    if kinds <= _TEXTS:
        return text_array(flat, what, limits).reshape(shape)
    if kinds == {list, type(None)} and len(shape) == 1:
        return list_cells(values, what)
    raise InputError(_mixed(flat, shape, what))


def number_array(values: list, what: str) -> np.ndarray:
    """Numbers and None (NaN) as bool, int64, uint64 or float64: the narrowest kind that holds them all."""
    kinds = set(map(type, values))
    if type(None) in kinds:
        values = [np.nan if value is None else value for value in values]
    elif kinds == {bool}:
        return np.array(values, dtype=bool)
    elif float not in kinds and kinds:
        for dtype in (np.int64, np.uint64):
            try:
                return np.array(values, dtype=dtype)
            except OverflowError:
                continue
    try:
        return np.array(values, dtype=np.float64)
    except OverflowError:
        row = next(row for row, value in enumerate(values) if abs(value) > 10**308)
        raise InputError(f"{what} must hold numbers below 1e308, but value {row + 1} is larger: check it.") from None


def text_array(values: list, what: str, limits: Limits) -> np.ndarray:
    """Texts as a U array; None becomes the empty text."""
    values = ["" if value is None else value for value in values]
    n_bytes = 4 * len(values) * max(map(len, values), default=0)
    if n_bytes > limits.max_unpacked_freely:
        raise InputError(
            f"{what} must hold texts of similar length, but as an array they take {as_size(n_bytes)}: shorten the "
            "longest."
        )
    return decoded_text(np.array(values, dtype=str), what)


def list_cells(values: list, what: str) -> np.ndarray:
    """One list per row as list cells; None stays None."""
    cells = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        kinds = set(map(type, value)) if isinstance(value, list) else None
        if value is None or (kinds and kinds <= {str}):
            cells[row] = value
        elif kinds is not None and kinds <= NUMBERS:
            cells[row] = number_array(value, f"{what}, row {row + 1},")
        else:
            raise InputError(
                f"{what} must hold one list of numbers or one list of names per row, but row {row + 1} holds "
                f"{quoted(value)}: write each row in the same way."
            )
    return cells


def _ragged(values, shape, what, limits):
    if len(shape) == 1:
        return list_cells(values, what)
    raise InputError(
        f"{what} must be lists of equal lengths from the third level on, but is not: save one array per list."
    )


def _mixed(flat, shape, what):
    first = next(value for value in flat if value is not None)
    same = NUMBERS if type(first) in NUMBERS else {type(first), type(None)}
    position, other = next(
        ((i, value) for i, value in enumerate(flat) if type(value) not in same), (0, first)
    )  # all of one kind that is neither number nor text: objects
    at = ", ".join(str(index + 1) for index in np.unravel_index(position, shape))
    found = "an object" if isinstance(other, dict) else quoted(other)
    return f"{what} must hold only numbers or only text, but holds {found} at position {at}: correct or remove it."
