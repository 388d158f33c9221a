"""Named arrays (.npz; a lone .npy) as features or images and labels, by the names of the arrays, also part by part.

Knows nothing of tables and ARFF.
"""

from dataclasses import replace

import numpy as np

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.array_roles import ROLES, place_of
from dashboard.inputs.columns import read_column
from dashboard.inputs.content import FileContent
from dashboard.inputs.feature_columns import feature_column
from dashboard.inputs.feature_file import FeatureFile, FeatureOptions
from dashboard.inputs.feature_images import read_images
from dashboard.inputs.features_table import part_of_text
from dashboard.inputs.limits import shape_text
from dashboard.inputs.matrix import Matrix, ids_as_text
from dashboard.inputs.names import normalised_names, printable, quoted
from dashboard.sentences import few


def read_feature_arrays(
    content: FileContent, options: FeatureOptions, *, has_labels: bool
) -> dict[str | None, FeatureFile]:
    """What each part's arrays hold; the key is None where the names of the arrays tell no part.

    Arrays are known by names such as features, X, images, labels, y, ids, feature_names, class_names, with or without
    train, validation or test before or after them. InputError where features (or labels, if has_labels) are missing.
    """
    source = quoted(content.name)
    places = {name: place_of(name, options) for name in content.arrays}
    unknown = [name for name, place in places.items() if place.role is None]
    parts = list(dict.fromkeys(place.part for place in places.values() if place.role in ("inputs", "images")))
    if not parts:
        _ask_for_array(content, unknown, source, "inputs", "features")
    notices = content.notes
    if unknown:
        notices = (*notices, f"Arrays of {source} that are neither features nor labels were left out: {few(unknown)}.")
    names = {
        role: next((content.arrays[name] for name, place in places.items() if place.role == role), None)
        for role in ("feature_names", "class_names")
    }
    files = {}
    for part in parts:
        own = {place.role: name for name, place in places.items() if place.part == part}
        if {"inputs", "images"} <= set(own) and options.inputs is None:
            _ask_which(content, [own["inputs"], own["images"]], source)
        files[part] = _file(content, own, names, options, has_labels=has_labels, unknown=unknown)
    first = next(iter(files))
    files[first] = replace(files[first], notices=(*notices, *files[first].notices))
    return {("train" if part is None and len(files) > 1 else part): file for part, file in files.items()}


def read_label_arrays(content: FileContent, options: FeatureOptions) -> Matrix:
    """The labels of a file without features: the array whose name says so, or the only one of two dimensions."""
    source = quoted(content.name)
    places = {name: place_of(name, options) for name in content.arrays}
    roles = {place.role: name for name, place in places.items()}
    wide = [name for name, array in content.arrays.items() if array.ndim == 2]
    name = roles.get("labels") or (wide[0] if len(wide) == 1 else None)
    if name is None:
        _ask_for_array(content, wide, source, "labels_array", "labels")
    class_names = content.arrays[roles["class_names"]] if "class_names" in roles else None
    ids = _ids(content.arrays[roles["ids"]], source) if "ids" in roles else None
    _check_lengths({"ids": ids}, len(content.arrays[name]), source)
    return _labels(content.arrays[name], name, class_names, ids, source)


def _ask_for_array(content, names, source, option, what):
    choices = {name: f"an array of shape {shape_text(content.arrays[name].shape)}" for name in names}
    expected = ", ".join(ROLES["inputs" if option == "inputs" else "labels"])
    if not choices:
        raise InputError(
            f"{source} must have an array of {what} ({expected}), found {few(list(content.arrays))}: rename it."
        )
    raise ChoiceNeeded(
        f"{source} must have an array of {what} ({expected}), found {few(list(content.arrays))}: choose the one that "
        f"holds the {what}.",
        option=option,
        choices=choices,
    )


def _ask_which(content, names, source):
    raise ChoiceNeeded(
        f"A model learns from features or from images, and {source} has both ({few(names)}): choose one.",
        option="inputs",
        choices={name: f"an array of shape {shape_text(content.arrays[name].shape)}" for name in names},
    )


