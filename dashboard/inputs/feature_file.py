"""Files of features as people name them, what they settle beforehand, and what one such file holds.

Knows nothing of formats and of how several files become one table.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dashboard.errors import InputError
from dashboard.inputs.mapping import MEANINGS, LabelMapping
from dashboard.inputs.matrix import Matrix

# (name, source) gives bytes, an upload or a stored file the name that people know it by.
FeatureSource = str | Path | bytes | BinaryIO | tuple[str, str | Path | bytes | BinaryIO]


@dataclass(frozen=True)
class FeatureFiles:
    """features: with their labels, or without where `labels` is a file of its own. xml: MULAN's list of labels.

    validation, test: further files of the same columns; without them one file is split later. validation_labels,
    test_labels: where their labels are files too; None takes `labels`, joined by id.
    """

    features: FeatureSource
    labels: FeatureSource | None = None
    validation: FeatureSource | None = None
    validation_labels: FeatureSource | None = None
    test: FeatureSource | None = None
    test_labels: FeatureSource | None = None
    xml: FeatureSource | None = None


@dataclass(frozen=True)
class FeatureOptions:
    """What a person settles; whatever is empty is told by the files, or asked for by a ChoiceNeeded.

    label_columns, n_labels (the last columns), label_prefix: which columns are labels. label_layout: "names" where one
    column lists the true classes. inputs, labels_array: arrays of an .npz. id_column, part_column (train, validation,
    test), group_columns (kept beside the features), left_out. nominal_columns: numbers that are codes of categories.
    minus_one, missing, label_values, soft_cut: as in ReadOptions. class_names: in the order of the labels.
    """

    label_columns: tuple[str, ...] = ()
    n_labels: int | None = None
    label_prefix: str | None = None
    label_layout: str | None = None
    inputs: str | None = None
    labels_array: str | None = None
    id_column: str | None = None
    part_column: str | None = None
    group_columns: tuple[str, ...] = ()
    nominal_columns: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    minus_one: str | None = None
    missing: str | None = None
    label_values: dict[str, str] = field(default_factory=dict)
    soft_cut: float | None = None
    class_names: tuple[str, ...] = ()

    def __post_init__(self):
        for name in ("label_columns", "group_columns", "nominal_columns", "left_out", "class_names"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        ways = [name for name in ("label_columns", "n_labels", "label_prefix") if getattr(self, name)]
        if len(ways) > 1:
            raise InputError(f"Labels must be told in one way, got {' and '.join(ways)}: keep one of them.")
        if self.label_layout not in (None, "wide", "names"):
            raise InputError(f"The layout of labels must be wide or names, got {self.label_layout!r}: choose one.")
        for meaning in (self.minus_one, self.missing, *self.label_values.values()):
            if meaning is not None and meaning not in MEANINGS:
                raise InputError(f"A label value must mean {', '.join(MEANINGS)}, got {meaning!r}: choose one of them.")

    @property
    def label_mapping(self) -> LabelMapping:
        values = dict(self.label_values)
        values |= {"-1": self.minus_one} if self.minus_one else {}
        values |= {"NaN": self.missing} if self.missing else {}
        return LabelMapping(values=values, soft_cut=self.soft_cut)


@dataclass(frozen=True, eq=False)
class FeatureFile:
    """What one file holds. source: its quoted name, for messages.

    columns: feature -> (n_samples,) float64 with NaN, or text as objects with None, where missing; or images instead.
    labels: None where they are in another file. parts: (n_samples,) of PARTS. groups: columns that are no features.
    """

    source: str
    n_samples: int
    columns: dict[str, np.ndarray]
    labels: Matrix | None = None
    images: np.ndarray | None = None
    ids: np.ndarray | None = None
    parts: np.ndarray | None = None
    groups: dict[str, np.ndarray] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
