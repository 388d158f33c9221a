"""One training of a server: its folder, its process, its state. Not thread-safe: the registry's lock guards it.

Knows nothing of other trainings.
"""

import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

from dashboard.training.data import TrainingData
from dashboard.training.job_progress import JobProgress
from dashboard.training.job_status import (
    FAILED,
    FINISHED,
    QUEUED,
    RUNNING,
    STOPPED,
    STOPPING,
    JobStatus,
    sentence_of_stop,
)
from dashboard.training.plan import TrainingPlan
from dashboard.training.run_files import PLAN_FILE, has_runs, write_plan
from dashboard.training.worker_process import WorkerProcess

MODULE = "dashboard.training.worker"
DATA, CHECKPOINTS, RUNS = "data.npz", "checkpoints", "runs"
COLLECT = "--collect"  # of the worker: train nothing, only make runs of the checkpoints
COLLECT_SECONDS = 300.0
_PATH = re.compile(r"(?<![\w.])(?:[A-Za-z]:)?[/\\][^\s'\":,;()]+")


class Job:
    """A training in `folder`, which only this user may open."""

    def __init__(self, id: str, plan: TrainingPlan, folder: Path, *, module: str = MODULE, owner: str | None = None):
        self.id, self.plan, self.folder, self.module, self.owner = id, plan, folder, module, owner
        self.state, self.message = QUEUED, ""
        self.is_ready = False  # its files are written
        self.is_removed = False
        self.progress = JobProgress()
        self.process: WorkerProcess | None = None
        self.last_seen = time.monotonic()
        self.ended_at: float | None = None
        self._outcome: tuple[str, str] | None = None  # what it will be once what was trained is kept
        self._why_stopped = ""
        self._started, self._seconds = 0.0, 0.0

    def write(self, data: TrainingData | None) -> None:
        """Plan and data for the worker; OSError where the disk does not take them."""
        self.folder.mkdir(mode=0o700)
        write_plan(self.folder / PLAN_FILE, self.plan)
        if data is not None:
            from dashboard.training.data_files import save_data

            save_data(data, self.folder / DATA)

    def launch(self, ended: Callable[[int], None], take: Callable[[dict], None], *, collect: bool = False) -> None:
        """Begins, or goes on; with `collect` only keeps what was trained. FAILED where no process can be started."""
        self.progress.begin()
        self.state = STOPPING if collect else RUNNING
        arguments = (COLLECT,) if collect else ()
        try:
            self.process = WorkerProcess(self.module, self.folder, *arguments, take=take, ended=ended)
        except OSError as error:
            self._settle(FAILED, f"The server could not start a process for this training: {error.strerror}.")
            return
        self._started = time.monotonic()
        if collect:
            self.process.end_within(COLLECT_SECONDS)

    def ask_to_stop(self, why: str = "") -> None:
        """Within a batch it ends with what was trained so far; one that waits never begins."""
        if self.state == QUEUED:
            self._settle(STOPPED, why or "Stopped before it began.")
        elif self.state == RUNNING:
            self.state, self._why_stopped = STOPPING, why
            self.process.ask_to_stop()

    def must_collect(self, exit_status: int) -> bool:
        """Called at the end of its process: settles the state, unless what was trained has to be kept first."""
        outcome = self._outcome or self._outcome_of(exit_status)
        is_collected = self._outcome is not None or self.progress.ended in (FINISHED, STOPPED)
        self._seconds, self.process = self.seconds, None
        self._outcome = outcome
        if is_collected or not self._has_checkpoints:
            self._settle(*outcome)
            return False
        return True

    def queue_again(self) -> None:
        self.state, self.message, self.ended_at = QUEUED, "", None
        self._outcome, self._why_stopped, self.last_seen = None, "", time.monotonic()

    @property
    def seconds(self) -> float:
        return self._seconds + (time.monotonic() - self._started if self.process else 0.0)

    @property
    def runs_folder(self) -> Path:
        return self.folder / RUNS

    @property
    def is_live(self) -> bool:
        return self.state in (QUEUED, RUNNING, STOPPING)

    @property
    def can_resume(self) -> bool:
        return self.state == STOPPED or (self.state == FAILED and self._has_checkpoints)

    @property
    def _has_checkpoints(self) -> bool:
        folder = self.folder / CHECKPOINTS
        return folder.is_dir() and any(folder.iterdir())

    def status(self, position: int, waiting: str) -> JobStatus:
        p = self.progress
        return JobStatus(
            id=self.id,
            state=self.state,
            plan=self.plan,
            position=position,
            progress=1.0 if self.state == FINISHED else p.share,
            seconds_left=p.seconds_left() if self.state == RUNNING else None,
            seconds=self.seconds,
            reports=p.reports,
            message=waiting if self.state == QUEUED else self.message,
            owner=self.owner,
            parameter_count=p.parameter_count,
            device=p.device,
            notices=p.notices,
            can_resume=self.can_resume,
            has_runs=has_runs(self.runs_folder),
        )

    def delete(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _settle(self, state: str, message: str) -> None:
        self.state, self.message, self.ended_at = state, message, time.monotonic()

    def _outcome_of(self, exit_status: int) -> tuple[str, str]:
        """State and sentence: what the process said last, or else what its end says."""
        if self.progress.ended == STOPPED or (self.state == STOPPING and self.progress.ended is None):
            said = self.progress.message or sentence_of_stop(has_trained=self._has_checkpoints)
            return STOPPED, self._why_stopped or said
        if self.progress.ended is not None:
            return self.progress.ended, self.progress.message
        errors = self.process.errors if self.process else ()
        return FAILED, _sentence_of_end(exit_status, errors, has_trained=self._has_checkpoints)


def _sentence_of_end(exit_status: int, errors: tuple[str, ...], *, has_trained: bool) -> str:
    """Of a process that ended without a word of its own."""
    kept = "what was trained before is kept, and can be resumed" if has_trained else "no epoch was whole yet"
    if exit_status < 0:
        name = signal.Signals(-exit_status).name if -exit_status in set(signal.Signals) else str(-exit_status)
        why = "most likely because memory ran out" if name == "SIGKILL" else "which a fault in a library can do"
        return f"The process of this training was ended by the system ({name}), {why}: {kept}."
    last = next((line for line in reversed(errors) if line and not line[0].isspace()), "")
    said = _PATH.sub("(a file)", last)[:300].rstrip(". ") or f"exit status {exit_status}"
    return f"The training ended with an error ({said}): {kept}."
