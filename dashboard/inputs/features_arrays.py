"""Named arrays (.npz; a lone .npy) as features or images and labels, by the names of the arrays, also part by part.

Knows nothing of tables and ARFF.
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.content import FileContent
from dashboard.inputs.feature_columns import feature_column
from dashboard.inputs.feature_file import FeatureFile, FeatureOptions
from dashboard.inputs.features_table import PART_WORDS, part_of_text
from dashboard.inputs.limits import shape_text
from dashboard.inputs.matrix import Matrix, ids_as_text
from dashboard.inputs.names import normalised_names, printable, quoted
from dashboard.inputs.sentences import few

_ROLES = {
    "inputs": ("features", "x", "inputs", "input", "data"),
    "images": ("images", "image", "pixels"),
    "labels": ("labels", "y", "targets", "target", "label"),
    "ids": ("ids", "id", "sample_ids"),
    "parts": ("parts", "part", "split"),
    "feature_names": ("feature_names", "features_names", "columns"),
    "class_names": ("class_names", "classes", "label_names"),
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names}
_PART = "|".join(sorted(PART_WORDS, key=len, reverse=True))
_BEFORE = re.compile(rf"({_PART})[_. /-]*(.+)")
_AFTER = re.compile(rf"(.+?)[_. /-]*({_PART})")
_CHANNELS = (1, 3, 4)


@dataclass(frozen=True)
class _Place:
    role: str | None
    part: str | None


def read_feature_arrays(
    content: FileContent, options: FeatureOptions, *, has_labels: bool
) -> dict[str | None, FeatureFile]:
    """What each part's arrays hold; the key is None where the names of the arrays tell no part.

    Arrays are known by names such as features, X, images, labels, y, ids, feature_names, class_names, with or without
    train, validation or test before or after them. InputError where features (or labels, if has_labels) are missing.
    """
    source = quoted(content.name)
    places = {name: _place(name, options) for name in content.arrays}
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
    places = {name: _place(name, options) for name in content.arrays}
    roles = {place.role: name for name, place in places.items()}
    wide = [name for name, array in content.arrays.items() if array.ndim == 2]
    name = roles.get("labels") or (wide[0] if len(wide) == 1 else None)
    if name is None:
        _ask_for_array(content, wide, source, "labels_array", "labels")
    class_names = content.arrays[roles["class_names"]] if "class_names" in roles else None
    ids = content.arrays[roles["ids"]] if "ids" in roles else None
    return _labels(content.arrays[name], name, class_names, ids, source)


def _place(name, options) -> _Place:
    """The role and part that an array's name tells; an option settles the role of the array it names."""
    word, part = name.lower(), None
    if word not in _ROLE_OF:
        for pattern, at, rest in ((_BEFORE, 1, 2), (_AFTER, 2, 1)):
            match = pattern.fullmatch(word)
            if match and (match[rest] in _ROLE_OF or name in (options.inputs, options.labels_array)):
                word, part = match[rest], PART_WORDS[match[at]]
                break
    if name in (options.inputs, ""):  # a lone array has no name
        return _Place("inputs", part)
    if name == options.labels_array:
        return _Place("labels", part)
    role = _ROLE_OF.get(word)
    if role in ("inputs", "images") and options.inputs is not None and _place(options.inputs, _NO_OPTIONS).part == part:
        return _Place(None, None)  # another array was chosen for this part
    return _Place(role, part)


_NO_OPTIONS = FeatureOptions()


def _ask_for_array(content, names, source, option, what):
    choices = {name: f"an array of shape {shape_text(content.arrays[name].shape)}" for name in names}
    expected = ", ".join(_ROLES["inputs" if option == "inputs" else "labels"])
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
    source = quoted(content.name)
    name = own["inputs"] if "inputs" in own else own["images"]
    array = content.arrays[name]
    n_samples = len(array) if array.ndim else 0
    ids = content.arrays[own["ids"]] if "ids" in own else None
    labels = None
    if has_labels:
        if "labels" not in own:
            _ask_for_array(content, [each for each in unknown if content.arrays[each].ndim == 2], source, *_LABELS)
        labels = _labels(content.arrays[own["labels"]], own["labels"], names["class_names"], ids, source)
        if labels.n_samples != n_samples:
            raise InputError(
                f"Features and labels must have a row per sample, found {n_samples:,} in {quoted(name)} and "
                f"{labels.n_samples:,} in {quoted(own['labels'])} of {source}: load the arrays that belong together."
            )
    images, columns, notices = None, {}, ()
    if array.ndim in (3, 4):
        images, notices = _images(array, name, source)
    else:
        columns = _columns(array, name, names["feature_names"], source, set(options.nominal_columns))
    columns = {column: values for column, values in columns.items() if column not in options.left_out}
    parts = part_of_text(content.arrays[own["parts"]], own["parts"], source) if "parts" in own else None
    for what, values in (("ids", ids), ("parts", parts)):
        if values is not None and len(values) != n_samples:
            raise InputError(f"{source} must have one of the {what} per sample, found {len(values)} for {n_samples}.")
    ids = None if ids is None else _ids(ids, source)
    return FeatureFile(source, n_samples, columns, labels, images, ids, parts, notices=notices)


_LABELS = ("labels_array", "labels")


def _columns(array, name, feature_names, source, nominal) -> dict[str, np.ndarray]:
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
    transposed = np.ascontiguousarray(array.T)
    transposed = transposed.astype(object) if array.dtype.kind in "US" else transposed
    return {
        column: feature_column(values, column, source, is_nominal=column in nominal)
        for column, values in zip(names, transposed, strict=True)
    }


def _images(array, name, source) -> tuple[np.ndarray, tuple[str, ...]]:
    """(n, height, width) or (n, height, width, channels), uint8, or float from 0 to 1; and what was done."""
    what, notices = f"{quoted(name)} of {source}", ()
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise InputError(f"Images must be finite numbers, but {what} holds others: correct them.")
    if array.ndim == 4 and array.shape[-1] not in _CHANNELS:
        if array.shape[1] not in _CHANNELS:
            raise InputError(
                f"Images must have 1, 3 or 4 channels, last or second, but {what} has shape {shape_text(array.shape)}."
            )
        array, notices = np.moveaxis(array, 1, -1), (f"The channels of {what} come second and were put last.",)
    low, high = (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)
    if low < 0 or high > 255:
        raise InputError(
            f"Pixels must lie from 0 to 1 or from 0 to 255, but those of {what} lie from {low:g} to "
            f"{high:g}: scale them."
        )
    if array.dtype.kind == "b" or (array.dtype.kind == "f" and high <= 1):
        return array.astype(np.float32), notices
    if array.dtype.kind == "f":
        return (array / 255).astype(np.float32), (
            *notices,
            f"The pixels of {what}, up to {high:g}, were divided by 255.",
        )
    return array.astype(np.uint8), notices


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
    return Matrix(source, values, names, None if ids is None else _ids(ids, source))


def _ids(values, source) -> np.ndarray:
    return np.array([printable(each) for each in ids_as_text(values.ravel(), f"the ids of {source}")], dtype=object)
