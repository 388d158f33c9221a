"""What a training leaves on disk, written and read: runs with their logits, weights and script, the data, the plan.

In a folder: plan.json, data.npz, runs.json (the list, written last) and for each run <run>/validation.npz, test.npz,
weights.safetensors and train.py. Each file is there whole or not at all. Loads no torch; knows nothing of processes.
"""

import json
import os
import secrets
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dashboard.training.data import DataPart, TrainingData
from dashboard.training.plan import TrainingPlan

PLAN_FILE, DATA_FILE, INDEX_FILE, ZIP_FILE = "plan.json", "data.npz", "runs.json", "all.zip"
RUN_FILES = ("validation.npz", "test.npz", "weights.safetensors", "train.py")
SHOWN_PARTS = ("validation", "test")


@dataclass(frozen=True, eq=False)
class RunScores:
    """The scores of one variant trained with one seed.

    name: of the run, distinct; variant: its name in the plan. loss: its text, as `dashboard.losses.parse_loss` reads
    it. state: a word of `reports`, "training" where the training was stopped. best_epoch: whose weights gave the
    scores, at least 1; n_epochs: that it learnt. logits: "validation" and "test" -> float32 (n_samples, n_classes);
    their sigmoid is what the model says.
    """

    name: str
    variant: str
    loss: str
    seed: int
    state: str
    best_epoch: int
    n_epochs: int
    logits: dict[str, np.ndarray]


_ABOUT_RUN = tuple(each.name for each in fields(RunScores) if each.name != "logits")
_TAKEN = ("logits", "labels", "class_names", "ids")


@dataclass(frozen=True, eq=False)
class ShownPart:
    """Samples of a part as pages show them: labels int8 (1, 0, -1 unknown), ids, columns and images as DataPart's."""

    labels: np.ndarray
    ids: np.ndarray | None = None
    columns: dict[str, np.ndarray] = field(default_factory=dict)
    images: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class TrainedFiles:
    """What was trained, read from a folder. parts: "validation" and "test" without their inputs; runs: by name."""

    plan: TrainingPlan
    data_name: str
    class_names: tuple[str, ...]
    notices: tuple[str, ...]
    parts: dict[str, ShownPart]
    runs: dict[str, RunScores]


