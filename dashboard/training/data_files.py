"""Training data as one .npz file and back, exactly and without pickle: what the server hands to its worker.

Knows nothing of people's files: only what was written here is read here.
"""

import json
from pathlib import Path

import numpy as np

from dashboard.core.feature_table import PARTS
from dashboard.training.data import DataPart, TrainingData

_TEXTS = "UO"  # kinds of arrays whose values are written as JSON: text, None where missing


def save_data(data: TrainingData, path: str | Path) -> None:
    """Writes the three parts, names, notices and preparation; OSError where the disk is full."""
    arrays = {}
    for name, part in data.parts.items():
        _put(arrays, f"{name}/inputs", part.inputs)
        _put(arrays, f"{name}/labels", part.labels)
        _put(arrays, f"{name}/ids", part.ids)
        _put(arrays, f"{name}/images", part.images)
        _put_all(arrays, f"{name}/columns", part.columns)
    about = {"name": data.name, "class_names": data.class_names, "notices": data.notices}
    _write(arrays, about | {"preparation": data.preparation}, path)


def load_data(path: str | Path) -> TrainingData:
    """What `save_data` wrote: the same arrays, the same digest."""
    arrays, about = _read(path)
    parts = {
        name: DataPart(
            arrays[f"{name}/inputs"],
            arrays[f"{name}/labels"],
            arrays.get(f"{name}/ids"),
            _all_of(arrays, f"{name}/columns"),
            arrays.get(f"{name}/images"),
        )
        for name in PARTS
    }
    return TrainingData(
        about["name"],
        tuple(about["class_names"]),
        **parts,
        notices=tuple(about["notices"]),
        preparation=about["preparation"],
    )


def _put_all(arrays, place, columns) -> None:
    _put(arrays, place, np.array(list(columns), dtype=object))
    for position, values in enumerate(columns.values()):
        _put(arrays, f"{place}/{position}", values)


def _put(arrays, place, values) -> None:
    """Numbers as they are; text as the bytes of a JSON list, under a name that tells its kind."""
    if values is None:
        return
    if values.dtype.kind in _TEXTS:
        place, values = f"{place}|{values.dtype.kind}", np.frombuffer(json.dumps(values.tolist()).encode(), np.uint8)
    arrays[place] = values


def _all_of(arrays, place) -> dict[str, np.ndarray]:
    return {name: arrays[f"{place}/{position}"] for position, name in enumerate(arrays[place])}


def _write(arrays, about, path) -> None:
    with Path(path).open("wb") as file:
        np.savez(file, **arrays, about=np.frombuffer(json.dumps(about).encode(), np.uint8))


def _read(path) -> tuple[dict[str, np.ndarray], dict]:
    with np.load(path, allow_pickle=False) as stored:
        arrays = {place: stored[place] for place in stored.files}
    about = json.loads(arrays.pop("about").tobytes())
    return dict(_got(place, values) for place, values in arrays.items()), about


def _got(place, values) -> tuple[str, np.ndarray]:
    place, _, kind = place.partition("|")
    return place, np.array(json.loads(values.tobytes()), dtype=str if kind == "U" else object) if kind else values
