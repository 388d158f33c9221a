"""A registry that trains nothing: states, reports and runs as a test sets them."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from dashboard.settings import Settings
from dashboard.training.job_status import FINISHED, RUNNING, STOPPED, JobRefused, JobStatus
from dashboard.training.jobs import Overview
from dashboard.training.plan import TrainingPlan
from dashboard.training.reports import EpochReport, VariantReport
from dashboard.training.run_files import RunScores, ShownPart, TrainedFiles

ID = "0123456789abcdef0123456789abcdef"
CLASSES = ("one", "two", "three")


class StandIn:
    """The part of `JobRegistry` that the page uses."""

    def __init__(self):
        self.settings = Settings()
        self.jobs: dict[str, JobStatus] = {}
        self.trained: TrainedFiles | None = None
        self.refusal, self.running = "", 0
        self.files: dict[str, Path] = {}

    def start(self, plan, data=None, *, owner=None) -> str:
        if self.refusal:
            raise JobRefused(self.refusal)
        self.data = data
        self.jobs[ID] = JobStatus(ID, RUNNING, plan, owner=owner)
        return ID

    def status(self, id):
        return self.jobs.get(id)

    def stop(self, id, visitor=None) -> None:
        if not self.jobs[id].may_be_changed_by(visitor):
            return
        self.jobs[id] = replace(self.jobs[id], state=STOPPED, can_resume=True, has_runs=self.trained is not None)

    def resume(self, id, visitor=None) -> None:
        if not self.jobs[id].may_be_changed_by(visitor):
            return
        if self.refusal:
            raise JobRefused(self.refusal)
        self.jobs[id] = replace(self.jobs[id], state=RUNNING, can_resume=False, has_runs=False)

    def remove(self, id, visitor=None) -> None:
        if self.jobs[id].may_be_changed_by(visitor):
            del self.jobs[id]

    def overview(self) -> Overview:
        return Overview(self.running, 0, 1, 8)

    def runs(self, id):
        return self.trained

    def file_names(self, id):
        return tuple(self.files)

    def file(self, id, name):
        return self.files.get(name)

    def finish(self) -> None:
        self.jobs[ID] = replace(self.jobs[ID], state=FINISHED, progress=1.0, seconds=12.0, has_runs=True)


def reports_of(plan: TrainingPlan, n_epochs: int, seed_index: int = 0, **changes) -> tuple[EpochReport, ...]:
    """Epochs 0 to n_epochs of one seed, every figure another."""
    return tuple(
        EpochReport(
            seed=plan.seeds[seed_index],
            seed_index=seed_index,
            n_seeds=len(plan.seeds),
            epoch=epoch,
            n_epochs=plan.optimiser.epochs,
            seconds=1.0,
            learning_rate=0.001,
            device="CPU",
            variants=tuple(_report(each.name, number, epoch, changes) for number, each in enumerate(plan.variants)),
        )
        for epoch in range(n_epochs + 1)
    )


def _report(name, number, epoch, changes) -> VariantReport:
    start = 0.1 * number + 0.01 * epoch
    figures = {
        "loss": 2 - start,
        "validation_loss": 1.9 - start,
        "bce": 0.7 - start,
        "micro_f1": 0.31 + start,
        "macro_f1": 0.32 + start,
        "micro_f1_tuned": 0.33 + start,
        "macro_f1_tuned": 0.34 + start,
        "mean_average_precision": 0.35 + start,
        "gradient_norm": 0.5 + start,
        "saturated": 0.002 * epoch,
    }
    return VariantReport(**({"name": name, **figures, "state": "training", "best_epoch": epoch} | changes))


def trained_of(plan: TrainingPlan, n_samples: int = 80) -> TrainedFiles:
    """Runs of every variant and seed, with scores that say something of the labels."""
    rng = np.random.default_rng(0)
    labels = {part: (rng.random((n_samples, len(CLASSES))) < 0.4).astype(np.int8) for part in ("validation", "test")}
    parts = {
        part: ShownPart(
            each,
            ids=np.array([f"{part}-{row}" for row in range(n_samples)]),
            columns={
                "patient": np.array([f"p{row // 2}" for row in range(n_samples)]),
                "site": np.arange(n_samples) % 3,
            },
        )
        for part, each in labels.items()
    }
    runs = {}
    for variant in plan.variants:
        for seed in plan.seeds:
            name = plan.run_name(variant, seed)
            logits = {
                part: (2.0 * each - 1 + rng.normal(scale=1.5, size=each.shape)).astype(np.float32)
                for part, each in labels.items()
            }
            runs[name] = RunScores(name, variant.name, variant.loss, seed, "finished", 3, 3, logits)
    return TrainedFiles(plan, "made", CLASSES, ("A notice.",), parts, runs)