def _file(content, own, names, options, *, has_labels, unknown) -> FeatureFile:
    """own: role -> array of one part. names: the arrays of feature and class names. unknown: arrays of no role."""
    source = quoted(content.name)
    name = own["inputs"] if "inputs" in own else own["images"]
    array = content.arrays[name]
    n_samples = len(array) if array.ndim else 0
    ids, parts = (content.arrays[own[role]] if role in own else None for role in ("ids", "parts"))
    _check_lengths({"ids": ids, "parts": parts}, n_samples, source)
    ids = None if ids is None else _ids(ids, source)
    parts = None if parts is None else part_of_text(parts, own["parts"], source)
    labels = None
    if has_labels:
        if "labels" not in own:
            _ask_for_array(content, [each for each in unknown if content.arrays[each].ndim == 2], source, *_LABELS)
        labels = _labels(content.arrays[own["labels"]], own["labels"], names["class_names"], ids, source)
        _check_rows(labels, n_samples, name, own["labels"])
    if array.ndim in (3, 4):
        images, notices = read_images(array, name, source)
        return FeatureFile(source, n_samples, {}, labels, images, ids, parts, notices=notices)
    columns = _columns(array, name, names["feature_names"], source, options)
    groups = {each: read_column(columns.pop(each), "group", "values", name=each) for each in options.group_columns}
    return FeatureFile(source, n_samples, columns, labels, None, ids, parts, groups)


def _check_lengths(arrays, n_samples, source):
    for what, values in arrays.items():
        if values is not None and values.size != n_samples:
            raise InputError(f"{source} must have one of the {what} per sample, found {values.size} for {n_samples}.")


def _check_rows(labels, n_samples, name, labels_name):
    if labels.n_samples != n_samples:
        raise InputError(
            f"Features and labels must have a row per sample, found {n_samples:,} in {quoted(name)} and "
            f"{labels.n_samples:,} in {quoted(labels_name)} of {labels.source}: load the arrays that belong together."
        )


_LABELS = ("labels_array", "labels")


def _columns(array, name, feature_names, source, options) -> dict[str, np.ndarray]:
    if array.ndim not in (1, 2):
        raise InputError(
            f"Features must be an array of samples and features, or images, but {quoted(name)} of {source} has shape "
            f"{shape_text(array.shape)}: reshape it."
        )
    array = array[:, None] if array.ndim == 1 else array
    names = [f"feature {i}" for i in range(array.shape[1])]
    if feature_names is not None:
        names = normalised_names(np.ravel(feature_names).tolist(), f"feature names of {source}")
    if len(names) != array.shape[1]:
        raise InputError(
            f"{source} must have a name per feature, found {len(names):,} names for {array.shape[1]:,} columns of "
            f"{quoted(name)}: correct the names."
        )
    if unknown := [each for each in (*options.group_columns, *options.nominal_columns) if each not in names]:
        raise InputError(f"{source} must have the features that are named, but {few(unknown)} is none of {few(names)}.")
    transposed = np.ascontiguousarray(array.T)
    transposed = transposed.astype(object) if array.dtype.kind in "US" else transposed
    return {
        column: feature_column(values, column, source, is_nominal=column in options.nominal_columns)
        for column, values in zip(names, transposed, strict=True)
        if column not in options.left_out
    }


def _labels(array, name, class_names, ids, source) -> Matrix:
    if array.ndim not in (1, 2):
        raise InputError(
            f"Labels must be an array of samples and classes, but {quoted(name)} of {source} has shape "
            f"{shape_text(array.shape)}: reshape it."
        )
    values = array[:, None] if array.ndim == 1 else array
    values = values.astype(object) if values.dtype.kind in "US" else values
    names = None
    if class_names is not None:
        names = tuple(normalised_names(np.ravel(class_names).tolist(), f"class names of {source}"))
        if len(names) != values.shape[1]:
            raise InputError(
                f"{source} must have a class name per column of labels, found {len(names):,} names for "
                f"{values.shape[1]:,} columns of {quoted(name)}: correct the names."
            )
    return Matrix(source, values, names, ids)


def _ids(values, source) -> np.ndarray:
    return np.array([printable(each) for each in ids_as_text(values.ravel(), f"the ids of {source}")], dtype=object)
