"""A training on disk after each epoch: tensors as safetensors, reports as lines of JSON; no pickle.

A file is written under another name, forced to disk and renamed, so that a checkpoint is whole or absent; the two
newest of a seed are kept. Knows nothing of what the tensors are.
"""

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from dashboard.training.data import TrainingData
from dashboard.training.faults import CheckpointError
from dashboard.training.plan import TrainingPlan
from dashboard.training.reports import EpochReport

REPORTS = "reports.jsonl"
KEPT = 2  # checkpoints of the seed at hand: should the newest be damaged, the one before serves
DONE = "done"
_NAME = re.compile(r"seed(\d{2})-(?:epoch(\d{5})|done)\.safetensors")
_TEMPORARY = ".unfinished"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """What was kept after an epoch of a seed, or of a whole seed. tensors: on the CPU. plain: values for JSON."""

    seed_index: int
    epoch: int
    is_done: bool
    tensors: dict[str, torch.Tensor]
    plain: dict


class CheckpointFolder:
    """The checkpoints of one plan on one set of data; raises CheckpointError for those of another."""

    def __init__(self, folder: str | Path, plan: TrainingPlan, data: TrainingData):
        self._folder = Path(folder)
        self._of = {"plan": plan.digest, "data": data.digest}

    def open_for_writing(self) -> None:
        """Makes the folder, and takes away what a write that was cut off left and reports of epochs not kept."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for path in self._folder.glob(f"*{_TEMPORARY}"):
                path.unlink()
            lines = [json.dumps(each.to_plain()) + "\n" for each in read_reports(self._folder)]
            if (self._folder / REPORTS).exists():
                self._write(REPORTS, "".join(lines).encode())
        except OSError as error:
            raise CheckpointError.not_written(error) from error

    def newest(self, seed_index: int) -> Checkpoint | None:
        """Of a seed, the whole of it if it is done; None where there is none."""
        found = _newest(self._folder, seed_index)
        if found is not None:
            self._check(found[1])
        return None if found is None else found[0]

    def save(self, report: EpochReport, tensors: dict[str, torch.Tensor], plain: dict) -> None:
        """After an epoch. The report is on disk first: what a checkpoint stands for has been reported."""
        seed = report.seed_index
        try:
            self._append(json.dumps(report.to_plain()) + "\n")
            self._save(f"seed{seed:02d}-epoch{report.epoch:05d}.safetensors", tensors, plain | {"epoch": report.epoch})
            for path in _paths(self._folder, seed)[KEPT:]:
                path.unlink()
        except OSError as error:
            raise CheckpointError.not_written(error) from error

    def finish(self, seed_index: int, epoch: int, tensors: dict[str, torch.Tensor], plain: dict) -> None:
        """After the last epoch of a seed; its checkpoints go."""
        before = _paths(self._folder, seed_index)
        try:
            self._save(f"seed{seed_index:02d}-{DONE}.safetensors", tensors, plain | {"epoch": epoch})
            for path in before:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise CheckpointError.not_written(error) from error

    def _check(self, of: dict) -> None:
        for what, digest in self._of.items():
            if of.get(what) != digest:
                raise CheckpointError(
                    f"The checkpoints in a folder must be of the same plan and data, but those found are of another "
                    f"{what if what == 'plan' else 'set of data'}: choose another folder, or the {what} they are of."
                )

    def _save(self, name: str, tensors: dict[str, torch.Tensor], plain: dict) -> None:
        tensors = {key: each.detach().cpu().contiguous() for key, each in tensors.items()}
        told = json.dumps(plain)
        self._write(name, save(tensors, self._of | {"plain": told, "content": _content(tensors, told)}))

    def _write(self, name: str, content: bytes) -> None:
        path, unfinished = self._folder / name, self._folder / (name + _TEMPORARY)
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _force(self._folder)

    def _append(self, line: str) -> None:
        with (self._folder / REPORTS).open("a", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def read_reports(folder: str | Path) -> list[EpochReport]:
    """The reports of every epoch up to the newest checkpoint, from where a training would resume; [] without any."""
    folder = Path(folder)
    kept = {seed: _newest(folder, seed)[0].epoch for seed in _seeds(folder)}
    path = folder / REPORTS
    if not kept or not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    reports = [EpochReport.from_plain(json.loads(line)) for line in lines[:-1]]  # the last is empty, or was cut off
    return [each for each in reports if each.epoch <= kept.get(each.seed_index, -1)]


def _newest(folder: Path, seed_index: int) -> tuple[Checkpoint, dict] | None:
    """The newest that can be read, and what it is of."""
    fault = None
    for path in _paths(folder, seed_index):
        try:
            return _read(path)
        except (OSError, SafetensorError, ValueError, KeyError) as error:
            fault = fault or f"{path.name} cannot be read ({error})"
    if fault:
        raise CheckpointError(
            f"A checkpoint must be whole, but {fault}: delete it to train that seed again from its start."
        )
    return None


def _read(path: Path) -> tuple[Checkpoint, dict]:
    with safe_open(path, framework="pt") as file:
        told = file.metadata() or {}
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
    if told["content"] != _content(tensors, told["plain"]):
        raise ValueError("its content is not what was written")
    plain, (seed, epoch) = json.loads(told["plain"]), _NAME.fullmatch(path.name).groups()
    return Checkpoint(int(seed), plain["epoch"], epoch is None, tensors, plain), told


def _content(tensors: dict[str, torch.Tensor], told: str) -> str:
    """SHA-256 (hex): a file of the right length may still hold other bytes."""
    content = hashlib.sha256(told.encode())
    for key in sorted(tensors):
        content.update(f"{key} {tensors[key].dtype} {tuple(tensors[key].shape)}".encode())
        content.update(tensors[key].reshape(-1).view(torch.uint8).numpy().data)
    return content.hexdigest()


def _paths(folder: Path, seed_index: int) -> list[Path]:
    """The checkpoints of a seed, the newest first."""
    named = [(_NAME.fullmatch(path.name), path) for path in folder.glob("seed*.safetensors")]
    of_seed = [(match, path) for match, path in named if match and int(match[1]) == seed_index]
    return [path for match, path in sorted(of_seed, key=lambda each: int(each[0][2] or 99_999), reverse=True)]


def _seeds(folder: Path) -> list[int]:
    matches = (_NAME.fullmatch(path.name) for path in folder.glob("seed*.safetensors"))
    return sorted({int(match[1]) for match in matches if match})


def _force(folder: Path) -> None:
    """The rename itself to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
