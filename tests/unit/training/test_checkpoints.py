import os
from dataclasses import replace

import pytest
import torch

from dashboard.training.checkpoints import REPORTS, CheckpointFolder, read_reports
from dashboard.training.faults import CheckpointError
from dashboard.training.results import trained_so_far
from tests.unit.training.small_training import assert_same_runs, easy_data, finished, small_plan, without_time

PLAN, DATA = small_plan("focal", epochs=3, seeds=(0, 1)), easy_data()


@pytest.fixture(scope="module")
def reports():
    return finished(PLAN, DATA)[0][:4]


def opened(folder, plan=PLAN, data=DATA):
    checkpoints = CheckpointFolder(folder, plan, data)
    checkpoints.open_for_writing()
    return checkpoints


def save_each(checkpoints, reports):
    for report in reports:
        checkpoints.save(report, {"weight": torch.tensor([1.0, report.epoch])}, {"note": report.epoch})


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_checkpoint_comes_back_as_it_was(tmp_path, reports):
    checkpoints = opened(tmp_path / "new" / "folder")
    tensors = {
        "half": torch.tensor([0.1, -0.0], dtype=torch.float16),
        "double": torch.tensor([[1e-300, float("nan")]], dtype=torch.float64).T,  # not contiguous
        "flag": torch.tensor([True, False]),
        "whole": torch.tensor(7),
        "empty": torch.empty(0, 3),
    }
    checkpoints.save(reports[0], tensors, {"value": 0.1 + 0.2, "none": None})
    found = checkpoints.newest(0)
    assert (found.seed_index, found.epoch, found.is_done) == (0, 0, False)
    assert found.plain["value"] == 0.1 + 0.2
    assert set(found.tensors) == set(tensors)
    for name, tensor in tensors.items():
        assert found.tensors[name].dtype == tensor.dtype
        torch.testing.assert_close(found.tensors[name], tensor, rtol=0, atol=0, equal_nan=True)
    assert checkpoints.newest(1) is None


def test_the_two_newest_are_kept_and_a_seed_that_is_done_keeps_one(tmp_path, reports):
    checkpoints = opened(tmp_path)
    save_each(checkpoints, reports)
    epochs = ["seed00-epoch00002.safetensors", "seed00-epoch00003.safetensors"]
    assert names(tmp_path) == [REPORTS, *epochs]
    checkpoints.finish(0, 3, {"weight": torch.zeros(1)}, {})
    assert names(tmp_path) == [REPORTS, "seed00-done.safetensors"]
    assert checkpoints.newest(0).is_done
    assert without_time(read_reports(tmp_path)) == without_time(reports)


@pytest.mark.parametrize("damage", ["cut", "bit", "empty", "text"])
def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(tmp_path, reports, damage):
    checkpoints = opened(tmp_path)
    save_each(checkpoints, reports)
    path = tmp_path / "seed00-epoch00003.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= damage == "bit"
    path.write_bytes({"cut": content[:-1], "bit": content, "empty": b"", "text": b"{}" * 40}[damage])
    assert checkpoints.newest(0).epoch == 2
    assert without_time(read_reports(tmp_path)) == without_time(reports[:3])
    opened(tmp_path)
    assert len((tmp_path / REPORTS).read_text().splitlines()) == 3


def test_where_all_are_damaged_a_sentence_names_the_file(tmp_path, reports):
    checkpoints = opened(tmp_path)
    save_each(checkpoints, reports)
    for path in tmp_path.glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CheckpointError, match=r"seed00-epoch00003\.safetensors cannot be read .*: delete it"):
        checkpoints.newest(0)


@pytest.mark.parametrize(
    ("plan", "data", "word"),
    [(replace(PLAN, seeds=(0, 2)), DATA, "another plan"), (PLAN, easy_data(seed=1), "another set of data")],
)
def test_checkpoints_of_another_plan_or_data_are_refused(tmp_path, reports, plan, data, word):
    save_each(opened(tmp_path), reports)
    with pytest.raises(CheckpointError, match=word):
        opened(tmp_path, plan, data).newest(0)
    with pytest.raises(CheckpointError, match=word):
        trained_so_far(plan, data, tmp_path)
    with pytest.raises(CheckpointError, match=word):
        finished(plan, data, folder=tmp_path)


def test_what_a_cut_off_write_left_is_taken_away(tmp_path, reports):
    save_each(opened(tmp_path), reports[:2])
    (tmp_path / "seed00-epoch00002.safetensors.unfinished").write_bytes(b"half")
    with (tmp_path / REPORTS).open("a") as file:
        file.write('{"seed": 0, "seed_ind')
    assert without_time(read_reports(tmp_path)) == without_time(reports[:2])
    opened(tmp_path)
    assert not list(tmp_path.glob("*.unfinished"))
    assert without_time(read_reports(tmp_path)) == without_time(reports[:2])


def test_a_report_without_its_checkpoint_is_not_read(tmp_path, reports):
    checkpoints = opened(tmp_path)
    save_each(checkpoints, reports)
    checkpoints.save(replace(reports[0], seed_index=1), {"weight": torch.zeros(1)}, {})
    (tmp_path / "seed00-epoch00003.safetensors").unlink()
    (tmp_path / "seed01-epoch00000.safetensors").unlink()
    assert without_time(read_reports(tmp_path)) == without_time(reports[:3])


def test_without_checkpoints_there_are_no_reports(tmp_path):
    assert read_reports(tmp_path / "none") == []
    assert read_reports(tmp_path) == []


def test_a_write_is_forced_to_disk_before_it_gets_its_name(tmp_path, reports, monkeypatch):
    """Renamed first, a crash could leave an empty file under the name of a checkpoint."""
    order, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append(names(tmp_path)), fsync(handle))[1])
    opened(tmp_path).save(reports[0], {"weight": torch.zeros(1)}, {})
    assert order == [
        [REPORTS],
        [REPORTS, "seed00-epoch00000.safetensors.unfinished"],
        [REPORTS, "seed00-epoch00000.safetensors"],
    ]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="Each epoch must be written to disk, but the system says: "):
        opened(tmp_path / "file" / "folder")


def test_trained_so_far_is_what_the_whole_training_returned(tmp_path):
    _, trained = finished(PLAN, DATA, folder=tmp_path)
    found = trained_so_far(PLAN, DATA, tmp_path)
    assert_same_runs(found.runs, trained.runs)
    assert without_time(found.reports) == without_time(trained.reports)
