"""All variants of a plan with one seed, epoch by epoch: steps, figures, warnings and early stopping.

Knows nothing of files; what a resume needs it gives as tensors and plain values.
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import torch

from dashboard.training.batch_losses import BatchTargets, prepare_losses
from dashboard.training.batches import batch_order
from dashboard.training.checkpoints import Checkpoint
from dashboard.training.models import scores_of
from dashboard.training.prepared_plan import PreparedPlan
from dashboard.training.reports import DIVERGED, FINISHED, EpochReport, VariantReport
from dashboard.training.standing import Standing, kept_tensors, standings_of
from dashboard.training.watch import warnings

STATE = "state/"


@dataclass(frozen=True, eq=False)
class Steps:
    """Of an epoch's steps: float64 (n_steps, n_variants) on the CPU; n_samples: (n_steps,) of each batch."""

    losses: torch.Tensor
    gradient_norms: torch.Tensor
    n_samples: torch.Tensor

    @classmethod
    def of(cls, losses, gradient_norms, n_samples) -> "Steps":
        """Of lists of what lies on the device: here it is waited for."""
        stacked = (torch.stack(each).cpu().double() for each in (losses, gradient_norms))
        return cls(*stacked, torch.tensor(n_samples, dtype=torch.float64))

    def loss(self, variant: int) -> float:
        """The mean over all samples: the last batch, which may be smaller, counts for less."""
        return float(self.losses[:, variant] @ self.n_samples / self.n_samples.sum())

    def gradient_norm(self, variant: int) -> float:
        return float(self.gradient_norms[:, variant].mean())


class SeedTraining:
    """reports: of this seed so far; each new one is put there. The lock-step starts from the seed's initial weights."""

    def __init__(self, prepared: PreparedPlan, index: int, reports: list[EpochReport]):
        self._prepared, self._index, self.reports = prepared, index, reports
        self._seed = prepared.plan.seeds[index]
        self._lockstep = prepared.lockstep(self._seed)
        self.standings = [Standing(self._weights(variant)) for variant in range(len(prepared.losses))]

    @property
    def is_over(self) -> bool:
        return all(each.is_over for each in self.standings)

    def resume(self, checkpoint: Checkpoint) -> None:
        """From a checkpoint of what `kept` gave, with the reports up to it."""
        tensors = checkpoint.tensors.items()
        self._lockstep.restore({name.removeprefix(STATE): each for name, each in tensors if name.startswith(STATE)})
        self.standings = standings_of(checkpoint)

    def kept(self) -> tuple[dict[str, torch.Tensor], dict]:
        """What a resume needs: tensors and values for JSON."""
        tensors, plain = kept_tensors(self.standings)
        return tensors | {STATE + name: each for name, each in self._lockstep.state().items()}, plain

    def next_epoch(self, progress: Callable[[int, int], None]) -> EpochReport:
        """Epoch 0 looks at the initial weights; every other takes the steps of an epoch first."""
        start, epoch, rate = time.perf_counter(), len(self.reports), self._lockstep.learning_rate
        steps = self._steps(epoch, progress) if epoch else self._before()
        logits = self._prepared.logits(self._lockstep, self._prepared.validation)
        variants = [self._report(variant, epoch, steps, logits[variant]) for variant in range(len(self.standings))]
        plan = self._prepared.plan
        report = EpochReport(
            seed=self._seed,
            seed_index=self._index,
            n_seeds=len(plan.seeds),
            epoch=epoch,
            n_epochs=plan.optimiser.epochs,
            seconds=time.perf_counter() - start,
            learning_rate=rate,
            device=self._prepared.device_words,
            variants=tuple(variants),
        )
        self.reports.append(report)
        return report

    def _steps(self, epoch: int, progress) -> Steps:
        """The figures stay on the device until the last step: none is waited for."""
        prepared, losses, norms, n_samples = self._prepared, [], [], []
        done = self._index * prepared.steps_per_seed + (epoch - 1) * prepared.steps_per_epoch
        for inputs, targets in self._batches(epoch):
            figures = self._lockstep.step(inputs, targets)
            losses.append(figures.loss)
            norms.append(figures.gradient_norm)
            n_samples.append(len(targets))
            done += 1
            progress(done, prepared.n_steps)
        return Steps.of(losses, norms, n_samples)

    def _before(self) -> Steps:
        """The losses that the first epoch would start from, if nothing were learnt in it and nothing dropped out."""
        prepared, rows, n_samples = self._prepared, [], []
        like = torch.zeros((1, prepared.data.n_classes), dtype=prepared.dtype, device=prepared.device)
        losses = prepare_losses(prepared.losses, prepared.counts, like)
        with torch.no_grad():
            for inputs, targets in self._batches(1):
                logits, batch = self._lockstep.logits(inputs), BatchTargets.of(targets)
                rows.append(torch.stack([loss.mean(of, batch) for loss, of in zip(losses, logits, strict=True)]))
                n_samples.append(len(targets))
        return Steps.of(rows, [torch.full_like(row, math.nan) for row in rows], n_samples)

    def _batches(self, epoch: int):
        order = batch_order(len(self._prepared.train), self._seed, epoch)
        return self._prepared.train.batches(order, self._prepared.plan.optimiser.batch_size)

    def _report(self, variant: int, epoch: int, steps: Steps, logits: torch.Tensor) -> VariantReport:
        """Of one variant; once it is over, what was said last."""
        standing = self.standings[variant]
        if standing.is_over:
            return self.reports[-1].variants[variant]
        prepared, loss = self._prepared, self._prepared.losses[variant]
        figures = prepared.judged.figures(logits, scores_of(logits, loss), loss)
        found = VariantReport(
            name=prepared.plan.variants[variant].name,
            loss=steps.loss(variant),
            **asdict(figures),
            gradient_norm=steps.gradient_norm(variant),
            state=standing.state,
            best_epoch=0,
        )
        is_finite = steps.losses[:, variant].isfinite().all() and logits.isfinite().all()
        self._judge(variant, epoch, found, bool(is_finite))
        found = replace(found, state=standing.state, best_epoch=standing.best_epoch)
        return replace(found, warnings=self._warnings(variant, found))

    def _judge(self, variant: int, epoch: int, found: VariantReport, is_finite: bool) -> None:
        """Moves the variant's standing on, keeps its weights if they are the best, and holds it where it is over."""
        standing, weights = self.standings[variant], self._weights(variant)
        if not is_finite or not all(each.isfinite().all() for each in weights.values()):
            standing.state = DIVERGED
        elif epoch and standing.judge(found, epoch, self._prepared.plan.optimiser):
            standing.weights = weights
        if standing.is_over and standing.state != FINISHED:
            self._lockstep.freeze(variant)  # nothing is computed for it any more

    def _warnings(self, variant: int, found: VariantReport) -> tuple[str, ...]:
        history = [*(each.variants[variant] for each in self.reports), found]
        rate = self._prepared.plan.optimiser.learning_rate
        return warnings(history, lambda: self._prepared.baseline(variant), rate)

    def _weights(self, variant: int) -> dict[str, torch.Tensor]:
        return {name: each.cpu() for name, each in self._lockstep.weights(variant).items()}
