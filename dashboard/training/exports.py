"""Writes everything that a training leaves into a folder, each run with a program that trains it again.

Knows nothing of processes; what the files are is told in `run_files`.
"""

from pathlib import Path

from dashboard.training.data import TrainingData
from dashboard.training.results import Trained
from dashboard.training.run_files import write_runs
from dashboard.training.training_script import training_script


def write_trained(folder: Path, trained: Trained, data: TrainingData) -> None:
    """OSError where the disk does not take it."""
    scripts = {run.name: training_script(trained.plan, run, data) for run in trained.runs}
    write_runs(folder, trained, data, scripts)
