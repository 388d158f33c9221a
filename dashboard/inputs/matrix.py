"""The parts of a file that were taken for scores (or labels) as one matrix of samples and classes, values untouched.

Knows nothing of what the values mean; `scores` and `labels` judge them, `join` brings matrices together.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.content import FileContent
from dashboard.inputs.list_cells import numbers_in, parsed_list
from dashboard.inputs.mapping import CLASS_NAMES, SAMPLE_ID, PartUse
from dashboard.inputs.names import normalised_names, quoted
from dashboard.inputs.parts import part_values


@dataclass(frozen=True, eq=False)
class Matrix:
    """Values of samples and classes as one file gives them, and the names it gives.

    values: (n_samples, n_classes), of dtype object where a column holds text.
    rows: the row of the file behind each row here, or None while all rows are in the file's order.
    """

    source: str
    values: np.ndarray
    class_names: tuple[str, ...] | None = None
    sample_ids: np.ndarray | None = None
    rows: np.ndarray | None = None

    @property
    def n_samples(self) -> int:
        return self.values.shape[0]

    @property
    def n_classes(self) -> int:
        return self.values.shape[1]

    def take(self, rows: np.ndarray, classes: np.ndarray) -> "Matrix":
        """Some rows and some classes, in the order given; nothing is copied when that is all of them in order."""
        values, names, ids = self.values, self.class_names, self.sample_ids
        if not _is_everything(classes, self.n_classes):
            values, names = values[:, classes], names and tuple(names[i] for i in classes)
        if not _is_everything(rows, self.n_samples):
            values, ids = values[rows], None if ids is None else ids[rows]
            return replace(self, values=values, class_names=names, sample_ids=ids, rows=rows)
        return replace(self, values=values, class_names=names)

    def place(self, row: int, column: int) -> str:
        """Where a cell is in the file, for a message: rows are counted from 1, as are columns without a name."""
        row_number = (row if self.rows is None else int(self.rows[row])) + 1
        sample = "" if self.sample_ids is None else f" (id {str(self.sample_ids[row])!r})"
        name = str(column + 1) if self.class_names is None else repr(self.class_names[column])
        return f"row {row_number}{sample}, column {name} of {self.source}"


def _is_everything(indices, count):
    return len(indices) == count and bool((indices == np.arange(count)).all())


def parts_for(uses: dict[str, PartUse], role: str) -> list[str]:
    return [name for name, use in uses.items() if use.role == role]


def read_matrix(content: FileContent, uses: dict[str, PartUse], role: str, *, source: str) -> Matrix:
    """The parts with this role side by side: one array (n, C), several (n,), or one column of lists of numbers."""
    names = parts_for(uses, role)
    if not names:
        raise InputError(
            f"{source} must have a part that holds the {role}, and none is chosen: choose its columns or array."
        )
    parts = [part_values(content, name) for name in names]
    values = (
        _single(parts[0], source) if len(parts) == 1 else _side_by_side(dict(zip(names, parts, strict=True)), source)
    )
    class_names = _class_names(content, uses, names, source)
    if class_names is not None and len(class_names) != values.shape[1]:
        raise InputError(
            f"{source} must have one class name per column of the {role}, found {len(class_names)} names "
            f"for {values.shape[1]} columns: correct the names."
        )
    return Matrix(source, values, class_names, read_sample_ids(content, uses, source, len(values)))


def read_cells(content: FileContent, uses: dict[str, PartUse], role: str, *, source: str) -> np.ndarray:
    """The one part with this role where each row has one cell, for layouts "names" and "index": (n_samples,)."""
    names = parts_for(uses, role)
    if len(names) != 1:
        raise InputError(
            f"{source} must have exactly one column of {role} in this layout, found {len(names)}: choose one."
        )
    values = part_values(content, names[0])
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise InputError(
            f"{source} must hold one class index per row in this layout, found an array of shape {values.shape}: "
            "choose the layout with a column per class."
        )
    return values


def read_sample_ids(content: FileContent, uses: dict[str, PartUse], source: str, n_samples: int) -> np.ndarray | None:
    """The sample ids as text, (n_samples,), or None where there are none; each must be there and distinct."""
    names = parts_for(uses, SAMPLE_ID)
    if not names:
        return None
    if len(names) > 1:
        raise InputError(f"{source} must have one id column, found {len(names)} ({', '.join(names[:3])}): choose one.")
    values = part_values(content, names[0])
    if values.ndim != 1:
        raise InputError(f"Ids must be a column, but {quoted(names[0])} of {source} has shape {values.shape}.")
    ids = ids_as_text(values, f"the id column {names[0]!r} of {source}")
    if len(ids) != n_samples:
        raise InputError(f"{source} must have one id per sample, found {len(ids)} ids for {n_samples} samples.")
    return ids


def ids_as_text(values: np.ndarray, source: str) -> np.ndarray:
    """Ids as comparable text, (n_samples,): 7, 7.0 and "7" are the same id."""
    column = pd.Series(values)
    if (missing := column.isna().to_numpy()).any():
        raise InputError(
            f"Every sample must have an id, but row {missing.argmax() + 1} of {source} has none: fill it in."
        )
    if column.dtype.kind == "f" and (column == np.trunc(column)).all() and (column.abs() < 2**53).all():
        column = column.astype(np.int64)
    ids = column.astype(str).str.strip().to_numpy(dtype=object)
    if (repeated := pd.Series(ids).duplicated().to_numpy()).any():
        again = int(repeated.argmax())
        first = int((ids == ids[again]).argmax())
        raise InputError(
            f"Sample ids must be distinct, but {ids[again]!r} is in rows {first + 1} and {again + 1} of {source} "
            f"({repeated.sum():,} repeated in all): remove the repeated rows or choose another id column."
        )
    return ids


def _single(values, source):
    if values.ndim == 2:
        return values
    if values.ndim != 1:
        raise InputError(
            f"{source} must have two dimensions, samples and classes, found shape {values.shape}: reshape it."
        )
    if values.dtype == object and any(
        isinstance(cell, (list, tuple, np.ndarray)) or _is_bracketed(cell) for cell in values
    ):
        return _stacked(values, source)
    return values[:, None]


def _is_bracketed(cell):
    return isinstance(cell, str) and ("|" in cell or cell.lstrip().startswith("["))


def _stacked(cells, source):
    rows = [_numbers_of_row(cell, i, source) for i, cell in enumerate(cells)]
    length = next((len(row) for row in rows if row is not None), 0)
    for i, row in enumerate(rows):
        if row is None:
            rows[i] = [np.nan] * length
        elif len(row) != length:
            raise InputError(
                f"Every row of {source} must list as many numbers as the first, {length}, but row {i + 1} lists "
                f"{len(row)}: correct it."
            )
    kept = {row.dtype for row in rows if isinstance(row, np.ndarray)}
    return np.array(rows, dtype=kept.pop() if len(kept) == 1 else np.float64).reshape(len(rows), length)


def _numbers_of_row(cell, row, source):
    """One row's list: an array of numbers keeps its dtype; a missing cell is None and becomes a row of NaN."""
    if isinstance(cell, np.ndarray) and cell.ndim == 1 and cell.dtype.kind in "fiub":
        return cell
    if not isinstance(cell, (list, tuple, np.ndarray)) and pd.isna(cell):
        return None
    try:
        numbers = numbers_in(parsed_list(cell))
    except ValueError:
        numbers = None
    if numbers is None:
        raise InputError(f"Every cell of {source} must list numbers, found {str(cell)[:60]!r} in row {row + 1}.")
    return numbers


def _side_by_side(parts, source):
    for name, values in parts.items():
        if values.dtype == object and any(isinstance(cell, (list, np.ndarray)) for cell in values.flat):
            raise InputError(
                f"{source} must have one value per cell, but {quoted(name)} holds lists: choose that one alone."
            )
        if values.ndim != 1:
            raise InputError(
                f"{source} must name one array of two dimensions, or columns, but {name!r} is {values.shape}."
            )
    if len({len(values) for values in parts.values()}) > 1:
        raise InputError(f"All columns of {source} must be equally long.")
    columns = list(parts.values())
    if any(values.dtype == object for values in columns):
        columns = [values.astype(object) for values in columns]
    return np.column_stack(columns)


def _class_names(content, uses, names, source):
    given = [uses[name].class_name for name in names]
    if all(name is not None for name in given):
        return tuple(normalised_names(given, f"class names of {source}"))
    arrays = parts_for(uses, CLASS_NAMES)
    if not arrays:
        return None
    texts = [str(name) for name in part_values(content, arrays[0]).ravel().tolist()]
    return tuple(normalised_names(texts, f"class names of {source}"))
