"""The data of a review: runs, readers and what belongs to the samples, as plain arrays and dicts.

Has the fields of what the pages load except the folder of its media, but knows nothing of files and pages.
"""

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from dashboard.core import Predictions


@dataclass(frozen=True, eq=False)
class ReviewData:
    """Runs over the same samples and classes.

    digest: as the pages name this data. runs: run name -> Predictions, in the order of loading. readers: reader name
    -> 0/1 decisions, int8 (n_samples, n_classes), -1 for none. column_roles: column of the samples -> its role.
    class_groups: class name -> its group. soft_labels: (n_samples, n_classes) in [0, 1]. images: (n_samples, height,
    width) uint8. rows: (n_samples,) the row of each sample in what was loaded. trained_with: run name -> its loss.
    """

    name: str
    digest: str
    runs: dict[str, Predictions]
    readers: dict[str, np.ndarray] = field(default_factory=dict)
    column_roles: dict[str, str] = field(default_factory=dict)
    class_groups: dict[str, str] = field(default_factory=dict)
    soft_labels: np.ndarray | None = None
    soft_cut: float | None = None
    images: np.ndarray | None = None
    notices: tuple[str, ...] = ()
    rows: np.ndarray | None = None
    trained_with: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, dataset: Any) -> "ReviewData":
        """Of anything that has these fields."""
        return cls(**{each.name: getattr(dataset, each.name) for each in fields(cls)})

    def as_fields(self) -> dict[str, Any]:
        """Every field but the digest, which follows from them: what the pages' data is made from."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "digest"}

    @property
    def first_run(self) -> Predictions:
        return next(iter(self.runs.values()))
