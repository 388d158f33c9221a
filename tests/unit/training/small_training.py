"""Small data and plans that train in a moment, and what a training gives without the time it took."""

from dataclasses import replace

import numpy as np
import torch

from dashboard.training import TrainingPlan, train
from dashboard.training.data import DataPart, TrainingData
from dashboard.training.plan import ModelPlan, OptimiserPlan, VariantPlan

CLASSES = ("a", "b", "c")
LOSSES = ("bce_with_logits", "focal", "zlpr")


def easy_data(seed=0, n=(60, 40, 30), n_features=6, noise=0.3) -> TrainingData:
    """Classes that a linear model learns, some cells unknown."""
    rng = np.random.default_rng(seed)
    directions = rng.normal(size=(n_features, len(CLASSES)))

    def part(n_samples):
        inputs = rng.normal(size=(n_samples, n_features)).astype(np.float32)
        logits = inputs @ directions + noise * rng.normal(size=(n_samples, len(CLASSES)))
        labels = (logits > 1.0).astype(np.int8)
        labels[rng.random(labels.shape) < 0.05] = -1
        return DataPart(inputs, labels)

    return TrainingData("easy", CLASSES, *(part(each) for each in n))


def with_labels(data: TrainingData, part: str, labels) -> TrainingData:
    return replace(data, **{part: replace(getattr(data, part), labels=np.asarray(labels, dtype=np.int8))})


def small_plan(*losses, model=None, precision="float32", seeds=(0,), **optimiser) -> TrainingPlan:
    chosen = {"epochs": 4, "batch_size": 16, "learning_rate": 0.01} | optimiser
    return TrainingPlan(
        model=model or ModelPlan(width=8, depth=1),
        optimiser=OptimiserPlan(**chosen),
        variants=tuple(VariantPlan(each) for each in losses or LOSSES),
        seeds=seeds,
        device="cpu",
        precision=precision,
    )


def finished(plan, data, **options):
    """The reports that `train` yields and what it returns."""
    reports, training = [], train(plan, data, **options)
    while True:
        try:
            reports.append(next(training))
        except StopIteration as end:
            return reports, end.value


def without_time(reports) -> list[dict]:
    """As plain values, in which what is undefined equals itself."""
    return [replace(each, seconds=0.0).to_plain() for each in reports]


def assert_same_runs(found, expected) -> None:
    """To the last bit."""
    assert [each.name for each in found] == [each.name for each in expected]
    for one, other in zip(found, expected, strict=True):
        for of_one, of_other in ((one.weights, other.weights), (one.logits, other.logits)):
            assert list(of_one) == list(of_other)
            for name in of_one:
                np.testing.assert_array_equal(of_one[name], of_other[name], strict=True)
        told = ("variant", "loss", "seed", "state", "best_epoch", "n_epochs")
        assert [getattr(one, name) for name in told] == [getattr(other, name) for name in told]


def values_of(reports, variant, name) -> list:
    return [getattr(each.variants[variant], name) for each in reports]


def nan_step(lockstep_step, variant, at):
    """A step of LockStep whose `variant` has a loss that is no number at the step `at`, and weights spoilt by it."""

    def step(self, inputs, targets):
        figures = lockstep_step(self, inputs, targets)
        if self.steps_done == at:
            figures.loss[variant] = torch.nan
            with torch.no_grad():
                for parameter in self.parameters.values():
                    parameter[variant] = torch.nan
        return figures

    return step
