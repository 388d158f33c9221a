"""What several files of features hold as one table: columns and classes by name, parts by file.

Knows nothing of formats.
"""

from collections.abc import Iterable

import numpy as np

from dashboard.core.feature_table import FeatureTable
from dashboard.errors import InputError
from dashboard.inputs.feature_columns import as_categories, as_numbers
from dashboard.inputs.feature_file import FeatureFile, FeatureOptions
from dashboard.inputs.labels import read_labels
from dashboard.inputs.names import normalised_names, printable
from dashboard.sentences import counted, few

Parts = dict[str | None, FeatureFile]


def joined_table(name: str, parts: Parts, options: FeatureOptions) -> FeatureTable:
    """parts: the key is None where one file holds everything. InputError where columns, classes or images differ."""
    files = list(parts.values())
    columns, about_columns = _columns(files)
    class_names, labels = _class_labels(files, options)
    ids, about_ids = _ids(files)
    return FeatureTable(
        name,
        labels,
        class_names,
        {printable(column): values for column, values in columns.items() if values.dtype != object},
        {printable(column): values for column, values in columns.items() if values.dtype == object},
        _images(files),
        _part_names(parts),
        ids,
        {each: np.concatenate([file.groups[each] for file in files]) for each in files[0].groups},
        tuple(dict.fromkeys([*(notice for file in files for notice in file.notices), *about_columns, *about_ids])),
    )


def _columns(files) -> tuple[dict[str, np.ndarray], list[str]]:
    """The features of all files one below the other, by name, in the order of the first; and what was left out."""
    first, notices = files[0], []
    for file in files[1:]:
        if lacking := [name for name in first.columns if name not in file.columns]:
            raise InputError(
                f"All files must have the same features, but {few(lacking)} of {first.source} "
                f"{'is' if len(lacking) == 1 else 'are'} not in {file.source}, which has {few(list(file.columns))}: "
                "correct the names."
            )
        if extra := [name for name in file.columns if name not in first.columns]:
            notices.append(
                f"{counted(len(extra), 'feature')} of {file.source} left out, not in {first.source}: {few(extra)}."
            )
    return {name: _joined(name, files) for name in first.columns}, notices


def _joined(name, files) -> np.ndarray:
    """One feature of all files: numbers if the first file's are, else categories."""
    pieces = [file.columns[name] for file in files]
    if len(pieces) == 1:
        return pieces[0]
    if all(piece.dtype != object for piece in pieces):
        return np.concatenate(pieces)
    if pieces[0].dtype != object and not np.isnan(pieces[0]).all():
        return np.concatenate([as_numbers(file.columns[name], name, file.source) for file in files])
    return np.concatenate([piece if piece.dtype == object else as_categories(piece) for piece in pieces])


def _class_labels(files, options) -> tuple[tuple[str, ...], np.ndarray]:
    """The class names and the labels of all files as 1, 0 and -1."""
    first = files[0].labels
    named = list(options.class_names) or first.class_names or [f"class {c}" for c in range(first.n_classes)]
    names = normalised_names(named, "class names")
    if len(names) != first.n_classes:
        raise InputError(
            f"There must be a name for each of the {first.n_classes:,} classes of {first.source}, got {len(names):,}: "
            "correct the names."
        )
    matrices = [_with_classes_of(first, file.labels) for file in files]
    return tuple(names), np.concatenate([read_labels(each, options.label_mapping).labels for each in matrices])


def _with_classes_of(first, other):
    if other.class_names == first.class_names:
        return other
    named = first.class_names is not None and other.class_names is not None
    if named and set(first.class_names) == set(other.class_names):
        position = {name: i for i, name in enumerate(other.class_names)}
        return other.take(np.arange(other.n_samples), np.array([position[name] for name in first.class_names]))
    if named or other.n_classes != first.n_classes:
        has, lacks = (first.class_names, other.class_names) if named else (first.n_classes, other.n_classes)
        found = f"{few(has)} and {few(lacks)}" if named else f"{has:,} and {lacks:,}"
        raise InputError(
            f"All files must have the same classes, found {found} in {first.source} and {other.source}: correct them."
        )
    return other


def _images(files) -> np.ndarray | None:
    if all(file.images is None for file in files):
        return None
    found = [None if file.images is None else (file.images.shape[1:], file.images.dtype) for file in files]
    if len(set(found)) > 1:
        shapes = " and ".join("none" if each is None else f"{each[0]} of {each[1]}" for each in dict.fromkeys(found))
        raise InputError(f"Images of all parts must be of one size and kind, found {shapes}: save them alike.")
    return np.concatenate([file.images for file in files])


def _part_names(parts: Parts) -> np.ndarray | None:
    if list(parts) == [None]:
        return parts[None].parts
    for file in parts.values():
        if file.parts is not None:
            raise InputError(
                f"Parts must be told by files or by a column, but {file.source} has such a column too: name it to be "
                "left out."
            )
    return np.concatenate([np.full(file.n_samples, part) for part, file in parts.items()])


def _ids(files) -> tuple[np.ndarray | None, Iterable[str]]:
    if any(file.ids is None for file in files):
        return None, []
    ids = np.concatenate([file.ids for file in files])
    distinct, counts = np.unique(ids.astype(str), return_counts=True)
    if not (counts > 1).any():
        return ids, []
    return ids, [
        f"{counted(int((counts > 1).sum()), 'sample')} in more than one part by their ids, which makes test figures "
        f"too good: {few(distinct[counts > 1])}."
    ]
