"""Reads the sample data that the app opens with. Knows the shipped files only; NumPy is all it loads."""

from pathlib import Path

import numpy as np

from dashboard.core import Predictions
from dashboard.inputs.dataset import Dataset

SAMPLE_FOLDER = Path(__file__).resolve().parents[2] / "sample_data"
SAMPLE_PARTS = ("validation", "test")
_RUNS = {"BCE": "scores_bce", "BCE, pos_weight": "scores_pos_weight"}
# Of the 5,000 training canvases; `dashboard.training.sample_files` weights by their negatives per positive.
_TRAINED_ON, _TRAINING_POSITIVES = 5_000, (1755, 2871, 2133, 1470, 1053, 737, 633, 400, 297, 189)
_WEIGHTS = ";".join(repr((_TRAINED_ON - n) / n) for n in _TRAINING_POSITIVES)
_TRAINED_WITH = {"BCE": "bce_with_logits", "BCE, pos_weight": f"pos_weight:pos_weight={_WEIGHTS}"}
_GROUP_COLUMNS = ("background", "writer")


def read_sample(part: str = "validation") -> Dataset:
    """One part of the sample data: two runs of logits, a reader, two group columns and the pictures.

    Raises ValueError for any other part than "validation" and "test".
    """
    if part not in SAMPLE_PARTS:
        raise ValueError(f"part must be one of {SAMPLE_PARTS}, got {part!r}")
    with np.load(SAMPLE_FOLDER / f"{part}.npz") as arrays:
        columns = {name: arrays[name] for name in _GROUP_COLUMNS}
        shared = {"class_names": arrays["class_names"], "sample_ids": arrays["ids"], "columns": columns}
        labels, reader, images = (arrays[name] for name in ("labels", "hasty_reader", "images"))
        runs = {run: Predictions(arrays[name], labels, "logits", **shared) for run, name in _RUNS.items()}
    reader.flags.writeable = images.flags.writeable = False
    return Dataset(
        name=f"Sample: handwritten digits ({part})",
        runs=runs,
        readers={"hasty reader": reader},
        column_roles=dict.fromkeys(_GROUP_COLUMNS, "group"),
        images=images,
        trained_with=dict(_TRAINED_WITH),
    )
