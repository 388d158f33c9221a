"""The registry with a worker that trains nothing: queue, stop, resume, crash, age, ends."""

import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import replace

import pytest

from dashboard.module_process import project_environment
from dashboard.settings import Settings
from dashboard.training import job as job_module
from dashboard.training import jobs
from dashboard.training.job_status import JobRefused, sentence_of_stop
from dashboard.training.jobs import JobRegistry
from dashboard.training.plan import DataPlan, TrainingPlan

WORKER = "tests.unit.training.stand_in_worker"


def plan(act="finish", **settings):
    return TrainingPlan(data=DataPlan("digits", {"act": act} | settings))


def wait_for(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.01)


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"


@pytest.fixture
def registry_with(tmp_path):
    made = []

    def make(**changes):
        made.append(JobRegistry(replace(Settings(training_folder=tmp_path), **changes), module=WORKER))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def registry(registry_with):
    return registry_with()


def ended(registry, id):
    wait_for(lambda: not registry.status(id).is_live)
    return registry.status(id)


def folder_of(registry, id):
    return registry._own.path / id


def test_a_finished_training_has_said_what_it_did(registry):
    id = registry.start(plan(epochs=3))
    assert len(bytes.fromhex(id)) == 16
    status = ended(registry, id)
    assert (status.state, status.progress, status.message) == ("finished", 1.0, "")
    assert [report.epoch for report in status.reports] == [0, 1, 2]
    assert (status.parameter_count, status.device, status.notices) == (7, "CPU", ("A notice.",))
    assert not status.can_resume and not status.has_runs
    assert registry.runs(id) is None and registry.file_names(id) == () and registry.file(id, "all.zip") is None


@pytest.mark.parametrize("id", ["", "no", "../x", None, 3])
def test_an_unknown_id_is_nothing(registry, id):
    assert registry.status(id) is None and registry.runs(id) is None and registry.file(id, "plan.json") is None
    registry.stop(id)
    registry.resume(id)
    registry.remove(id)


def test_trainings_beyond_the_places_wait_and_begin_when_one_is_free(registry_with):
    registry = registry_with(training_jobs=1, training_queue=2)
    first, second, third = (registry.start(plan("wait")) for _ in range(3))
    assert [registry.status(id).position for id in (first, second, third)] == [0, 1, 2]
    assert registry.status(third).message == "Waits for its turn: 1 training runs and 1 waits before it."
    assert registry.status(second).message == "Waits for its turn: 1 training runs and none waits before it."
    assert registry.overview()[:2] == (1, 2)
    with pytest.raises(JobRefused, match="trains 1 at a time and lets 2 wait, and all places are taken: start yours"):
        registry.start(plan())
    registry.stop(second)
    assert registry.status(second).state == "stopped" and registry.status(third).position == 1
    registry.stop(first)
    wait_for(lambda: registry.status(third).state == "running")
    registry.resume(second)
    assert registry.status(second).state == "queued"


