"""What all seeds of a training share: the data where the model is, the losses, and what variants are judged on.

Knows nothing of steps.
"""

from dataclasses import dataclass, field
from functools import cached_property

import torch

from dashboard.losses import ClassCounts, LossSettings
from dashboard.training.baseline import Baseline, constant_baseline
from dashboard.training.batches import Samples, batch_order, n_batches
from dashboard.training.checks import checked_losses, counts_of
from dashboard.training.data import TrainingData
from dashboard.training.devices import choose_device
from dashboard.training.evaluation import Judged
from dashboard.training.lockstep import LockStep
from dashboard.training.plan import TrainingPlan

ROWS = 8192  # of inputs on the device at a time, where they do not all lie there


@dataclass(frozen=True, eq=False)
class PreparedPlan:
    """device_words: what was found and why. counts: of the training part."""

    plan: TrainingPlan
    data: TrainingData
    losses: list[LossSettings]
    counts: ClassCounts
    device: torch.device
    device_words: str
    _baselines: dict[int, Baseline] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, plan: TrainingPlan, data: TrainingData) -> "PreparedPlan":
        """Raises PlanError where the plan cannot be carried out on the data or here."""
        losses = checked_losses(plan, data)
        return cls(plan, data, losses, counts_of(data), *choose_device(plan.device))

    @property
    def dtype(self) -> torch.dtype:
        return torch.float64 if self.plan.precision == "float64" else torch.float32

    @property
    def steps_per_epoch(self) -> int:
        return n_batches(self.data.train.n_samples, self.plan.optimiser.batch_size)

    @property
    def steps_per_seed(self) -> int:
        return self.plan.optimiser.epochs * self.steps_per_epoch

    @property
    def n_steps(self) -> int:
        return len(self.plan.seeds) * self.steps_per_seed

    @cached_property
    def train(self) -> Samples:
        return Samples.of(self.data.train, self.dtype, self.device)

    @cached_property
    def validation(self) -> Samples:
        return Samples.of(self.data.validation, self.dtype, self.device)

    @cached_property
    def judged(self) -> Judged:
        return Judged(self.data.validation.labels, self.data.class_names, self.counts)

    def baseline(self, variant: int) -> Baseline:
        """The batches are those of the first seed's first epoch, whatever seed is trained."""
        if variant not in self._baselines:
            order = batch_order(self.data.train.n_samples, self.plan.seeds[0], 1)
            labels = self.data.train.labels[order], self.data.validation.labels
            batch_size = self.plan.optimiser.batch_size
            self._baselines[variant] = constant_baseline(self.losses[variant], *labels, self.counts, batch_size)
        return self._baselines[variant]

    def logits(self, lockstep: LockStep, samples: Samples) -> torch.Tensor:
        """Of all variants, (n_variants, n_samples, n_classes) on the CPU."""
        blocks = [lockstep.logits(block.to(self.device)).cpu() for block in samples.inputs.split(ROWS)]
        return torch.cat(blocks, dim=1)

    def lockstep(self, seed: int) -> LockStep:
        """All variants at their initial weights."""
        plan = self.plan
        return LockStep(
            plan.model,
            plan.optimiser,
            self.losses,
            input_shape=self.data.input_shape,
            counts=self.counts,
            n_steps=self.steps_per_seed,
            seed=seed,
            device=self.device,
            precision=plan.precision,
        )
