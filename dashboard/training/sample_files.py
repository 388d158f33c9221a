"""Makes the files of sample_data/: canvases, labels and a reader from `digits`, logits from two small models.

`sample_data/README.md` describes each file. Knows nothing of how they are read.
"""

import csv
from pathlib import Path

import numpy as np

from dashboard.training.digits import CLASS_NAMES, Canvases, compose_canvases, read_scans, split_scans
from dashboard.training.hasty_reader import read_hastily
from dashboard.training.small_models import PatchModel, fit, make_templates, predict_logits

SAMPLE_PARTS = ("validation", "test")


def make_sample_data(folder: str | Path) -> None:
    """Writes validation.npz, test.npz and the validation part as CSV into the folder, over what stands there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    scans, scan_digits = read_scans()
    models = train_models(scans, scan_digits)
    for part in SAMPLE_PARTS:
        arrays = make_part(part, compose_canvases(part, scans, scan_digits), models)
        np.savez_compressed(folder / f"{part}.npz", **arrays)
        if part == "validation":
            write_csv_files(folder, part, arrays)


def train_models(scans: np.ndarray, scan_digits: np.ndarray) -> dict[str, PatchModel]:
    """The two models, from the same start on the same batches: plain BCE, and BCE with pos_weight.

    pos_weight of a class is its negatives per positive among the training canvases.
    """
    own = split_scans(len(scans))["train"]
    templates = make_templates(scans[own], scan_digits[own])
    train = compose_canvases("train", scans, scan_digits)
    prevalence = train.labels.mean(axis=0)
    pos_weights = {"bce": None, "pos_weight": (1 - prevalence) / prevalence}
    return {
        name: fit(PatchModel(templates, prevalence), train.images, train.labels, pos_weight)
        for name, pos_weight in pos_weights.items()
    }


def make_part(part: str, canvases: Canvases, models: dict[str, PatchModel]) -> dict[str, np.ndarray]:
    """The arrays of one part by name; logits are rounded to four decimals, so that the CSV holds them in full."""
    logits = {
        f"scores_{name}": np.round(predict_logits(model, canvases.images), 4).astype(np.float32)
        for name, model in models.items()
    }
    return logits | {
        "labels": canvases.labels,
        "hasty_reader": read_hastily(canvases, part),
        "class_names": np.array(CLASS_NAMES),
        "ids": np.array([f"{part}-{row:04d}" for row in range(len(canvases.labels))]),
        "background": canvases.background,
        "writer": canvases.writer,
        "images": canvases.images,
    }


def write_csv_files(folder: Path, part: str, arrays: dict[str, np.ndarray]) -> None:
    """The same arrays, images excepted, as the tables that people upload: an id column, then a column per class."""
    for name in ("scores_bce", "scores_pos_weight"):
        rows = [[f"{score:.4f}" for score in row] for row in arrays[name].tolist()]
        _write_table(folder / f"{part}_{name}.csv", CLASS_NAMES, arrays["ids"], rows)
    for name in ("labels", "hasty_reader"):
        _write_table(folder / f"{part}_{name}.csv", CLASS_NAMES, arrays["ids"], arrays[name].tolist())
    columns = np.column_stack([arrays["background"], arrays["writer"]]).tolist()
    _write_table(folder / f"{part}_columns.csv", ("background", "writer"), arrays["ids"], columns)


def _write_table(path, header, ids, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", *header])
        writer.writerows([name, *row] for name, row in zip(ids.tolist(), rows, strict=True))
