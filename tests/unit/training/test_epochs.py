import errno
import os
import threading
from dataclasses import replace

import numpy as np
import pytest
import torch

from dashboard.training import train
from dashboard.training.checkpoints import read_reports
from dashboard.training.faults import CheckpointError, OutOfMemory, TrainingStopped
from dashboard.training.lockstep import LockStep
from dashboard.training.plan import ModelPlan
from dashboard.training.results import trained_so_far
from tests.unit.training.small_training import (
    assert_same_runs,
    easy_data,
    finished,
    nan_step,
    small_plan,
    values_of,
    without_time,
)


def stop_at(step):
    def progress(done, of):
        if done == step:
            raise TrainingStopped

    return progress


def stopped_at(step, plan, data, folder):
    """The reports until the training was stopped after this step."""
    reports = []
    with pytest.raises(TrainingStopped):
        reports.extend(train(plan, data, folder=folder, progress=stop_at(step)))  # extend keeps what came before
    return reports


def stopping_early():
    """A plan whose two variants stop at different epochs: of few samples the validation loss soon rises."""
    data = easy_data(n=(20, 200, 50), noise=2.0)
    plan = small_plan(
        "bce_with_logits", "focal", epochs=60, learning_rate=0.05, batch_size=5, stop_on="bce", patience=3
    )
    return plan, data


def test_train_learns():
    reports, trained = finished(small_plan(epochs=15, learning_rate=0.03), easy_data())
    assert [each.epoch for each in reports] == list(range(16))
    for variant in range(3):
        loss, validation = (values_of(reports, variant, name) for name in ("loss", "validation_loss"))
        assert loss[-1] < 0.6 * loss[0]
        assert validation[-1] < 0.6 * validation[0]
        assert reports[-1].variants[variant].mean_average_precision > 0.9
        assert reports[-1].variants[variant].state == "finished"
    assert [run.name for run in trained.runs] == ["bce_with_logits", "focal", "zlpr"]
    assert without_time(trained.reports) == without_time(reports)


@pytest.mark.parametrize("model", [ModelPlan("linear"), ModelPlan(width=8, depth=2, dropout=0.3)])
def test_train_repeats_to_the_last_bit(model):
    plan, data = small_plan(model=model, seeds=(3, 4)), easy_data()
    (reports, trained), (again, trained_again) = (finished(plan, data) for _ in range(2))
    assert without_time(reports) == without_time(again)
    assert_same_runs(trained.runs, trained_again.runs)
    assert [run.name for run in trained.runs[:2]] == ["bce_with_logits_seed3", "focal_seed3"]


def test_seeds_differ_in_weights_and_order():
    _, trained = finished(small_plan("focal", seeds=(0, 1)), easy_data())
    assert not np.array_equal(trained.runs[0].logits["test"], trained.runs[1].logits["test"])


# 4 steps an epoch, 3 epochs, two seeds: within an epoch, at its last step, in the first one, in the second seed.
@pytest.mark.parametrize("steps", [(1,), (6,), (8, 9), (12,), (14, 23), (5, 7, 10, 16, 24)])
def test_a_training_that_resumes_equals_an_unbroken_one(tmp_path, steps):
    model = ModelPlan(width=8, depth=2, dropout=0.3)
    plan = small_plan(model=model, seeds=(3, 4), epochs=3, stop_on="bce", patience=1, warmup=0.2, gradient_clip=0.05)
    data = easy_data()
    expected, trained = finished(plan, data)
    told = []
    for step in steps:
        told += stopped_at(step, plan, data, tmp_path)
        assert without_time(read_reports(tmp_path)) == without_time(told)
    reports, resumed = finished(plan, data, folder=tmp_path)
    assert without_time(told + reports) == without_time(expected)
    assert without_time(read_reports(tmp_path)) == without_time(expected)
    assert without_time(resumed.reports) == without_time(expected)
    assert_same_runs(resumed.runs, trained.runs)


