"""What a training leaves: whole files that come back as they were, for this app's readers too."""

import json
import zipfile
from dataclasses import dataclass, field

import numpy as np
import pytest
from safetensors.numpy import load_file

from dashboard.inputs import read_predictions
from dashboard.training import run_files
from dashboard.training.data import DataPart, TrainingData
from dashboard.training.plan import TrainingPlan
from dashboard.training.run_files import file_names, make_zip, path_of_file, read_runs, write_runs, write_whole

PLAN = TrainingPlan(variants=TrainingPlan().variants[:1], seeds=(0, 1))
PARTS = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Run:
    name: str
    logits: dict
    weights: dict
    variant: str = "bce_with_logits"
    loss: str = "bce_with_logits"
    seed: int = 0
    state: str = "finished"
    best_epoch: int = 2
    n_epochs: int = 3


@dataclass(frozen=True, eq=False)
class AllTrained:
    runs: tuple
    plan: TrainingPlan = PLAN
    notices: tuple = field(default=("A notice of the training.",))


def make_part(rng, n):
    columns = {"writer": np.array([f"w{row % 3}" for row in range(n)]), "file": np.array(["a", None] * n)[:n]}
    columns["labels"] = np.arange(n)
    return DataPart(
        rng.normal(size=(n, 3)).astype(np.float32),
        (rng.random((n, 2)) < 0.5).astype(np.int8),
        np.array([f"s{row}" for row in range(n)]),
        columns,
        rng.integers(0, 255, size=(n, 4, 4), dtype=np.uint8),
    )


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    parts = {name: make_part(rng, n) for name, n in zip(PARTS, (9, 12, 15), strict=True)}
    return TrainingData("digits", ("zero", "=one"), **parts, notices=("A notice of the data.",))


@pytest.fixture
def written(tmp_path, data):
    rng = np.random.default_rng(1)
    runs = [
        Run(
            name,
            {part: rng.normal(size=getattr(data, part).labels.shape).astype(np.float32) for part in PARTS[1:]},
            {"head.weight": rng.normal(size=(2, 3)).astype(np.float32)},
        )
        for name in ("bce_seed0", "bce_seed1")
    ]
    trained = AllTrained(tuple(runs))
    write_runs(tmp_path / "runs", trained, data, {run.name: f"# {run.name}" for run in runs})
    return tmp_path / "runs", trained


def test_what_was_written_comes_back(written, data):
    folder, trained = written
    found = read_runs(folder)
    assert (found.plan, found.data_name, found.class_names) == (PLAN, "digits", ("zero", "=one"))
    assert found.notices == ("A notice of the data.", "A notice of the training.")
    assert list(found.runs) == ["bce_seed0", "bce_seed1"]
    for run in trained.runs:
        back = found.runs[run.name]
        assert (back.variant, back.loss, back.seed, back.state, back.best_epoch, back.n_epochs) == (
            "bce_with_logits",
            "bce_with_logits",
            0,
            "finished",
            2,
            3,
        )
        assert all(np.array_equal(back.logits[part], run.logits[part]) for part in PARTS[1:])
        weights = load_file(folder / run.name / "weights.safetensors")
        assert np.array_equal(weights["head.weight"], run.weights["head.weight"])
    for name, part in found.parts.items():
        given = getattr(data, name)
        assert all(np.array_equal(getattr(part, key), getattr(given, key)) for key in ("labels", "ids", "images"))
        assert list(part.columns) == ["writer", "file", "labels"]
        assert part.columns["file"][:2].tolist() == ["a", ""]
        assert np.array_equal(part.columns["labels"], given.columns["labels"])


def test_the_files_are_read_by_the_app_itself(written, data):
    folder, trained = written
    p = read_predictions(folder / "bce_seed1" / "test.npz", score_kind="logits")
    assert np.array_equal(p.scores, trained.runs[1].logits["test"]) and np.array_equal(p.labels, data.test.labels)
    assert p.class_names == ("zero", "=one") and p.scores.dtype == np.float32
    assert p.sample_ids.tolist() == data.test.ids.tolist()
    assert p.columns["writer"].tolist() == data.test.columns["writer"].tolist()


def test_nothing_needs_pickle(written):
    for path in written[0].rglob("*.npz"):
        with np.load(path, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype != object for name in arrays.files)


def test_only_what_was_listed_can_be_downloaded(written):
    folder, _ = written
    names = file_names(folder)
    assert names[:2] == ("plan.json", "data.npz") and "bce_seed1/train.py" in names and len(names) == 10
    assert all(path_of_file(folder, name).is_file() for name in names)
    for name in ("runs.json", "../runs/plan.json", "/etc/passwd", "bce_seed1/../plan.json", "", "bce_seed1"):
        assert path_of_file(folder, name) is None


def test_the_archive_holds_every_file_and_is_made_anew_for_new_runs(written, data):
    folder, trained = written
    with zipfile.ZipFile(make_zip(folder)) as archive:
        assert tuple(archive.namelist()) == file_names(folder)
        assert archive.read("plan.json").decode() == PLAN.to_json()
    first = make_zip(folder).stat().st_mtime_ns
    assert make_zip(folder).stat().st_mtime_ns == first
    write_runs(folder, AllTrained(trained.runs[:1]), data, {"bce_seed0": ""})
    with zipfile.ZipFile(make_zip(folder)) as archive:
        assert "bce_seed1/train.py" not in archive.namelist()


def test_without_runs_there_is_nothing(tmp_path):
    assert read_runs(tmp_path) is None and file_names(tmp_path) == () and make_zip(tmp_path) is None


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path):
    path = tmp_path / "plan.json"
    write_whole(path, lambda file: file.write(b"before"))

    def full(file):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        write_whole(path, full)
    assert path.read_bytes() == b"before" and [each.name for each in tmp_path.iterdir()] == ["plan.json"]


def test_two_writes_at_once_do_not_mix(tmp_path):
    path = tmp_path / "all.zip"

    def slow(file):
        file.write(b"slow ")
        write_whole(path, lambda other: other.write(b"quick"))
        file.write(b"but whole")

    write_whole(path, slow)
    assert path.read_bytes() == b"slow but whole" and len(list(tmp_path.iterdir())) == 1


def test_runs_are_listed_once_all_of_them_are_there(tmp_path, written, data, monkeypatch):
    _, trained = written

    def broken(folder, run, data, script):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(run_files, "_write_run", broken)
    with pytest.raises(OSError, match="No space"):
        write_runs(tmp_path / "other", trained, data, dict.fromkeys(("bce_seed0", "bce_seed1"), ""))
    assert read_runs(tmp_path / "other") is None


def test_the_index_is_plain_json(written):
    index = json.loads((written[0] / "runs.json").read_text())
    assert [run["name"] for run in index["runs"]] == ["bce_seed0", "bce_seed1"]
