"""The labels' file and the readers' files as matrices that fit the scores, whatever their layout.

Knows nothing of extra columns.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.base import ABSENT, Base
from dashboard.inputs.content import FileContent
from dashboard.inputs.join import is_count
from dashboard.inputs.label_lists import spread
from dashboard.inputs.labels import LabelValue, label_values_of, read_labels
from dashboard.inputs.mapping import LABELS, LabelMapping, Mapping, PartUse, Sources, reader_key
from dashboard.inputs.matrix import Matrix, read_cells, read_matrix, read_sample_ids
from dashboard.inputs.names import quoted
from dashboard.sentences import counted, few

SPREAD = LabelMapping(values={"-1": "unknown"})  # spread-out lists hold 1, 0 and -1 only, whatever the file held


def read_label_file(sources: Sources, mapping: Mapping, scores: Matrix) -> tuple[Matrix, LabelMapping, list[str]]:
    """The labels as a matrix, the mapping of its values, and notices."""
    key = sources.labels_key
    content = sources.files()[key]
    source = f"{quoted(content.name)} (labels)"
    return _read(
        content, mapping.files[key], mapping.labels, named(scores, mapping.class_names), source, mapping.class_names
    )


def label_values(sources: Sources, mapping: Mapping) -> tuple[LabelValue, ...]:
    """Every value found among the labels, its count and what it is taken for (None: has to be chosen).

    For lists of classes only the cells that name none: missing ones, and -1 in a column of single classes.
    """
    content = sources.files()[sources.labels_key]
    uses = mapping.files[sources.labels_key]
    if mapping.labels.layout not in ("names", "index"):
        matrix = read_matrix(content, uses, LABELS, source=f"{quoted(content.name)} (labels)")
        return label_values_of(matrix.values, mapping.labels)
    cells = read_cells(content, uses, LABELS, source=f"{quoted(content.name)} (labels)")
    found = {"NaN": _n_missing(cells), "-1": 0}
    if mapping.labels.layout == "index" and cells.dtype.kind in "iuf":
        found["-1"] = int((cells == -1).sum())
    preset = {"NaN": empty_meaning(content), "-1": "unknown"}
    return tuple(LabelValue(v, n, mapping.labels.values.get(v, preset[v])) for v, n in found.items() if n)


def reader_decisions(sources: Sources, mapping: Mapping, reader: str, base: Base, notices: list[str]) -> np.ndarray:
    """A reader's decisions on the samples and classes of the base: int8, -1 where there is none."""
    content = sources.readers[reader]
    source = f"{quoted(content.name)} (reader {quoted(reader)})"
    reference = replace(base.first_scores(), class_names=base.class_names)
    uses = mapping.files[reader_key(reader)]
    matrix, label_mapping, found = _read(content, uses, mapping.readers[reader], reference, source, mapping.class_names)
    labels = read_labels(matrix, label_mapping)
    if labels.soft is not None:
        raise InputError(
            f"A reader's decisions must be 0 or 1, but {source} holds values between: load them as scores."
        )
    rows, columns = base.rows_in(matrix), base.columns_in(matrix)
    decisions = labels.labels[:, columns][rows]
    decisions[rows == ABSENT] = -1
    decisions[:, columns == ABSENT] = -1
    notices += found + base.left_out_of(matrix, rows, columns) + _undecided(base, source, rows, columns)
    return decisions


def named(matrix: Matrix, class_names: tuple[str, ...] | None) -> Matrix:
    """The matrix with the given names where it has none of its own; InputError where they cannot be its names."""
    own = matrix.class_names
    if class_names is None or (own is not None and set(own) & set(class_names)):
        return matrix
    if own is not None and not is_count(own):
        raise InputError(
            f"The class names given ({few(class_names)}) must be those of {matrix.source} ({few(own)}), and none is: "
            "correct them or give none."
        )
    if len(class_names) != matrix.n_classes:
        raise InputError(
            f"There must be one class name for each of the {matrix.n_classes:,} columns of {matrix.source}, "
            f"found {len(class_names):,}: correct the names."
        )
    return replace(matrix, class_names=class_names)


def check_width(scores: Matrix, labels: Matrix) -> None:
    """ChoiceNeeded when a single column of labels, beside several of scores, may hold class indices."""
    if labels.n_classes != 1 or scores.n_classes == 1 or set(labels.class_names or ()) & set(scores.class_names or ()):
        return
    column = labels.values[:, 0]
    if column.dtype.kind not in "iuf":
        return
    known = column[~np.isnan(column)] if column.dtype.kind == "f" else column
    is_zero_one = scores.n_classes > 2 and len(known) and known.max() <= 1
    if not len(known) or (known != np.trunc(known)).any() or is_zero_one:
        return
    raise ChoiceNeeded(
        f"Labels must have a column for each of the {scores.n_classes:,} classes, but {labels.source} has one column "
        f"of whole numbers from {known.min():g} to {known.max():g}: say so if each is the index of its one class.",
        option="label_layout",
        choices={"index": "each number is the index of the one class that is true in its row"},
    )


def empty_meaning(content: FileContent) -> str:
    """What a cell without a list means: in text tables a sample without any label, for lack of another way."""
    return "negative" if content.format in ("csv", "tsv", "txt") else "unknown"


def _read(content, uses: dict[str, PartUse], mapping: LabelMapping, reference: Matrix, source, class_names):
    if mapping.layout not in ("names", "index"):
        return named(read_matrix(content, uses, LABELS, source=source), class_names), mapping, []
    cells = read_cells(content, uses, LABELS, source=source)
    empty = empty_meaning(content)
    matrix, notices = spread(cells, mapping, reference, source=source, empty=empty)
    if n_missing := _n_missing(cells):
        meaning = mapping.values.get("NaN", empty)
        said = "without any label" if meaning == "negative" else "whose labels are unknown"
        notices = [*notices, f"{counted(n_missing, 'empty cell')} of {source} taken for samples {said}."]
    ids = read_sample_ids(content, uses, source, matrix.n_samples)
    return replace(matrix, sample_ids=ids), SPREAD, notices


def _n_missing(cells):
    return int(pd.isna(pd.Series(cells, dtype=object)).sum())


def _undecided(base, source, rows, columns):
    notices = []
    if n_rows := int((rows == ABSENT).sum()):
        notices.append(f"{source} has no decisions on {counted(n_rows, 'sample')} of {base.n_samples:,}.")
    if (columns == ABSENT).any():
        names = [base.class_name(i) for i in np.flatnonzero(columns == ABSENT)]
        notices.append(f"{source} has no decisions on {counted(len(names), 'class')}: {few(names)}.")
    return notices