def test_a_training_resumes_from_the_checkpoint_before_a_damaged_one(tmp_path):
    plan, data = small_plan(), easy_data()
    expected, trained = finished(plan, data)
    stopped_at(15, plan, data, tmp_path)
    path = tmp_path / "seed00-epoch00003.safetensors"
    path.write_bytes(path.read_bytes()[:-10])
    assert without_time(read_reports(tmp_path)) == without_time(expected[:3])
    reports, resumed = finished(plan, data, folder=tmp_path)
    assert without_time(reports) == without_time(expected[3:])
    assert_same_runs(resumed.runs, trained.runs)


def test_a_training_that_is_done_yields_nothing_more(tmp_path):
    plan, data = small_plan(seeds=(0, 1), epochs=2), easy_data()
    _, trained = finished(plan, data, folder=tmp_path)
    reports, again = finished(plan, data, folder=tmp_path)
    assert reports == []
    assert_same_runs(again.runs, trained.runs)


def test_progress_is_told_after_each_batch():
    told = []
    finished(small_plan(seeds=(0, 1), epochs=2), easy_data(), progress=lambda done, of: told.append((done, of)))
    assert sorted(set(told)) == [(step, 16) for step in range(1, 17)]
    assert told == sorted(told)


def test_stopping_ends_within_the_batch(tmp_path, monkeypatch):
    taken, step = [], LockStep.step
    monkeypatch.setattr(LockStep, "step", lambda self, *batch: (taken.append(1), step(self, *batch))[1])
    stopped_at(7, small_plan(), easy_data(), tmp_path)
    assert len(taken) == 7
    assert [each.epoch for each in read_reports(tmp_path)] == [0, 1]


def test_closing_takes_no_further_step_and_leaves_no_thread(tmp_path, monkeypatch):
    taken, step, threads = [], LockStep.step, threading.active_count()
    monkeypatch.setattr(LockStep, "step", lambda self, *batch: (taken.append(1), step(self, *batch))[1])
    training = train(small_plan(), easy_data(), folder=tmp_path)
    assert [next(training).epoch for _ in range(2)] == [0, 1]
    training.close()
    assert len(taken) == 4
    assert [each.epoch for each in read_reports(tmp_path)] == [0, 1]
    assert threading.active_count() == threads


def test_early_stopping_keeps_the_best_epoch():
    plan, data = stopping_early()
    reports, trained = finished(plan, data)
    for variant, run in enumerate(trained.runs):
        bce = values_of(reports, variant, "bce")
        best = 1 + int(np.argmin(bce[1 : run.n_epochs + 1]))
        assert run.state == "stopped early"
        assert run.best_epoch == best == run.n_epochs - 3
        labels = data.validation.labels
        z, known = run.logits["validation"].astype(np.float64), labels >= 0
        cells = np.logaddexp(0, z) - np.where(known, labels, 0) * z
        np.testing.assert_allclose(cells[known].mean(), bce[best], rtol=1e-9)
    assert len(reports) == 1 + max(run.n_epochs for run in trained.runs) < 61


def test_a_variant_that_has_stopped_changes_no_more():
    plan, data = stopping_early()
    reports, trained = finished(plan, data)
    first, last = sorted(trained.runs, key=lambda run: run.n_epochs)
    assert first.n_epochs < last.n_epochs  # else the plan shows nothing
    variant = [each.name for each in plan.variants].index(first.variant)
    over = [each.variants[variant] for each in reports[first.n_epochs :]]
    assert over[0].state == "stopped early"
    assert all(each == over[0] for each in over)


def test_a_diverged_variant_keeps_its_last_finite_weights_and_leaves_the_others_as_they_were(tmp_path, monkeypatch):
    plan, data = small_plan(), easy_data()
    expected, whole = finished(plan, data)
    stopped_at(9, plan, data, tmp_path)  # after two epochs
    before = trained_so_far(plan, data, tmp_path).runs[1]
    monkeypatch.setattr(LockStep, "step", nan_step(LockStep.step, variant=1, at=10))
    reports, trained = finished(plan, data)
    for variant in (0, 2):
        assert without_time([replace(each, variants=(each.variants[variant],)) for each in reports]) == without_time(
            [replace(each, variants=(each.variants[variant],)) for each in expected]
        )
    assert_same_runs([trained.runs[0], trained.runs[2]], [whole.runs[0], whole.runs[2]])
    assert values_of(reports, 1, "state") == ["training"] * 3 + ["diverged"] * 2
    assert trained.runs[1].best_epoch == trained.runs[1].n_epochs == 2
    assert before.best_epoch == 2
    for name, weight in before.weights.items():
        np.testing.assert_array_equal(trained.runs[1].weights[name], weight)


