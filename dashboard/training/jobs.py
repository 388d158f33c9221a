"""Trainings of this server: each in a process of its own, few at once, the others in a queue that is shown.

Thread-safe, loads no torch. Knows nothing of sessions: whoever has an id, which cannot be guessed (128 bits), may look
and read; its owner, an opaque text, may change it. Nothing computes in the server, and arrays are read from disk only
when somebody asks for runs.
"""

import atexit
import logging
import secrets
import shutil
import threading
import time
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from dashboard.own_folder import OwnFolder
from dashboard.settings import Settings, read_settings
from dashboard.training.data import TrainingData
from dashboard.training.job import MODULE, Job
from dashboard.training.job_status import FAILED, QUEUED, RUNNING, JobRefused, JobStatus, may_change
from dashboard.training.plan import TrainingPlan
from dashboard.training.run_files import ZIP_FILE, TrainedFiles, file_names, make_zip, path_of_file, read_runs

_FOLDER_PREFIX = "dashboard-trainings-"
_ROOM = 100_000_000  # bytes of disk that a training needs beyond its data
_TICK, _REST = 0.5, 30.0  # seconds between looks at the clock: with and without a training that lives
MOST_KEPT = 100  # ended trainings; beyond it the one that nobody has looked at for longest goes

log = logging.getLogger(__name__)


class Overview(NamedTuple):
    """How many trainings run and wait on this server, and how many may."""

    running: int
    queued: int
    most_running: int
    most_queued: int


