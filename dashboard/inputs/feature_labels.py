"""Which columns are labels, and the labels of a file of their own brought to the rows of the features.

Knows nothing of features; what label values mean is `labels`' business.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.feature_file import FeatureFile, FeatureOptions
from dashboard.inputs.join import join_samples
from dashboard.inputs.list_cells import parsed_list
from dashboard.inputs.matrix import Matrix
from dashboard.inputs.names import printable, quoted
from dashboard.sentences import counted, few

_MOST_CHOICES = 500


def chosen_labels(names: Sequence[str], source: str, options: FeatureOptions) -> list[str] | None:
    """The columns of labels among the names as the options tell, in the order told; None where they do not."""
    if options.label_columns:
        if unknown := [name for name in options.label_columns if name not in names]:
            raise InputError(
                f"Columns of labels must be in {source}, but {few(unknown)} {'is' if len(unknown) == 1 else 'are'} not "
                f"among {few(names)}: correct the names."
            )
        return list(options.label_columns)
    if options.n_labels:
        if not 0 < options.n_labels < len(names):
            raise InputError(
                f"The number of labels must leave a feature of the {len(names):,} columns of {source}, got "
                f"{options.n_labels:,}: lower it."
            )
        return list(names[-options.n_labels :])
    if options.label_prefix:
        found = [name for name in names if name.startswith(options.label_prefix)]
        if not found:
            raise InputError(
                f"Columns of labels must begin with {quoted(options.label_prefix)}, but none of {source} does: it has "
                f"{few(names)}."
            )
        return found
    return None


def ask_for_labels(names: Sequence[str], is_zero_one: Callable[[str], bool], source: str) -> None:
    """Raises ChoiceNeeded with the columns that hold nothing but 0, 1, -1 and missing; InputError where none does."""
    candidates = [name for name in names if is_zero_one(name)]
    if not candidates:
        raise InputError(
            f"Some columns of {source} must be labels (0, 1, -1 for unknown), but none holds only these: name the "
            "columns, or give a file of labels."
        )
    raise ChoiceNeeded(
        f"It must be said which columns of {source} are labels: {counted(len(candidates), 'column')} of {len(names):,} "
        f"hold nothing but 0, 1 and -1 ({few(candidates)}). Name them, say how many of the last columns they are, or "
        "give a file of labels.",
        option="label_columns",
        choices=dict.fromkeys(candidates[:_MOST_CHOICES], "holds nothing but 0, 1, -1 and missing values"),
    )


def label_matrix(
    columns: dict[str, np.ndarray], source: str, ids: np.ndarray | None, options: FeatureOptions
) -> Matrix:
    """The columns side by side; with the layout "names" the classes that the one column lists, sorted."""
    if options.label_layout == "names":
        return replace(_listed(columns, source), sample_ids=ids)
    values = list(columns.values())
    if any(column.dtype == object for column in values):
        values = [column.astype(object) for column in values]
    return Matrix(source, np.column_stack(values), tuple(columns), ids)


def joined_labels(file: FeatureFile, labels: Matrix) -> FeatureFile:
    """The file with the labels of another, by id where both have ids (only the samples of both), else by row."""
    if file.ids is None or labels.sample_ids is None:
        if file.n_samples != labels.n_samples:
            raise InputError(
                f"Features and labels must have a row per sample, found {file.n_samples:,} rows in {file.source} and "
                f"{labels.n_samples:,} in {labels.source}: add an id column to both, or load the files that belong "
                "together."
            )
        notice = f"The rows of {labels.source} were matched with those of {file.source} by their order."
        return replace(file, labels=labels, notices=(*file.notices, notice))
    rows, label_rows, notices = join_samples(Matrix(file.source, np.empty((file.n_samples, 0)), None, file.ids), labels)
    if len(rows) < file.n_samples:
        file = rows_of(file, rows)
    matched = f"The rows of {labels.source} were matched with those of {file.source} by id."
    return replace(
        file, labels=labels.take(label_rows, np.arange(labels.n_classes)), notices=(*file.notices, matched, *notices)
    )


def rows_of(file: FeatureFile, rows: np.ndarray) -> FeatureFile:
    """Some rows of what a file holds, labels excepted."""
    taken = {name: None if (values := getattr(file, name)) is None else values[rows] for name in _PER_SAMPLE}
    columns = {name: values[rows] for name, values in file.columns.items()}
    groups = {name: values[rows] for name, values in file.groups.items()}
    return replace(file, n_samples=len(rows), columns=columns, groups=groups, **taken)


_PER_SAMPLE = ("images", "ids", "parts")


def _listed(columns, source) -> Matrix:
    if len(columns) != 1:
        raise InputError(
            f"One column of {source} must list the true classes in this layout, got {len(columns):,}: name one."
        )
    ((name, cells),) = columns.items()
    rows = [_items(cell, row, name, source) for row, cell in enumerate(cells)]
    names = sorted({item for row in rows if row for item in row})
    if not names:
        raise InputError(f"The column {quoted(name)} of {source} must list classes, but lists none: name another.")
    position = {item: i for i, item in enumerate(names)}
    values = np.zeros((len(rows), len(names)), dtype=np.int8)
    for row, items in enumerate(rows):
        values[row] = -1 if items is None else 0
        values[row, [position[item] for item in items or ()]] = 1
    return Matrix(source, values, tuple(names))


def _items(cell, row, name, source) -> list[str] | None:
    """The classes that a cell lists; None, unknown, for a missing cell."""
    if cell is None or (isinstance(cell, float) and np.isnan(cell)):
        return None
    try:
        return [printable(item) for item in parsed_list(cell) if item not in (None, "")]
    except ValueError:
        raise InputError(
            f"Every cell of the labels must list classes (a|b), but row {row + 1:,}, column {quoted(name)} of {source} "
            f"holds {quoted(cell)}: correct it."
        ) from None
