"""Scores and labels of the same samples and classes, checked once and never changed.

Knows nothing of thresholds, files or screens. Everything computed later starts from here.
"""

import hashlib
import json
from functools import cached_property

import numpy as np

from dashboard.core.scale import SCORE_KINDS

UNKNOWN = -1


class Predictions:
    """Scores and labels with the names of their classes and samples; arrays are kept as read-only views.

    scores: (n_samples, n_classes), float32 or float64 (float16 is widened), no NaN; probabilities lie in [0, 1].
    labels: (n_samples, n_classes) of 1 positive, 0 negative, -1 unknown.
    columns: further values per sample (group, unit, text), each (n_samples,).
    Raises ValueError when any of this does not hold.
    """

    def __init__(self, scores, labels, score_kind="logits", class_names=None, sample_ids=None, columns=None):
        self.score_kind = _checked_kind(score_kind)
        self.scores = _checked_scores(scores, score_kind)
        self.labels = _checked_labels(labels, self.scores.shape)
        self.class_names = _checked_class_names(class_names, self.n_classes)
        self.sample_ids = None if sample_ids is None else self._per_sample("sample_ids", sample_ids)
        self.columns = {str(name): self._per_sample(name, values) for name, values in (columns or {}).items()}

    @property
    def n_samples(self) -> int:
        return self.scores.shape[0]

    @property
    def n_classes(self) -> int:
        return self.scores.shape[1]

    @cached_property
    def support(self) -> np.ndarray:
        """Known positives per class: (n_classes,) int64."""
        return _count_per_class(self.labels, 1)

    @cached_property
    def n_known(self) -> np.ndarray:
        """Known cells per class: (n_classes,) int64."""
        return self.n_samples - _count_per_class(self.labels, UNKNOWN)

    @property
    def prevalence(self) -> np.ndarray:
        """support / known cells: (n_classes,), NaN for a class without a known cell."""
        with np.errstate(invalid="ignore"):
            return self.support / self.n_known

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the content: the same data gives the same digest on any machine and in any memory order."""
        content = hashlib.sha256()
        header = {"kind": self.score_kind, "shape": self.scores.shape, "dtype": self.scores.dtype.name}
        header |= {"classes": self.class_names, "columns": list(self.columns), "ids": self.sample_ids is not None}
        content.update(json.dumps(header).encode())
        for array in (self.scores, self.labels):
            _hash_rows(content, array)
        for values in ([] if self.sample_ids is None else [self.sample_ids]) + list(self.columns.values()):
            content.update(json.dumps([str(value) for value in values.tolist()]).encode())
        return content.hexdigest()

    @cached_property
    def tuning_digest(self) -> str:
        """SHA-256 (hex) of what thresholds are tuned on: scores, labels, score kind and class names.

        Ids and columns are not in it, nor the column that thresholds per group are also tuned on.
        """
        content = hashlib.sha256()
        header = [self.score_kind, self.scores.shape, self.scores.dtype.name, self.class_names]
        content.update(json.dumps(header).encode())
        for array in (self.scores, self.labels):
            _hash_rows(content, array)
        return content.hexdigest()

    def take(self, rows) -> "Predictions":
        """The same for some samples: `rows` as indices or a boolean mask, in the order given."""
        rows = np.arange(self.n_samples)[rows]
        return Predictions(
            _rows_of(self.scores, rows),
            _rows_of(self.labels, rows),
            self.score_kind,
            self.class_names,
            None if self.sample_ids is None else self.sample_ids[rows],
            {name: values[rows] for name, values in self.columns.items()},
        )

    def without_cells(self, cells) -> "Predictions":
        """The same with some cells unknown: `cells` is bool (n_samples, n_classes). Itself where none is left out."""
        if not cells.any():
            return self
        labels = np.where(cells, np.int8(UNKNOWN), self.labels)
        return Predictions(self.scores, labels, self.score_kind, self.class_names, self.sample_ids, self.columns)

    def _per_sample(self, name, values) -> np.ndarray:
        values = np.asarray(values)
        if values.shape != (self.n_samples,):
            raise ValueError(f"{name} must have shape ({self.n_samples},), got {values.shape}")
        return _read_only(values)


def _rows_of(matrix, rows) -> np.ndarray:
    """Some rows, as indices; where rows lie together `take` copies them several times faster than indexing does."""
    return matrix.take(rows, axis=0) if matrix.flags.c_contiguous else matrix[rows]


def _checked_kind(score_kind):
    if score_kind not in SCORE_KINDS:
        raise ValueError(f"score_kind must be one of {SCORE_KINDS}, got {score_kind!r}")
    return score_kind


def _checked_scores(scores, score_kind):
    scores = np.asarray(scores)
    if scores.ndim != 2:
        raise ValueError(f"scores must have shape (n_samples, n_classes), got {scores.shape}")
    if scores.dtype.kind != "f" or scores.dtype.itemsize not in (2, 4, 8):
        raise ValueError(f"scores must be float32 or float64, got {scores.dtype}")
    native = np.float32 if scores.dtype.itemsize == 2 else scores.dtype.newbyteorder("=")
    scores = scores.astype(native, copy=False)
    if scores.size and np.isnan(low := scores.min()):
        raise ValueError("scores must not contain NaN")
    if scores.size and score_kind == "probabilities" and (low < 0 or scores.max() > 1):
        raise ValueError("probabilities must lie in [0, 1]")
    return _read_only(scores)


def _checked_labels(labels, shape):
    labels = np.asarray(labels)
    if labels.shape != shape:
        raise ValueError(f"labels must have the shape of the scores, {shape}, got {labels.shape}")
    if labels.dtype.kind not in "biuf":
        raise ValueError(f"labels must be whole numbers, got {labels.dtype}")
    if labels.size and not (labels.min() >= UNKNOWN and labels.max() <= 1):  # false for NaN too
        raise ValueError("labels must be 1 (positive), 0 (negative) or -1 (unknown)")
    whole = labels.astype(np.int8, copy=False)
    if labels.dtype.kind == "f" and not np.array_equal(whole, labels):
        raise ValueError("labels must be 1 (positive), 0 (negative) or -1 (unknown)")
    return _read_only(whole)


def _checked_class_names(class_names, n_classes):
    names = [f"class {i}" for i in range(n_classes)] if class_names is None else [str(name) for name in class_names]
    if len(names) != n_classes:
        raise ValueError(f"class_names must name {n_classes} classes, got {len(names)}")
    if len(set(names)) != len(names):
        raise ValueError("class_names must be distinct")
    return tuple(names)


def _read_only(array):
    array = array.view()
    array.flags.writeable = False
    return array


def _count_per_class(labels, value):
    counts = np.zeros(labels.shape[1], dtype=np.int64)
    for start in range(0, len(labels), 65_536):  # blocks: a boolean copy of all labels would double their memory
        counts += (labels[start : start + 65_536] == value).sum(axis=0)
    return counts


def _hash_rows(content, array):
    little = array.dtype.newbyteorder("<")
    for start in range(0, len(array), 65_536):
        content.update(np.ascontiguousarray(array[start : start + 65_536], dtype=little).data)
