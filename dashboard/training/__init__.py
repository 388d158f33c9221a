"""Fits small models: the sample data's digits and many loss variants at once. Knows nothing of screens.

Importing it loads neither torch nor scikit-learn; `train` does, when it is called.
"""

from collections.abc import Callable, Generator
from pathlib import Path

from dashboard.training.plan import TrainingPlan
from dashboard.training.reports import EpochReport

__all__ = ["EpochReport", "TrainingPlan", "train"]


def train(
    plan: TrainingPlan, data, *, folder: str | Path | None = None, progress: Callable[[int, int], None] | None = None
) -> Generator[EpochReport, None, object]:
    """Trains all variants of the plan in lock-step, seed after seed, and yields a report per epoch; closing it stops.

    data: TrainingData. folder: for checkpoints; where it holds those of the same plan and data, training goes on from
    them. progress: called after each batch with the steps done and all steps; may raise to stop. Returns (as the
    generator's value) the `Trained` of `dashboard.training.results`.
    """
    from dashboard.training.epochs import train_epochs

    return (yield from train_epochs(plan, data, folder=folder, progress=progress))
