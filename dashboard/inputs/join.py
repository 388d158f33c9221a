"""Brings two matrices together: classes by name, samples by id, else by their order, and says what has no counterpart.

Knows nothing of what the values mean.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.matrix import Matrix
from dashboard.sentences import counted, few


def join_classes(scores: Matrix, other: Matrix) -> tuple[np.ndarray, np.ndarray, tuple[str, ...] | None, list[str]]:
    """Columns of `scores`, the matching columns of `other`, the names (None: nobody names them), and notices.

    By name where both have names, in the order of `scores`; else by position when the numbers agree.
    """
    names, other_names = _names_to_join(scores, other)
    if names is None or other_names is None:
        if scores.n_classes != other.n_classes:
            raise InputError(shape_sentence(scores, other))
        columns = np.arange(scores.n_classes)
        return columns, columns, names or other_names, []
    position = {name: i for i, name in enumerate(other_names)}
    shared = [i for i, name in enumerate(names) if name in position]
    if not shared:
        raise InputError(
            f"Classes must be named alike in both files, but {scores.source} names {few(names)} and {other.source} "
            f"{few(other_names)}: correct the names, or give them in order for both."
        )
    columns, other_columns = np.array(shared), np.array([position[names[i]] for i in shared])
    notices = _class_notices(scores.source, names, columns, other.source, other_names, other_columns)
    return columns, other_columns, tuple(names[i] for i in shared), notices


def join_samples(scores: Matrix, other: Matrix) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Rows of `scores`, the matching rows of `other`, and notices: by id, else by order when the numbers agree."""
    ids, other_ids = scores.sample_ids, other.sample_ids
    if ids is None or other_ids is None:
        if scores.n_samples != other.n_samples:
            raise InputError(shape_sentence(scores, other))
        rows = np.arange(scores.n_samples)
        return rows, rows, _order_notice(scores, other)
    if len(ids) == len(other_ids) and (ids == other_ids).all():
        rows = np.arange(len(ids))
        return rows, rows, []
    found = pd.Index(other_ids).get_indexer(pd.Index(ids))
    rows = np.flatnonzero(found >= 0)
    if not len(rows):
        raise InputError(
            f"Sample ids must agree, but none of {few(ids)} in {scores.source} is among {few(other_ids)} in "
            f"{other.source}: choose other id columns, or none to match rows by order."
        )
    other_rows = found[rows]
    notices = _left_out(scores.source, ids, rows, other.source, "sample")
    return rows, other_rows, notices + _left_out(other.source, other_ids, other_rows, scores.source, "sample")


def shape_sentence(scores: Matrix, other: Matrix) -> str:
    """Why two matrices cannot be laid over each other, and the likely reason."""
    shape, other_shape = scores.values.shape, other.values.shape
    found = f"{scores.source} and {other.source} must have the same shape, found {shape} and {other_shape}"
    if shape == other_shape[::-1]:
        return f"{found}: one of them is transposed; save it with a row per sample and a column per class."
    if shape[0] == other_shape[0]:
        return f"{found}: choose one column per class in both, or name the classes in both."
    if abs(shape[0] - other_shape[0]) == 1:
        return (
            f"{found}: one row more may be a header that was read as data or left out; else add an id column to both."
        )
    return (
        f"{found}: add an id column to both files so that rows can be matched, or load the files that belong together."
    )


def _names_to_join(scores, other):
    """The names of both; a mere count (0, 1, 2, ... as pandas writes it) is no name if the other has real ones."""
    names, other_names = scores.class_names, other.class_names
    if names is None or other_names is None or set(names) & set(other_names):
        return names, other_names
    if len(names) == len(other_names):
        if is_count(names):
            return None, other_names
        if is_count(other_names):
            return names, None
    return names, other_names


def is_count(names):
    return list(names) == [str(i) for i in range(len(names))]


def _class_notices(source, names, columns, other_source, other_names, other_columns):
    notices = _left_out(source, names, columns, other_source, "class")
    notices += _left_out(other_source, other_names, other_columns, source, "class")
    if (np.diff(other_columns) < 0).any():
        notices.append(f"{other_source} has the classes in another order than {source}; they were joined by name.")
    return notices


def _left_out(source, names: Sequence, kept, other_source, noun):
    if len(kept) == len(names):
        return []
    missing = [names[i] for i in np.setdiff1d(np.arange(len(names)), kept)]
    return [f"{counted(len(missing), noun)} of {source} left out, not found in {other_source}: {few(missing)}."]


def _order_notice(scores, other):
    if (scores.sample_ids is None) == (other.sample_ids is None):
        return []
    has, lacks = (scores, other) if scores.sample_ids is not None else (other, scores)
    return [f"{has.source} has sample ids and {lacks.source} has none; rows were matched by their order."]
