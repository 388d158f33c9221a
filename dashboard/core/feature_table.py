"""Features and labels of samples as they came out of files: what a model is trained on before any preparation.

Knows nothing of files and models; joins those who read with those who train.
"""

from dataclasses import dataclass, field

import numpy as np

PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class FeatureTable:
    """Axis 0 is the sample everywhere.

    numbers: number column -> (n_samples,) float64, NaN where missing. nominals: column -> (n_samples,) of text as
    objects, None where missing. images: (n_samples, height, width) or (n_samples, height, width, channels) uint8 or
    float in [0, 1], instead of columns. labels: int8 (n_samples, n_classes): 1, 0, -1 unknown.
    parts: (n_samples,) of PARTS where the files say so; a part may be absent. columns: further values per sample for
    the pages (a group, a patient), not features. notices: sentences about what was understood or left out.
    """

    name: str
    labels: np.ndarray
    class_names: tuple[str, ...]
    numbers: dict[str, np.ndarray] = field(default_factory=dict)
    nominals: dict[str, np.ndarray] = field(default_factory=dict)
    images: np.ndarray | None = None
    parts: np.ndarray | None = None
    ids: np.ndarray | None = None
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @property
    def n_samples(self) -> int:
        return len(self.labels)
