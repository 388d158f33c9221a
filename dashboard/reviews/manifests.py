"""The data of a review as a manifest, plain values that name arrays, and back. Knows nothing of where they lie."""

import json
from collections.abc import Callable
from dataclasses import asdict

import numpy as np

from dashboard.core import Predictions
from dashboard.reviews.array_files import ArrayFile, ArrayRef
from dashboard.reviews.review_data import ReviewData

FORMAT = 1


class Packed:
    """`manifest`: text, the same for the same data; `files`: digest -> each array once."""

    def __init__(self, data: ReviewData):
        self.files: dict[str, ArrayFile] = {}
        self._seen: dict[tuple, tuple[np.ndarray, dict]] = {}
        self.manifest = json.dumps(self._data(data))

    def _data(self, data):
        return {
            "format": FORMAT,
            "name": data.name,
            "digest": data.digest,
            "runs": [[name, self._run(run)] for name, run in data.runs.items()],
            "readers": self._named(data.readers),
            "column_roles": list(data.column_roles.items()),
            "class_groups": list(data.class_groups.items()),
            "soft_labels": self._array(data.soft_labels),
            "soft_cut": data.soft_cut,
            "images": self._array(data.images),
            "notices": list(data.notices),
            "rows": self._array(data.rows),
            "trained_with": list(data.trained_with.items()),
        }

    def _run(self, run):
        return {
            "score_kind": run.score_kind,
            "class_names": run.class_names,
            "scores": self._array(run.scores),
            "labels": self._array(run.labels),
            "sample_ids": self._array(run.sample_ids),
            "columns": self._named(run.columns),
        }

    def _named(self, arrays):
        return [[name, self._array(array)] for name, array in arrays.items()]

    def _array(self, array):
        """The reference as plain values; runs share labels, ids and columns, which are hashed once."""
        if array is None:
            return None
        memory = array.__array_interface__["data"][0], array.shape, array.strides, array.dtype.str
        if memory not in self._seen:
            file = ArrayFile.of(array)
            self.files[file.ref.digest] = file
            self._seen[memory] = array, asdict(file.ref)  # held, so that no other array gets its memory
        return self._seen[memory][1]


def unpacked(manifest: str, read: Callable[[ArrayRef], np.ndarray]) -> ReviewData:
    """The data of a manifest; `read` gives the array of a reference and is asked once for each."""
    told, arrays = json.loads(manifest), {}

    def array(ref):
        if ref is None:
            return None
        ref = ArrayRef(**ref)
        if ref not in arrays:
            arrays[ref] = read(ref)
        return arrays[ref]

    def run(told):
        return Predictions(
            array(told["scores"]),
            array(told["labels"]),
            told["score_kind"],
            told["class_names"],
            array(told["sample_ids"]),
            {name: array(ref) for name, ref in told["columns"]},
        )

    return ReviewData(
        name=told["name"],
        digest=told["digest"],
        runs={name: run(each) for name, each in told["runs"]},
        readers={name: array(ref) for name, ref in told["readers"]},
        column_roles=dict(told["column_roles"]),
        class_groups=dict(told["class_groups"]),
        soft_labels=array(told["soft_labels"]),
        soft_cut=told["soft_cut"],
        images=array(told["images"]),
        notices=tuple(told["notices"]),
        rows=array(told["rows"]),
        trained_with=dict(told["trained_with"]),
    )
