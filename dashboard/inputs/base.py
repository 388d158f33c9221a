"""The samples and classes of a load: what the first run and the labels share, and where they are in any other file.

Knows nothing of what values mean.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dashboard.errors import InputError
from dashboard.inputs.join import is_count, join_classes, join_samples, shape_sentence
from dashboard.inputs.matrix import Matrix
from dashboard.sentences import counted, few

ABSENT = -1


@dataclass(frozen=True, eq=False)
class Base:
    """Rows and columns of the first run's file and of the labels' file that belong together, in the run's order."""

    scores: Matrix
    labels: Matrix
    score_rows: np.ndarray
    label_rows: np.ndarray
    score_columns: np.ndarray
    label_columns: np.ndarray
    class_names: tuple[str, ...] | None
    sample_ids: np.ndarray | None
    notices: tuple[str, ...]

    @classmethod
    def of(cls, scores: Matrix, labels: Matrix) -> "Base":
        """Joined by names and ids where both files have them; InputError where nothing or not everything fits."""
        score_columns, label_columns, names, about_classes = join_classes(scores, labels)
        score_rows, label_rows, about_samples = join_samples(scores, labels)
        ids = scores.sample_ids[score_rows] if scores.sample_ids is not None else None
        ids = labels.sample_ids[label_rows] if ids is None and labels.sample_ids is not None else ids
        notices = (*about_classes, *about_samples)
        return cls(scores, labels, score_rows, label_rows, score_columns, label_columns, names, ids, notices)

    @property
    def n_samples(self) -> int:
        return len(self.score_rows)

    def first_scores(self) -> Matrix:
        return replace(self.scores.take(self.score_rows, self.score_columns), class_names=self.class_names)

    def true_labels(self) -> Matrix:
        return replace(self.labels.take(self.label_rows, self.label_columns), class_names=self.class_names)

    def rows_in(self, other: Matrix) -> np.ndarray:
        """The row of `other` for each sample, ABSENT where it has none: by id, else by order."""
        if self.sample_ids is not None and other.sample_ids is not None:
            rows = pd.Index(other.sample_ids).get_indexer(pd.Index(self.sample_ids))
            if self.n_samples and (rows == ABSENT).all():
                raise InputError(
                    f"Sample ids must agree, but none of {few(self.sample_ids)} is in {other.source}, which has "
                    f"{few(other.sample_ids)}: choose another id column."
                )
            return rows
        fits_labels, fits_scores = (other.n_samples == m.n_samples for m in (self.labels, self.scores))
        if not (fits_labels or fits_scores):
            raise InputError(shape_sentence(self.labels, other))
        if fits_labels and fits_scores and not np.array_equal(self.label_rows, self.score_rows):
            raise InputError(
                f"{other.source} must have sample ids, because {self.scores.source} and {self.labels.source} have "
                "their samples in different orders: add the id column."
            )
        return self.label_rows if fits_labels else self.score_rows

    def columns_in(self, other: Matrix) -> np.ndarray:
        """The column of `other` for each class, ABSENT where it has none: by name, else by order."""
        names, other_names = self.class_names, other.class_names
        if names is None or other_names is None or (is_count(other_names) and not set(names) & set(other_names)):
            for file, columns in ((self.scores, self.score_columns), (self.labels, self.label_columns)):
                if other.n_classes == file.n_classes:
                    return columns
            raise InputError(shape_sentence(self.scores, other))
        position = {name: i for i, name in enumerate(other_names)}
        columns = np.array([position.get(name, ABSENT) for name in names])
        if (columns == ABSENT).all():
            raise InputError(
                f"Classes must be named alike, but {other.source} names {few(other_names)} and not one of "
                f"{few(names)}: correct the names."
            )
        return columns

    def class_name(self, column: int) -> str:
        return f"class {column}" if self.class_names is None else self.class_names[column]

    def left_out_of(self, other: Matrix, rows: np.ndarray, columns: np.ndarray) -> list[str]:
        """Notices about samples and classes of `other` that the other files lack."""
        extra_rows = np.setdiff1d(np.arange(other.n_samples), rows)
        extra_columns = np.setdiff1d(np.arange(other.n_classes), columns)
        notices = []
        if len(extra_rows) and other.sample_ids is not None and len(rows) < other.n_samples:
            ids = few(other.sample_ids[extra_rows])
            notices.append(
                f"{counted(len(extra_rows), 'sample')} of {other.source} left out, unknown to the others: {ids}."
            )
        if len(extra_columns) and other.class_names is not None:
            names = few([other.class_names[i] for i in extra_columns])
            notices.append(
                f"{counted(len(extra_columns), 'class')} of {other.source} left out, unknown to the others: {names}."
            )
        return notices