def test_a_variant_that_diverges_in_its_first_epoch_is_left_out_with_a_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(LockStep, "step", nan_step(LockStep.step, variant=0, at=1))
    reports, trained = finished(small_plan("bce_with_logits", "focal"), easy_data(), folder=tmp_path)
    assert [run.variant for run in trained.runs] == ["focal"]
    assert trained.notices == (
        "bce_with_logits is left out: it has finished no epoch with finite numbers, so nothing was learnt.",
    )
    assert "learning rate is 0.01: try 0.001" in reports[-1].variants[0].warnings[0]
    assert without_time(read_reports(tmp_path)) == without_time(reports)


def test_nothing_is_computed_for_a_variant_that_is_over(monkeypatch):
    plan, data = stopping_early()
    learnt, step = [], LockStep.step

    def watched(self, *batch):
        figures = step(self, *batch)
        learnt.append(figures.loss.isfinite().tolist())  # the loss of a frozen variant is not computed
        return figures

    monkeypatch.setattr(LockStep, "step", watched)
    _, trained = finished(plan, data)
    ends = [4 * run.n_epochs for run in trained.runs]
    assert ends[0] != ends[1]
    assert learnt == [[step < end for end in ends] for step in range(max(ends))]


def test_where_all_variants_diverge_the_seed_ends(monkeypatch):
    monkeypatch.setattr(LockStep, "step", nan_step(LockStep.step, variant=0, at=5))
    reports, trained = finished(small_plan("focal", seeds=(0, 1)), easy_data())
    assert [(each.seed_index, each.epoch) for each in reports] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]
    assert [run.best_epoch for run in trained.runs] == [1, 1]


def test_a_learning_rate_that_is_far_too_large_is_said_to_be():
    reports, _ = finished(small_plan("bce_with_logits", learning_rate=1e6, epochs=3), easy_data())
    assert any("try 100000" in sentence for sentence in reports[-1].variants[0].warnings)


def test_memory_that_runs_out_is_told_with_a_smaller_batch(monkeypatch, tmp_path):
    plan, data = small_plan(), easy_data()
    step = LockStep.step

    def too_much(self, *batch):
        if self.steps_done == 6:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return step(self, *batch)

    with monkeypatch.context() as patch, pytest.raises(OutOfMemory, match=r"16 samples for 3 .* batch size of 8"):
        patch.setattr(LockStep, "step", too_much)
        list(train(plan, data, folder=tmp_path))
    assert [each.epoch for each in read_reports(tmp_path)] == [0, 1]
    reports, _ = finished(plan, data, folder=tmp_path)
    assert [each.epoch for each in reports] == [2, 3, 4]


def test_other_faults_of_a_step_stay_loud(monkeypatch):
    def broken(self, *batch):
        raise RuntimeError("a bug")

    monkeypatch.setattr(LockStep, "step", broken)
    with pytest.raises(RuntimeError, match="a bug"):
        list(train(small_plan(), easy_data()))


@pytest.mark.parametrize("write", range(9))
def test_a_full_disk_loses_nothing_that_was_written(monkeypatch, tmp_path, write):
    plan, data = small_plan(epochs=2), easy_data()
    expected, trained = finished(plan, data)
    forced, fsync = [], os.fsync

    def full(handle):
        forced.append(handle)
        if len(forced) > write:
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(handle)

    with monkeypatch.context() as patch, pytest.raises(CheckpointError, match="the disk is full: free some space"):
        patch.setattr(os, "fsync", full)
        list(train(plan, data, folder=tmp_path))
    told = read_reports(tmp_path)
    assert without_time(told) == without_time(expected[: len(told)])
    assert len(told) >= write // 3
    reports, resumed = finished(plan, data, folder=tmp_path)
    assert without_time(told + reports) == without_time(expected)
    assert_same_runs(resumed.runs, trained.runs)
