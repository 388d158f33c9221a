"""A training in this process, at a terminal: a bar that moves, Ctrl-C that keeps what was trained, files at the end.

Knows nothing of options and tables.
"""

import shutil
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import typer

from dashboard.training import TrainingPlan, train
from dashboard.training.data import TrainingData
from dashboard.training.exports import write_trained
from dashboard.training.faults import CheckpointError, OutOfMemory, TrainingStopped
from dashboard.training.plan import PlanError
from dashboard.training.results import Trained, trained_so_far

CHECKPOINTS = ".checkpoints"


def train_here(plan: TrainingPlan, data: TrainingData, output: Path) -> tuple[Trained, bool]:
    """What was trained, written to `output`, and whether it was stopped: then its checkpoints stay there.

    Goes on from the checkpoints there if they are of the same plan and data. Raises PlanError and OSError; what was
    trained before memory ran out is written first.
    """
    checkpoints = output / CHECKPOINTS
    _make_folder(output)
    try:
        trained, is_stopped = _trained(plan, data, checkpoints)
    except OutOfMemory:
        _write(output, trained_so_far(plan, data, checkpoints), data)
        raise
    except CheckpointError as error:
        raise CheckpointError(
            f"{error} Checkpoints are in {checkpoints}: without it the training begins anew."
        ) from None
    _write(output, trained, data)
    if not is_stopped:
        shutil.rmtree(checkpoints, ignore_errors=True)
    return trained, is_stopped


def _make_folder(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PlanError(
            f"The output must be a folder that can be made, but {output} cannot ({error.strerror}): name another."
        ) from None


def _trained(plan: TrainingPlan, data: TrainingData, checkpoints: Path) -> tuple[Trained, bool]:
    with Bar() as bar, _stoppable(bar):
        try:
            return _last(train(plan, data, folder=checkpoints, progress=bar.move)), False
        except TrainingStopped:
            pass
    return trained_so_far(plan, data, checkpoints), True


def _write(output: Path, trained: Trained, data: TrainingData) -> None:
    if trained.runs:
        write_trained(output, trained, data)


def _last(epochs) -> Trained:
    """The value of a generator; a report of each epoch is kept in it too."""
    while True:
        try:
            next(epochs)
        except StopIteration as end:
            return end.value


class Bar:
    """Steps of all seeds, on stderr; nothing where that is no terminal."""

    def __init__(self):
        self._bar, self._done, self.is_asked_to_stop = None, 0, False

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        if self._bar is not None:
            self._bar.render_finish()

    def move(self, done: int, total: int) -> None:
        """Raises TrainingStopped once somebody has asked for it."""
        if self.is_asked_to_stop:
            raise TrainingStopped
        if self._bar is None:
            self._bar = typer.progressbar(
                length=total, label="Training", file=sys.stderr, hidden=not sys.stderr.isatty()
            )
            self._done = done - 1
            self._bar.render_progress()
        self._bar.update(done - self._done)
        self._done = done


@contextmanager
def _stoppable(bar: Bar):
    """The first Ctrl-C or SIGTERM asks; a second Ctrl-C ends the process at once."""

    def ask(number, frame):
        bar.is_asked_to_stop = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
