"""The process that trains, alone and under the registry: what it leaves is what an unbroken training leaves."""

import json
import os
import random
import resource
import signal
import subprocess
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
import torch

from dashboard.module_process import module_command, project_environment
from dashboard.settings import Settings
from dashboard.training.data_sets import make_data
from dashboard.training.job import DATA, MODULE, RUNS
from dashboard.training.jobs import JobRegistry
from dashboard.training.plan import DataPlan, ModelPlan, OptimiserPlan, TrainingPlan, VariantPlan
from dashboard.training.run_files import PLAN_FILE, read_runs, write_plan
from dashboard.training.worker import NICENESS
from dashboard.training.worker_process import WorkerProcess, n_training_threads
from tests.unit.training.small_training import finished
from tests.unit.training.test_jobs import ended, wait_for

SECONDS = 120.0  # a process loads torch first, on a machine that does other things too
PLAN = TrainingPlan(
    data=DataPlan("generated", {"n_samples": 400, "n_features": 6, "n_classes": 3}),
    model=ModelPlan("mlp", width=8, depth=1, dropout=0.2),
    optimiser=OptimiserPlan(batch_size=16, epochs=12),
    variants=(VariantPlan("bce_with_logits"), VariantPlan("focal")),
    seeds=(0, 1),
    device="cpu",
)
LONG = replace(PLAN, optimiser=replace(PLAN.optimiser, epochs=10_000), seeds=(0,))


@pytest.fixture(scope="module")
def unbroken():
    """Run -> logits and weights of a training in this process, with as many threads as the worker has."""
    threads = torch.get_num_threads()
    torch.set_num_threads(n_training_threads())
    try:
        _, trained = finished(PLAN, make_data(PLAN.data))
        return {run.name: run for run in trained.runs}
    finally:
        torch.set_num_threads(threads)


@pytest.fixture
def registry(tmp_path):
    made = JobRegistry(Settings(training_folder=tmp_path))
    yield made
    made.close()


def assert_same(folder, unbroken):
    from safetensors.numpy import load_file

    found = read_runs(folder)
    assert list(found.runs) == list(unbroken)
    for name, run in found.runs.items():
        for part in ("validation", "test"):
            assert np.array_equal(run.logits[part], unbroken[name].logits[part])
        weights = load_file(folder / name / "weights.safetensors")
        assert all(np.array_equal(weights[key], each) for key, each in unbroken[name].weights.items())


class Watched:
    """A worker without a registry: its messages, and when it ended."""

    def __init__(self, folder):
        self.messages, self.status, self._over = [], None, threading.Event()
        self.process = WorkerProcess(MODULE, folder, take=self.messages.append, ended=self._end)

    def _end(self, status):
        self.status = status
        self._over.set()

    def wait(self):
        assert self._over.wait(SECONDS)
        return self.status

    def said(self, kind):
        return [message for message in self.messages if message["kind"] == kind]

    def n_trained(self):
        """Epochs of this process itself; before its first step come the reports of those before it."""
        kinds = [message["kind"] for message in self.messages]
        return kinds[kinds.index("progress") :].count("report") if "progress" in kinds else 0


def test_killed_at_random_moments_it_leaves_what_an_unbroken_training_leaves(tmp_path, unbroken):
    moments = random.Random(6)
    write_plan(tmp_path / PLAN_FILE, PLAN)
    firsts = []
    for _ in range(3):
        worker = Watched(tmp_path)
        n = moments.randrange(1, 6)
        wait_for(lambda w=worker, n=n: w.n_trained() >= n, SECONDS)
        time.sleep(moments.random() * 0.05)
        worker.process.kill()
        assert worker.wait() == -signal.SIGKILL
        firsts.append(worker.said("progress")[0]["done"])
    worker = Watched(tmp_path)
    assert worker.wait() == 0
    firsts.append(worker.said("progress")[0]["done"])
    assert firsts[0] == 1 and sorted(set(firsts)) == firsts  # each went on from where the one before was
    assert worker.said("ended")[0]["state"] == "finished"
    assert [(m["report"]["seed_index"], m["report"]["epoch"]) for m in worker.said("report")] == [
        (seed, epoch) for seed in (0, 1) for epoch in range(13)
    ]
    assert_same(tmp_path / RUNS, unbroken)
    assert not (tmp_path / "checkpoints").exists()


