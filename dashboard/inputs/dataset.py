"""What was loaded, as one thing: runs, readers and sample columns over the same samples and classes.

Knows nothing of files (already read) and of screens.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from dashboard.core import Predictions

COLUMN_ROLES = ("group", "unit", "text", "image", "audio")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Runs over the same samples, classes and labels, with what belongs to the samples.

    runs: run name -> Predictions; the order is the order of loading.
    readers: reader name -> 0/1 decisions, int8 (n_samples, n_classes), -1 where the reader gave none.
    column_roles: column of the samples -> one of COLUMN_ROLES.
    class_groups: class name -> a grouping the user brought (a family, an organ), or empty.
    soft_labels: the labels as uploaded in [0, 1] where they were soft (the metrics use those cut at `soft_cut`).
    images: (n_samples, height, width) uint8 pictures of the samples, where the sample data brings them.
    media: the folder below which the pictures and sounds of the columns lie; only for files opened where the app runs.
    notices: sentences about what was understood, left out or looks odd; shown, never hidden.
    trained_with: run name -> the loss it was trained with, as text ("focal:gamma=3"), where that is recorded.
    rows: (n_samples,) the row of each sample in what was loaded, where only some were taken; None for all.
    """

    name: str
    runs: dict[str, Predictions]
    readers: dict[str, np.ndarray] = field(default_factory=dict)
    column_roles: dict[str, str] = field(default_factory=dict)
    class_groups: dict[str, str] = field(default_factory=dict)
    soft_labels: np.ndarray | None = None
    soft_cut: float | None = None
    images: np.ndarray | None = None
    media: Path | None = None
    notices: tuple[str, ...] = ()
    rows: np.ndarray | None = None
    trained_with: dict[str, str] = field(default_factory=dict)

    @property
    def first_run(self) -> Predictions:
        return next(iter(self.runs.values()))

    @property
    def group_columns(self) -> list[str]:
        """The columns by which samples are grouped, in the order of loading."""
        return [name for name, role in self.column_roles.items() if role == "group"]

    def take(self, rows) -> "Dataset":
        """The same for some samples: `rows` as indices or a boolean mask, in the order given."""
        taken = np.arange(self.first_run.n_samples)[rows] if self.rows is None else self.rows[rows]
        taken.flags.writeable = False
        return replace(
            self,
            runs={name: run.take(rows) for name, run in self.runs.items()},
            readers={name: decisions[rows] for name, decisions in self.readers.items()},
            soft_labels=None if self.soft_labels is None else self.soft_labels[rows],
            images=None if self.images is None else self.images[rows],
            rows=taken,
        )

    @property
    def words(self) -> dict:
        """What the digest does not cover: whoever loads the same arrays may say it otherwise."""
        return {"name": self.name, "notices": self.notices, "trained_with": self.trained_with}

    def in_words(self, words: dict) -> "Dataset":
        """The same arrays in the words of another who loaded them."""
        if words == self.words:
            return self
        told = replace(self, **words)
        if "digest" in vars(self):  # found once over all arrays, and the same
            vars(told)["digest"] = self.digest
        return told

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over the names and digests of the runs, the readers, roles, class groups and soft labels."""
        content = hashlib.sha256()
        for name, run in self.runs.items():
            content.update(f"{name}\0{run.digest}\0".encode())
        for name, decisions in self.readers.items():
            content.update(f"{name}\0".encode() + np.ascontiguousarray(decisions, dtype=np.int8).tobytes())
        content.update(json.dumps([self.column_roles, self.class_groups, self.soft_cut]).encode())
        if self.soft_labels is not None:
            content.update(np.ascontiguousarray(self.soft_labels, dtype="<f8").tobytes())
        return content.hexdigest()
