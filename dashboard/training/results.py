"""What a training leaves: for each variant and seed its best weights and its logits on the parts not trained on.

Also of a training that was stopped or has crashed, from its checkpoints. Knows nothing of pages and exports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from dashboard.training.batches import Samples
from dashboard.training.checkpoints import CheckpointFolder, read_reports
from dashboard.training.data import TrainingData
from dashboard.training.models import scores_of
from dashboard.training.plan import TrainingPlan
from dashboard.training.prepared_plan import PreparedPlan
from dashboard.training.reports import EpochReport
from dashboard.training.run_files import RunScores
from dashboard.training.standing import Standing, standings_of


@dataclass(frozen=True, eq=False)
class TrainedRun(RunScores):
    """A variant trained with a seed, with its weights: by parameter of the plain model, sorted."""

    weights: dict[str, np.ndarray]


@dataclass(frozen=True, eq=False)
class Trained:
    """runs: by seed, then by variant; those that have learnt nothing are left out, which `notices` says."""

    plan: TrainingPlan
    runs: tuple[TrainedRun, ...]
    reports: tuple[EpochReport, ...]
    notices: tuple[str, ...] = ()


def trained_so_far(plan: TrainingPlan, data: TrainingData, folder: str | Path) -> Trained:
    """The same from the checkpoints of a training that was stopped or has crashed; without runs where there is none.

    Raises CheckpointError where they are of another plan or data, or cannot be read.
    """
    prepared, checkpoints = PreparedPlan.of(plan, data), CheckpointFolder(folder, plan, data)
    found = {index: checkpoints.newest(index) for index in range(len(plan.seeds))}
    standings = {index: standings_of(each) for index, each in found.items() if each is not None}
    return collect(prepared, standings, read_reports(folder))


def collect(prepared: PreparedPlan, standings: Mapping[int, list[Standing]], reports: list[EpochReport]) -> Trained:
    """standings: seed index -> by variant."""
    runs, notices = [], []
    for index in sorted(standings):
        if any(each.best_epoch for each in standings[index]):
            runs += _runs(prepared, index, standings[index])
        notices += _left_out(prepared.plan, index, standings[index])
    return Trained(prepared.plan, tuple(runs), tuple(reports), tuple(notices))


def _runs(prepared: PreparedPlan, index: int, standings: list[Standing]) -> list[TrainedRun]:
    lockstep = prepared.lockstep(prepared.plan.seeds[index])
    for variant, standing in enumerate(standings):
        lockstep.put_weights(variant, standing.weights)
    test = Samples.of(prepared.data.test, prepared.dtype, prepared.device)
    parts = {"validation": prepared.validation, "test": test}
    logits = {part: prepared.logits(lockstep, samples) for part, samples in parts.items()}
    return [
        _run(prepared, index, variant, standing, {part: each[variant] for part, each in logits.items()})
        for variant, standing in enumerate(standings)
        if standing.best_epoch
    ]


def _run(
    prepared: PreparedPlan, index: int, variant: int, standing: Standing, logits: dict[str, torch.Tensor]
) -> TrainedRun:
    plan, loss = prepared.plan, prepared.losses[variant]
    planned, seed = plan.variants[variant], plan.seeds[index]
    return TrainedRun(
        name=plan.run_name(planned, seed),
        variant=planned.name,
        loss=str(loss),
        seed=seed,
        state=standing.state,
        best_epoch=standing.best_epoch,
        n_epochs=standing.n_epochs,
        weights={name: each.numpy() for name, each in sorted(standing.weights.items())},
        logits={part: scores_of(each, loss).float().numpy() for part, each in logits.items()},
    )


def _left_out(plan: TrainingPlan, index: int, standings: list[Standing]) -> list[str]:
    named = [plan.run_name(each, plan.seeds[index]) for each in plan.variants]
    return [
        f"{name} is left out: it has finished no epoch with finite numbers, so nothing was learnt."
        for name, standing in zip(named, standings, strict=True)
        if not standing.best_epoch
    ]