def test_stop_keeps_what_was_trained_and_resume_ends_as_if_unbroken(registry, unbroken):
    id = registry.start(PLAN)
    wait_for(lambda: len(registry.status(id).reports) >= 3, SECONDS)
    pid = registry._jobs[id].process.pid
    assert (os.getpriority(os.PRIO_PROCESS, pid), os.getsid(pid)) == (NICENESS, pid)
    registry.stop(id)
    wait_for(lambda: not registry.status(id).is_live, SECONDS)
    status = registry.status(id)
    assert (status.state, status.can_resume, status.has_runs) == ("stopped", True, True), status.message
    so_far = registry.runs(id)
    assert {run.state for run in so_far.runs.values()} == {"training"}
    registry.resume(id)
    wait_for(lambda: not registry.status(id).is_live, SECONDS)
    status = registry.status(id)
    assert (status.state, status.progress, len(status.reports)) == ("finished", 1.0, 26), status.message
    assert status.parameter_count == 6 * 8 + 8 + 8 * 3 + 3 and status.device.startswith("CPU")
    assert_same(registry._jobs[id].runs_folder, unbroken)
    assert set(registry.file_names(id)) >= {"plan.json", "data.npz", "focal_seed1/train.py"}
    assert registry.file(id, "focal_seed1/weights.safetensors").is_file()


def test_a_killed_worker_fails_with_a_sentence_and_its_runs_are_kept(registry):
    id = registry.start(LONG)
    wait_for(lambda: len(registry.status(id).reports) >= 3, SECONDS)
    os.kill(registry._jobs[id].process.pid, signal.SIGKILL)
    wait_for(lambda: not registry.status(id).is_live, SECONDS)
    status = registry.status(id)
    assert status.state == "failed" and "ended by the system (SIGKILL)" in status.message
    assert status.can_resume and status.has_runs
    assert all(run.best_epoch >= 2 for run in registry.runs(id).runs.values())


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="only Linux bounds the files of a running process")
def test_a_disk_that_fills_is_said_and_what_was_trained_is_kept(registry):
    id = registry.start(LONG)
    wait_for(lambda: len(registry.status(id).reports) >= 3, SECONDS)
    pid = registry._jobs[id].process.pid
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (2_000, 2_000))
    wait_for(lambda: not registry.status(id).is_live, SECONDS)
    status = registry.status(id)
    assert status.state == "failed", status.message
    assert "must be written to disk" in status.message and "resume" in status.message
    assert status.can_resume and status.has_runs


def test_a_plan_that_does_not_suit_its_data_is_one_sentence(registry):
    id = registry.start(replace(PLAN, optimiser=replace(PLAN.optimiser, batch_size=5_000)))
    status = ended_within(registry, id)
    assert status.state == "failed" and not status.can_resume and not status.has_runs
    assert status.message.startswith("A batch must not be larger than the training part, got a batch size of 5,000")
    assert "\n" not in status.message


def ended_within(registry, id):
    wait_for(lambda: not registry.status(id).is_live, SECONDS)
    return ended(registry, id)


def test_own_data_reach_the_worker(registry):
    made = make_data(PLAN.data)
    plan = replace(PLAN, data=DataPlan("files"), optimiser=replace(PLAN.optimiser, epochs=1), seeds=(0,))
    id = registry.start(plan, made)
    assert (registry._jobs[id].folder / DATA).is_file()
    assert ended_within(registry, id).state == "finished"
    found = registry.runs(id)
    assert found.class_names == made.class_names
    assert np.array_equal(found.parts["test"].labels, made.test.labels)


def test_it_ends_with_the_server(tmp_path):
    write_plan(tmp_path / PLAN_FILE, LONG)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(module_command(MODULE, str(tmp_path)), env=project_environment(), **pipes) as worker:
        try:
            assert json.loads(worker.stdout.readline())["kind"] == "prepared"
            worker.stdin.close()
            assert worker.wait(SECONDS) == 1
        finally:
            worker.kill()
