"""The process that trains: `python -m dashboard.training.worker FOLDER`, started by the registry of `jobs`.

It reads plan and data from the folder, says how far it is in lines of JSON, and leaves runs there. SIGTERM stops it
within one batch with what it has; the end of its stdin, which is the end of the server, ends it at once.
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from dashboard.training import train
from dashboard.training.faults import TrainingStopped, disk_words, is_out_of_memory
from dashboard.training.job import CHECKPOINTS, COLLECT, DATA, RUNS
from dashboard.training.job_status import FAILED, FINISHED, STOPPED, sentence_of_stop
from dashboard.training.plan import PlanError, TrainingPlan
from dashboard.training.run_files import PLAN_FILE

NICENESS = 15
_PAUSE = 0.25  # seconds between two messages of progress


class Channel:
    """Messages to the server. What libraries print goes to stderr, so that every line here is a message."""

    def __init__(self):
        self._lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._said_at = 0.0
        self.is_asked_to_stop = False

    def say(self, kind: str, **content) -> None:
        try:
            self._lines.write(json.dumps({"kind": kind, **content}) + "\n")
            self._lines.flush()
        except BrokenPipeError:  # the server is gone, and its folder with it
            os._exit(1)

    def progress(self, done: int, total: int) -> None:
        """Raises TrainingStopped once the server has asked for it."""
        self.check()
        now = time.monotonic()
        if now - self._said_at >= _PAUSE or done == total:
            self._said_at = now
            self.say("progress", done=done, total=total)

    def check(self) -> None:
        if self.is_asked_to_stop:
            raise TrainingStopped

    def stop(self, *_) -> None:
        self.is_asked_to_stop = True


def main(folder: Path, *, collect: bool) -> int:
    channel = Channel()
    signal.signal(signal.SIGTERM, channel.stop)
    threading.Thread(target=_end_with_server, daemon=True).start()
    _give_way()
    try:
        state, message = _collected(folder) if collect else _trained(folder, channel)
    except PlanError as error:
        state, message = FAILED, str(error)
    except OSError as error:
        state, message = FAILED, _disk_sentence(error)
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        state, message = FAILED, "The machine's memory ran out while the data were prepared: choose fewer samples."
    channel.say("ended", state=state, message=message)
    return int(state == FAILED)


def _trained(folder: Path, channel: Channel) -> tuple[str, str]:
    """State and sentence, once everything worth keeping is on disk."""
    plan = _plan(folder)
    data = _data(plan, folder)
    _say_prepared(plan, data, channel)
    try:
        trained = _train(plan, data, folder, channel)
    except TrainingStopped:
        so_far = _so_far(plan, data, folder)
        _write(folder, data, so_far)
        return STOPPED, sentence_of_stop(has_trained=bool(so_far.runs))
    _write(folder, data, trained)
    shutil.rmtree(folder / CHECKPOINTS, ignore_errors=True)
    return FINISHED, " ".join(trained.notices)


def _train(plan: TrainingPlan, data, folder: Path, channel: Channel):
    """Trained, after a message for each epoch, those of earlier processes first."""
    from dashboard.training.checkpoints import read_reports

    channel.check()
    for report in read_reports(folder / CHECKPOINTS):
        channel.say("report", report=report.to_plain())
    epochs = train(plan, data, folder=folder / CHECKPOINTS, progress=channel.progress)
    while True:
        try:
            report = next(epochs)
        except StopIteration as end:
            return end.value
        channel.say("report", report=report.to_plain())


def _collected(folder: Path) -> tuple[str, str]:
    """Runs of what another process has left, and nothing trained."""
    plan = _plan(folder)
    data = _data(plan, folder)
    _write(folder, data, _so_far(plan, data, folder))
    return STOPPED, ""


def _plan(folder: Path) -> TrainingPlan:
    return TrainingPlan.from_json((folder / PLAN_FILE).read_text(encoding="utf-8"))


def _data(plan: TrainingPlan, folder: Path):
    if (folder / DATA).exists():
        from dashboard.training.data_files import load_data

        return load_data(folder / DATA)
    from dashboard.training.data_sets import make_data

    return make_data(plan.data)


def _say_prepared(plan: TrainingPlan, data, channel: Channel) -> None:
    from dashboard.training.devices import choose_device
    from dashboard.training.models import parameter_count

    channel.say(
        "prepared",
        parameter_count=parameter_count(plan.model, data.input_shape, data.n_classes),
        device=choose_device(plan.device)[1],
        notices=data.notices,
    )


def _so_far(plan: TrainingPlan, data, folder: Path):
    from dashboard.training.results import trained_so_far

    return trained_so_far(plan, data, folder / CHECKPOINTS)


def _write(folder: Path, data, trained) -> None:
    from dashboard.training.exports import write_trained

    if trained.runs:
        write_trained(folder / RUNS, trained, data)


def _disk_sentence(error: OSError) -> str:
    return (
        f"What is trained must be written to the server's disk, but {disk_words(error)}: resume it once that is mended."
    )


def _give_way() -> None:
    """The server answers first, and is not the one that goes when memory is out."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _end_with_server() -> None:
    while os.read(0, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), collect=COLLECT in sys.argv[2:]))