def test_a_full_disk_is_said_before_anything_begins(registry, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": 5_000_000}))
    with pytest.raises(JobRefused, match="needs 100 MB of the server's disk, but 5 MB are free"):
        registry.start(plan())


def test_a_disk_that_fills_while_a_plan_is_written_leaves_nothing(registry, monkeypatch):
    def full(path, plan):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(job_module, "write_plan", full)
    with pytest.raises(JobRefused, match="could not write the training to its disk: No space left"):
        registry.start(plan())
    assert [path.name for path in registry._own.path.iterdir()] == ["in-use"] and registry.overview()[:2] == (0, 0)


def test_stop_is_followed_by_resume(registry):
    id = registry.start(plan("wait", epochs=2))
    wait_for(lambda: len(registry.status(id).reports) == 2)
    registry.stop(id)
    status = ended(registry, id)
    assert (status.state, status.message, status.can_resume) == ("stopped", "Stopped.", True)
    assert status.seconds > 0 and len(status.reports) == 2
    registry.resume(id)
    wait_for(lambda: registry.status(id).state == "running")
    assert len(registry.status(id).reports) == 2


def test_a_process_that_does_not_stop_is_ended_and_what_it_left_collected(registry, monkeypatch):
    monkeypatch.setattr("dashboard.training.worker_process.WorkerProcess.ask_to_stop.__defaults__", (0.2,))
    id = registry.start(plan("wait", deaf=True, epochs=1))
    wait_for(lambda: registry.status(id).reports)
    registry.stop(id)
    status = ended(registry, id)
    assert status.state == "stopped" and status.message == sentence_of_stop(has_trained=True)
    assert (folder_of(registry, id) / "collected").exists()


def test_a_killed_process_is_told_and_what_it_left_collected(registry):
    id = registry.start(plan("die", epochs=2))
    status = ended(registry, id)
    assert status.state == "failed" and status.can_resume
    assert status.message == (
        "The process of this training was ended by the system (SIGKILL), most likely because memory ran out: what was "
        "trained before is kept, and can be resumed."
    )
    assert (folder_of(registry, id) / "collected").exists()


def test_an_error_is_told_in_its_last_line_without_paths(registry):
    id = registry.start(plan("raise"))
    status = ended(registry, id)
    assert status.state == "failed" and not status.can_resume
    assert "(RuntimeError: no room in (a file)): no epoch was whole yet." in status.message
    assert str(registry._own.path) not in status.message and "Traceback" not in status.message


def test_what_was_stopped_before_it_had_learnt_does_not_say_that_something_is_kept(registry, monkeypatch):
    monkeypatch.setattr("dashboard.training.worker_process.WorkerProcess.ask_to_stop.__defaults__", (0.0,))
    id = registry.start(plan("wait", deaf=True))
    registry.stop(id)
    status = ended(registry, id)
    assert status.message == "Stopped before an epoch was whole: nothing is kept, and to resume is to begin anew."


def test_the_server_goes_on_after_a_crash(registry):
    ended(registry, registry.start(plan("die")))
    assert ended(registry, registry.start(plan())).state == "finished"


def test_a_training_that_nobody_looks_at_is_stopped(registry_with, monkeypatch):
    monkeypatch.setattr(jobs, "_TICK", 0.05)
    registry = registry_with(training_minutes=0.015)
    id = registry.start(plan("wait"))
    waiting = registry.start(plan("wait"))
    for _ in range(15):  # looked at for longer than it may go without
        assert registry.status(id).state == "running"
        time.sleep(0.1)
    wait_for(lambda: registry._jobs[id].state == "stopped" and registry._jobs[waiting].state == "stopped")
    assert registry.status(id).message.startswith("Stopped because nobody looked at it for 0.015 minutes")


def test_an_ended_training_is_deleted_after_its_hours(registry_with, monkeypatch):
    monkeypatch.setattr(jobs, "_REST", 0.05)
    registry = registry_with(training_hours=1e-6)
    id = registry.start(plan())
    folder = folder_of(registry, id)
    wait_for(lambda: registry.status(id) is None)
    wait_for(lambda: not folder.exists())


def test_of_many_ended_trainings_the_one_not_looked_at_goes(registry, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_KEPT", 1)
    first, second = registry.start(plan()), registry.start(plan())
    ended(registry, second)
    ended(registry, first)
    registry.start(plan())
    assert registry.status(second) is None and registry.status(first) is not None


def test_a_removed_training_leaves_no_process_and_no_folder(registry):
    id = registry.start(plan("wait", deaf=True))
    folder = folder_of(registry, id)
    wait_for((folder / "pid").exists)
    pid = int((folder / "pid").read_text())
    registry.remove(id)
    assert registry.status(id) is None
    wait_for(lambda: not is_running(pid) and not folder.exists())
    assert registry.overview().running == 0


def test_close_leaves_no_process_no_thread_and_no_folder(registry_with):
    before = {thread.ident for thread in threading.enumerate()}
    registry = registry_with(training_jobs=2)
    ids = [registry.start(plan("wait", deaf=True)) for _ in range(3)]
    wait_for(lambda: all((folder_of(registry, id) / "pid").exists() for id in ids[:2]))
    pids = [int((folder_of(registry, id) / "pid").read_text()) for id in ids[:2]]
    registry.close()
    assert not any(os.path.exists(f"/proc/{pid}") for pid in pids)
    assert {thread.ident for thread in threading.enumerate()} <= before
    assert not registry._own.path.exists()
    with pytest.raises(JobRefused, match="being stopped"):
        registry.start(plan())


def test_two_registries_do_not_collide(registry_with):
    one, other = registry_with(), registry_with()
    id = one.start(plan("wait"))
    assert other.status(id) is None and one._own.path != other._own.path
    other.close()
    assert one.status(id).state == "running"


def test_another_than_its_owner_can_only_look_at_a_training(registry):
    id = registry.start(plan("wait", epochs=1), owner="mine")
    for other in (None, "", "another"):
        registry.stop(id, other)
        registry.remove(id, other)
    assert registry.status(id).state == "running"
    assert not registry.status(id).may_be_changed_by("another") and registry.status(id).may_be_changed_by("mine")
    registry.stop(id, "mine")
    assert ended(registry, id).can_resume
    registry.resume(id, "another")
    assert registry.status(id).state == "stopped"
    registry.resume(id, "mine")
    assert registry.status(id).is_live
    registry.remove(id, "mine")
    assert registry.status(id) is None


def test_a_training_without_an_owner_is_everybodys(registry):
    id = registry.start(plan("wait"))
    assert registry.status(id).may_be_changed_by("anybody")
    registry.stop(id, "anybody")
    assert ended(registry, id).state == "stopped"


def test_folders_are_closed_to_others(registry):
    id = registry.start(plan("wait"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (registry._own.path, folder_of(registry, id))] == [0o700] * 2


def test_the_worker_runs_nicely_in_a_session_of_its_own(registry):
    id = registry.start(plan("wait"))
    wait_for((folder_of(registry, id) / "pid").exists)
    pid = int((folder_of(registry, id) / "pid").read_text())
    assert os.getsid(pid) == pid != os.getsid(0)


SERVER = """
    import sys, time
    from pathlib import Path
    from dashboard.settings import Settings
    from dashboard.training.jobs import JobRegistry
    from dashboard.training.plan import DataPlan, TrainingPlan
    registry = JobRegistry(Settings(training_folder=Path(sys.argv[1])), module=sys.argv[2])
    id = registry.start(TrainingPlan(data=DataPlan("digits", {"act": "wait", "epochs": 1})))
    while not registry.status(id).reports:
        time.sleep(.01)
    print(registry._own.path / id, flush=True)
    sys.stdin.read()
"""


def test_a_worker_ends_with_its_server_and_the_next_server_sweeps(tmp_path, registry_with):
    command = [sys.executable, "-c", textwrap.dedent(SERVER), str(tmp_path), WORKER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=project_environment(), text=True, **pipes) as server:
        folder = type(tmp_path)(server.stdout.readline().strip())
        pid = int((folder / "pid").read_text())
        assert is_running(pid)
        server.send_signal(signal.SIGKILL)
    wait_for(lambda: not is_running(pid))
    assert (folder / "orphaned").exists()
    registry_with()
    assert not folder.exists()


def test_importing_it_loads_no_torch():
    program = "import sys, json; import dashboard.training.jobs; print(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=project_environment()
    )
    assert not {"torch", "sklearn", "streamlit"} & {name.split(".")[0] for name in json.loads(run.stdout)}
