"""What models are trained and judged on: three parts of inputs and labels, ready for a model.

Knows nothing of where they come from and of models. Importing it loads numpy alone.
"""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import numpy as np

from dashboard.core.feature_table import PARTS

PART_WORDS = MappingProxyType({"train": "training", "validation": "validation", "test": "test"})


@dataclass(frozen=True, eq=False)
class DataPart:
    """inputs: (n_samples, n_features) or (n_samples, channels, height, width), float32 or float64, finite.

    labels: int8 (n_samples, n_classes): 1, 0, -1 unknown. ids: (n_samples,) of text. columns: name -> (n_samples,),
    groups for the pages. images: (n_samples, height, width) uint8, to look at.
    """

    inputs: np.ndarray
    labels: np.ndarray
    ids: np.ndarray | None = None
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    images: np.ndarray | None = None

    @property
    def n_samples(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, eq=False)
class TrainingData:
    """notices: sentences about what was prepared, left out or looks odd. preparation: plain values, what was done to
    the features (fitted on the training part alone), for who repeats it elsewhere."""

    name: str
    class_names: tuple[str, ...]
    train: DataPart
    validation: DataPart
    test: DataPart
    notices: tuple[str, ...] = ()
    preparation: dict = field(default_factory=dict)

    @property
    def parts(self) -> dict[str, DataPart]:
        return {name: getattr(self, name) for name in PARTS}

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Of one sample: (n_features,) or (channels, height, width)."""
        return self.train.inputs.shape[1:]

    @property
    def is_image(self) -> bool:
        return len(self.input_shape) == 3

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of inputs, labels and class names."""
        content = hashlib.sha256(repr((self.class_names, self.input_shape)).encode())
        for part in self.parts.values():
            content.update(f"{part.inputs.dtype} {part.n_samples}".encode())
            content.update(np.ascontiguousarray(part.inputs).tobytes())
            content.update(np.ascontiguousarray(part.labels, dtype=np.int8).tobytes())
        return content.hexdigest()