def write_plan(path: Path, plan: TrainingPlan) -> None:
    write_whole(path, lambda file: file.write(plan.to_json().encode()))


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """The file as `write` fills it, or as it was before: whatever ends this leaves no half of it under its name."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")  # two may write it at once
    try:
        with part.open("wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_runs(folder: Path, trained, data: TrainingData, scripts: Mapping[str, str]) -> None:
    """trained: `results.Trained`. scripts: run name -> its program. OSError where the disk does not take them."""
    folder.mkdir(parents=True, exist_ok=True)
    write_plan(folder / PLAN_FILE, trained.plan)
    write_whole(folder / DATA_FILE, lambda file: _save_arrays(file, _data_arrays(data)))
    for run in trained.runs:
        _write_run(folder / run.name, run, data, scripts[run.name])
    index = {
        "data": data.name,
        "class_names": data.class_names,
        "notices": (*data.notices, *trained.notices),
        "runs": [{name: getattr(run, name) for name in _ABOUT_RUN} for run in trained.runs],
    }
    write_whole(folder / INDEX_FILE, lambda file: file.write(json.dumps(index, indent=2).encode()))


def has_runs(folder: Path) -> bool:
    return (folder / INDEX_FILE).is_file()


def read_runs(folder: Path) -> TrainedFiles | None:
    """What `write_runs` wrote; None where nothing is."""
    if not has_runs(folder):
        return None
    index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    runs = [
        RunScores(**about, logits={name: _logits(folder / about["name"] / f"{name}.npz") for name in SHOWN_PARTS})
        for about in index["runs"]
    ]
    with np.load(folder / DATA_FILE, allow_pickle=False) as arrays:
        parts = {name: _shown_part(arrays, f"{name}_") for name in SHOWN_PARTS}
    return TrainedFiles(
        TrainingPlan.from_json((folder / PLAN_FILE).read_text(encoding="utf-8")),
        index["data"],
        tuple(index["class_names"]),
        tuple(index["notices"]),
        parts,
        {run.name: run for run in runs},
    )


def file_names(folder: Path) -> tuple[str, ...]:
    """Of what a person may download, as paths with / in the folder; empty while there are no runs."""
    if not has_runs(folder):
        return ()
    index = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    runs = [f"{about['name']}/{name}" for about in index["runs"] for name in RUN_FILES]
    return (PLAN_FILE, DATA_FILE, *runs)


def path_of_file(folder: Path, name: str) -> Path | None:
    """The path of one of `file_names`; None for any other name, whatever it is."""
    return folder / name if name in file_names(folder) else None


def make_zip(folder: Path) -> Path | None:
    """All of `file_names` in one archive, made anew unless it is newer than the runs; None without runs."""
    path = folder / ZIP_FILE
    if not has_runs(folder):
        return None
    if not path.is_file() or path.stat().st_mtime_ns < (folder / INDEX_FILE).stat().st_mtime_ns:
        write_whole(path, lambda file: _pack(file, folder))
    return path


def _pack(file: BinaryIO, folder: Path) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in file_names(folder):
            archive.write(folder / name, name)


def _write_run(folder: Path, run, data: TrainingData, script: str) -> None:
    from safetensors.numpy import save

    folder.mkdir(exist_ok=True)
    for name in SHOWN_PARTS:
        part = getattr(data, name)
        arrays = {"logits": np.asarray(run.logits[name], dtype=np.float32), "labels": part.labels.astype(np.int8)}
        arrays |= {"class_names": _texts(data.class_names)} | _id_array(part)
        columns = {f"{key} (column)" if key in _TAKEN else key: _plain(values) for key, values in part.columns.items()}
        write_whole(folder / f"{name}.npz", lambda file, arrays=arrays | columns: _save_arrays(file, arrays))
    weights = {name: np.ascontiguousarray(array) for name, array in run.weights.items()}
    about = {"format": "pt", "loss": run.loss, "seed": str(run.seed), "epoch": str(run.best_epoch)}
    write_whole(folder / "weights.safetensors", lambda file: file.write(save(weights, about)))
    write_whole(folder / "train.py", lambda file: file.write(script.encode()))


def _data_arrays(data: TrainingData) -> dict[str, np.ndarray]:
    arrays = {"class_names": _texts(data.class_names)}
    for name, part in data.parts.items():
        held = {"inputs": part.inputs, "labels": part.labels.astype(np.int8)} | _id_array(part)
        held |= {} if part.images is None else {"images": part.images}
        held |= {f"column_{key}": _plain(values) for key, values in part.columns.items()}
        arrays |= {f"{name}_{key}": array for key, array in held.items()}
    return arrays


def _shown_part(arrays, prefix: str) -> ShownPart:
    start = f"{prefix}column_"
    return ShownPart(
        arrays[f"{prefix}labels"],
        arrays.get(f"{prefix}ids"),
        {key.removeprefix(start): arrays[key] for key in arrays.files if key.startswith(start)},
        arrays.get(f"{prefix}images"),
    )


def _id_array(part: DataPart) -> dict[str, np.ndarray]:
    return {} if part.ids is None else {"ids": _texts(part.ids)}


def _plain(values) -> np.ndarray:
    """Without objects, which only pickle could hold: text in their place, empty where a value is missing."""
    values = np.asarray(values)
    return _texts("" if value is None else value for value in values) if values.dtype == object else values


def _texts(values) -> np.ndarray:
    return np.array([str(value) for value in values], dtype=np.str_)


def _logits(path: Path) -> np.ndarray:
    with np.load(path, allow_pickle=False) as arrays:
        return arrays["logits"]


def _save_arrays(file: BinaryIO, arrays: Mapping[str, np.ndarray]) -> None:
    """As np.savez, whose own parameters' names (file, allow_pickle) no array could have."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