class JobRegistry:
    """All trainings of this server; may be used from any thread. `close` ends them and deletes what they left."""

    def __init__(self, settings: Settings, *, module: str = MODULE):
        """module: of the worker, another one in tests."""
        self.settings, self._module = settings, module
        self._own = OwnFolder(settings.training_folder, _FOLDER_PREFIX)
        self._jobs: dict[str, Job] = {}
        self._queue: list[str] = []
        self._active: list[Job] = []  # with a process, those that were removed among them
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._keeper: threading.Thread | None = None
        self._is_closed = False

    def start(self, plan: TrainingPlan, data: TrainingData | None = None, *, owner: str | None = None) -> str:
        """The id of a new training. data: for plans of the kind "files" only, which name no data themselves. owner: who
        alone may stop, resume and remove it; None: anybody who has the id.

        Raises JobRefused, with a sentence, when the queue is full or the disk has no room.
        """
        with self._lock:
            self._check_queue()  # before anything of the disk, which a closed registry has none of
        self._check_disk(data)
        id = secrets.token_hex(16)
        job = Job(id, plan, self._own.path / id, module=self._module, owner=owner)
        with self._lock:
            self._check_queue()
            self._jobs[id] = job
            self._queue.append(id)
            oldest = self._drop_oldest()
        for each in oldest:
            each.delete()
        try:
            job.write(data)
        except OSError as error:
            self.remove(id, owner)
            job.delete()
            raise JobRefused(f"The server could not write the training to its disk: {error.strerror}.") from None
        job.is_ready = True
        if job.is_removed:
            job.delete()
        self._fill()
        return id

    def status(self, id: str) -> JobStatus | None:
        """How far a training is; None when there is none of this id. Counts as somebody looking at it."""
        with self._lock:
            job = self._find(id)
            if job is None:
                return None
            job.last_seen = time.monotonic()
            position = self._queue.index(id) + 1 if id in self._queue else 0
            return job.status(position, self._waiting(position))

    def stop(self, id: str, visitor: str | None = None) -> None:
        """Within one batch; what was trained so far is kept as runs. Nothing happens where another owns it."""
        with self._lock:
            job = self._find_own(id, visitor)
            if job is not None:
                self._stop(job)

    def resume(self, id: str, visitor: str | None = None) -> None:
        """Goes on from the last epoch that was kept; nothing happens to one that cannot, or that another owns. Raises
        JobRefused as start.
        """
        with self._lock:
            job = self._find_own(id, visitor)
            if job is None or not job.can_resume:
                return
            self._check_queue()
            job.queue_again()
            self._queue.append(id)
        self._fill()

    def remove(self, id: str, visitor: str | None = None) -> None:
        """Ends a training and deletes everything of it. Nothing happens where another owns it."""
        with self._lock:
            job = self._find_own(id, visitor)
            if job is None:
                return
            del self._jobs[id]
            self._queue = [each for each in self._queue if each != id]
            job.is_removed = True
            if job.process is not None:
                job.process.kill()  # its folder goes when it has ended
                return
        job.delete()

    def runs(self, id: str) -> TrainedFiles | None:
        """What was trained, read from disk; None while there is nothing. The caller holds the only copy."""
        with self._lock:
            job = self._find(id)
        try:
            return None if job is None else read_runs(job.runs_folder)
        except FileNotFoundError:  # it was deleted meanwhile
            return None

    def file_names(self, id: str) -> tuple[str, ...]:
        """Of the files to download; empty while there are none."""
        with self._lock:
            job = self._find(id)
        return () if job is None else file_names(job.runs_folder)

    def file(self, id: str, name: str) -> Path | None:
        """The path of one of `file_names`, or of "all.zip", which is made now; None for any other name."""
        with self._lock:
            job = self._find(id)
        if job is None:
            return None
        return make_zip(job.runs_folder) if name == ZIP_FILE else path_of_file(job.runs_folder, name)

    def overview(self) -> Overview:
        with self._lock:
            return Overview(
                len(self._active), len(self._queue), self.settings.training_jobs, self.settings.training_queue
            )

    def close(self) -> None:
        """Ends all trainings, waits for their processes and deletes the folder. May be called twice."""
        with self._lock:
            self._is_closed = True
            processes = [job.process for job in self._active if job.process is not None]
            self._jobs.clear()
            self._queue.clear()
        self._wake.set()
        for process in processes:
            process.kill()
        for process in processes:
            process.join(10.0)
        if self._keeper is not None:
            self._keeper.join(10.0)
        self._own.close()

    def _find(self, id: object) -> Job | None:
        return self._jobs.get(id) if isinstance(id, str) else None

    def _find_own(self, id: object, visitor: str | None) -> Job | None:
        job = self._find(id)
        return job if job is not None and may_change(job.owner, visitor) else None

    def _fill(self) -> None:
        """Starts what waits, as far as there are places."""
        with self._lock:
            for id in list(self._queue):
                job = self._jobs[id]
                if self._is_closed or len(self._active) >= self.settings.training_jobs:
                    break
                if job.is_ready:
                    self._queue.remove(id)
                    self._launch(job)
            self._keep()

    def _launch(self, job: Job, *, collect: bool = False) -> None:
        job.launch(partial(self._ended, job), partial(self._take, job), collect=collect)
        if job.process is not None:
            self._active.append(job)

    def _take(self, job: Job, message: dict) -> None:
        with self._lock:
            job.progress.take(message)

    def _ended(self, job: Job, exit_status: int) -> None:
        """In a thread of the process that ended."""
        with self._lock:
            errors = job.process.errors
            self._active.remove(job)
            must_collect = job.must_collect(exit_status) and not job.is_removed and not self._is_closed
            if (job.state == FAILED or must_collect) and not job.is_removed and not self._is_closed:
                log.error("Training %s: %s\n%s", job.id[:8], job.message or exit_status, "\n".join(errors))
            if must_collect:
                self._launch(job, collect=True)
        if job.is_removed:
            job.delete()
        self._fill()

    def _stop(self, job: Job, why: str = "") -> None:
        self._queue = [each for each in self._queue if each != job.id]
        job.ask_to_stop(why)

    def _check_queue(self) -> None:
        settings = self.settings
        if self._is_closed:
            raise JobRefused("The server is being stopped: start the training again when it is back.")
        if len(self._active) + len(self._queue) >= settings.training_jobs + settings.training_queue:
            raise JobRefused(
                f"This server trains {settings.training_jobs} at a time and lets {settings.training_queue} wait, and "
                "all places are taken: start yours when one of them is over, or train on your own machine with "
                "python -m dashboard train."
            )

    def _check_disk(self, data: TrainingData | None) -> None:
        n_bytes = 0 if data is None else sum(part.inputs.nbytes + part.labels.nbytes for part in data.parts.values())
        needed, free = _ROOM + 3 * n_bytes, shutil.disk_usage(self._own.path).free
        if needed > free:
            raise JobRefused(
                f"A training like this needs {needed / 1e6:,.0f} MB of the server's disk, but {free / 1e6:,.0f} MB are "
                "free: remove trainings or files you no longer need, or try again later (ended trainings are kept "
                f"for {self.settings.training_hours:g} hours)."
            )

    def _waiting(self, position: int) -> str:
        running, before = len(self._active), position - 1
        words = f"{running} {'training runs' if running == 1 else 'trainings run'}"
        return f"Waits for its turn: {words} and {before or 'none'} {'wait' if before > 1 else 'waits'} before it."

    def _drop_oldest(self) -> list[Job]:
        """What the caller is to delete without the lock."""
        ended = sorted((job for job in self._jobs.values() if not job.is_live), key=lambda job: job.last_seen)
        return [self._jobs.pop(job.id) for job in ended[: max(len(ended) - MOST_KEPT, 0)]]

    def _keep(self) -> None:
        """A thread that looks at the clock, from the first training on; called with the lock held."""
        if self._keeper is None and not self._is_closed:
            self._keeper = threading.Thread(target=self._watch, name="training-keeper", daemon=True)
            self._keeper.start()
        self._wake.set()

    def _watch(self) -> None:
        while not self._is_closed:
            with self._lock:
                rest = _TICK if self._active or self._queue else _REST
                self._wake.clear()
                expired = self._look_at_clock()
            for job in expired:
                job.delete()
            self._wake.wait(rest)

    def _look_at_clock(self) -> list[Job]:
        """Ends what does not end when asked, stops what nobody looks at; the caller deletes what it returns."""
        now, minutes, hours = time.monotonic(), self.settings.training_minutes, self.settings.training_hours
        for job in self._active:
            if job.process is not None:
                job.process.check_grace()
        for job in list(self._jobs.values()):
            if job.state in (QUEUED, RUNNING) and now - job.last_seen > minutes * 60:
                self._stop(
                    job, f"Stopped because nobody looked at it for {minutes:g} minutes; what was trained is kept."
                )
        kept_since = now - hours * 3600
        expired = [job for job in self._jobs.values() if job.ended_at is not None and job.ended_at < kept_since]
        return [self._jobs.pop(job.id) for job in expired]


@cache
def job_registry() -> JobRegistry:
    """The one registry of this process, closed when it exits."""
    registry = JobRegistry(read_settings())
    atexit.register(registry.close)
    return registry
