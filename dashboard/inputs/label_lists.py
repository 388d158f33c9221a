"""Lists of true classes, or one class per row, spread out into one 0/1 column per class.

Knows the names and the number of the classes from the scores; nothing of thresholds or files.
"""

import re

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.labels import value_text
from dashboard.inputs.list_cells import parsed_list
from dashboard.inputs.mapping import MEANINGS, LabelMapping
from dashboard.inputs.matrix import Matrix
from dashboard.inputs.names import printable, quoted
from dashboard.sentences import counted, few


def spread(
    cells: np.ndarray, mapping: LabelMapping, reference: Matrix, *, source: str, empty: str
) -> tuple[Matrix, list[str]]:
    """One 0/1/-1 column per class of `reference`, and notices about names that are no class there.

    cells: (n_samples,) of lists or of single classes. empty: the meaning of a cell without a value.
    """
    rows = [_items(cell, i, source) for i, cell in enumerate(cells.tolist())]
    _check_single(rows, mapping, source)
    texts = pd.unique(pd.Series([item for row in rows if row for item in row], dtype=object))
    column_of, notices = _columns(list(texts), mapping, reference, source)
    values = np.zeros((len(rows), reference.n_classes), dtype=np.int8)
    unknown = MEANINGS["unknown"]
    for i, row in enumerate(rows):
        meaning = _row_meaning(row, mapping, empty)
        if meaning is not None:
            values[i] = unknown if meaning == "unknown" else 0
        else:
            values[i, [column_of[item] for item in row if column_of[item] is not None]] = 1
    return Matrix(source, values, reference.class_names), notices


def _items(cell, row, source):
    """The items of one cell as text; None for a missing cell."""
    if cell is None or (np.isscalar(cell) and pd.isna(cell)) or cell is pd.NA:
        return None
    try:
        items = [item for item in parsed_list(cell) if item is not None and item != ""]
    except ValueError:
        raise InputError(
            f"Every cell of {source} must list class names or indices, found {quoted(cell)} in row {row + 1}: fix it."
        ) from None
    return [printable(item) if isinstance(item, str) else value_text(item) for item in items]


def _check_single(rows, mapping, source):
    if mapping.layout != "index":
        return
    for i, row in enumerate(rows):
        if row is not None and len(row) != 1:
            raise InputError(
                f"Every row of {source} must hold exactly one class in this layout, found {len(row)} in row {i + 1}: "
                "choose the layout with a list of classes."
            )


def _row_meaning(row, mapping, empty):
    """ "unknown" or "negative" for a row that names no class but a special value, else None."""
    if row is None:
        return mapping.values.get("NaN", empty)
    if mapping.layout == "index" and row == ["-1"]:
        return mapping.values.get("-1", "unknown")
    return None


def _columns(texts, mapping, reference, source):
    """Each text found -> its column, or None for a name that is no class of the scores."""
    names = reference.class_names
    special = {"-1": None} if mapping.layout == "index" else {}
    texts = [text for text in texts if text not in special]
    by_name = {} if names is None else {name: i for i, name in enumerate(names)}
    if any(text in by_name for text in texts):
        missing = [text for text in texts if text not in by_name]
        are = "is" if len(missing) == 1 else "are"
        notices = [
            f"{counted(len(missing), 'name')} in {source} {are} no class of the scores and left out: {few(missing)}."
        ]
        return special | {text: by_name.get(text) for text in texts}, notices if missing else []
    if texts and not all(_is_index(text) for text in texts):
        raise InputError(_no_match(texts, names, source))
    return special | {text: _column(text, mapping, reference, source) for text in texts}, []


def _is_index(text):
    return re.fullmatch(r"-?[0-9]{1,9}", text) is not None


def _column(text, mapping, reference, source):
    column = int(text) - mapping.first_index
    if not 0 <= column < reference.n_classes:
        last = reference.n_classes - 1 + mapping.first_index
        hint = "if the first class is 1, say so" if column == reference.n_classes else "correct it"
        raise InputError(
            f"Class indices must lie from {mapping.first_index} to {last}, but {source} holds {int(text)}: {hint}."
        )
    return column


def _no_match(texts, names, source):
    if names is None:
        return (
            f"Labels given as names need the names of the classes in the order of the score columns, but the scores "
            f"have none and {source} names {few(texts)}: give the class names."
        )
    return (
        f"The classes named in {source} ({few(texts)}) must be classes of the scores ({few(names)}), and none is: "
        "correct the names."
    )
