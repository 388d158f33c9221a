"""Many copies of one model, from the same initial weights, learning from the same batches; only their losses differ.

The weights of all variants lie stacked in one tensor per parameter. Knows nothing of data sets, epochs and files.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial

import torch

from dashboard.losses import ClassCounts, LossSettings
from dashboard.training.batch_losses import BatchTargets, prepare_losses
from dashboard.training.batched import Batched
from dashboard.training.devices import check_precision
from dashboard.training.dropout import StepDropout
from dashboard.training.interleaved import Interleaved
from dashboard.training.models import initial_weights, make_module
from dashboard.training.optimisers import clip, gradient_norms, learning_rate, make_optimiser
from dashboard.training.plan import IMAGE_MODELS, ModelPlan, OptimiserPlan

_ROWS = 256  # evaluated at a time


@dataclass(frozen=True, eq=False)
class StepFigures:
    """Of one step, (n_variants,) each, on the device; NaN for a frozen variant.

    loss: its own, the mean over what counts in the batch. gradient_norm: before clipping.
    """

    loss: torch.Tensor
    gradient_norm: torch.Tensor


class LockStep:
    """Trains n_variants copies step by step, the same as training each alone; on the CPU the same to the last bit
    whenever it is repeated. A variant whose loss or gradient is not finite spoils its own weights alone."""

    def __init__(
        self,
        model: ModelPlan,
        optimiser: OptimiserPlan,
        losses: Sequence[LossSettings],
        *,
        input_shape: tuple[int, ...],
        counts: ClassCounts,
        n_steps: int,
        seed: int,
        device: torch.device,
        precision: str,
    ):
        """counts: of the training part. n_steps: of the whole training. precision: one of plan.PRECISIONS."""
        check_precision(precision, device)
        self.model, self.optimiser, self.n_steps, self.seed, self.device = model, optimiser, n_steps, seed, device
        self.dtype = torch.float64 if precision == "float64" else torch.float32
        self.n_variants, self.n_classes, self.steps_done = len(losses), len(counts.positives), 0
        weights = initial_weights(model, input_shape, self.n_classes, seed)
        self.parameters = {name: self._stack(weight) for name, weight in weights.items()}
        self._losses = prepare_losses(losses, counts, torch.zeros(1, self.n_classes, **self._place))
        self._optimiser = make_optimiser(optimiser, list(self.parameters.values()))
        self._way = self._choose_way(input_shape, precision)
        self._frozen: dict[int, dict[str, torch.Tensor]] = {}

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return learning_rate(self.optimiser, self.steps_done, self.n_steps)

    def step(self, inputs: torch.Tensor, targets: torch.Tensor) -> StepFigures:
        """One step of the optimiser for all variants. targets: (n_samples, n_classes), below 0 where unknown."""
        losses, gradients = self._gradients(inputs.to(**self._place), targets.to(**self._place))
        norms = gradient_norms(gradients)
        if self.optimiser.gradient_clip is not None:
            clip(gradients, norms, self.optimiser.gradient_clip)
        self._update(gradients)
        self.steps_done += 1
        return StepFigures(torch.stack(losses).detach(), self._without_frozen(norms))

    def logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """(n_variants, n_samples, n_classes) without dropout and gradient, in `dtype`."""
        with torch.no_grad():
            blocks = [self._way.logits(self.parameters, block) for block in inputs.to(**self._place).split(_ROWS)]
        return torch.cat(blocks, dim=1)

    def freeze(self, variant: int) -> None:
        """This variant learns no more; the numbers of the others stay what they would have been."""
        self._frozen[variant] = self.weights(variant)

    def weights(self, variant: int) -> dict[str, torch.Tensor]:
        """Copies, named as in the plain module."""
        return {name: parameter[variant].detach().clone() for name, parameter in self.parameters.items()}

    def put_weights(self, variant: int, weights: dict[str, torch.Tensor]) -> None:
        self._put(variant, weights)
        if variant in self._frozen:
            self.freeze(variant)

    def state(self) -> dict[str, torch.Tensor]:
        """All that a resume needs, copied: parameters, the optimiser's state, steps done and who is frozen."""
        state = {f"parameter.{name}": parameter.detach().clone() for name, parameter in self.parameters.items()}
        for name, parameter in self.parameters.items():
            for key, value in self._optimiser.state[parameter].items():
                state[f"optimiser.{key}.{name}"] = value.clone()
        frozen = torch.tensor([variant in self._frozen for variant in range(self.n_variants)])
        return state | {"steps_done": torch.tensor(self.steps_done), "frozen": frozen}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """What `state` gave, of a lock-step made with the same arguments."""
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter.copy_(state[f"parameter.{name}"])
        self._restore_optimiser(state)
        self.steps_done = int(state["steps_done"])
        self._frozen = {}
        for variant in state["frozen"].nonzero().flatten().tolist():
            self.freeze(variant)

    @property
    def _place(self) -> dict:
        return {"dtype": self.dtype, "device": self.device}

    def _stack(self, weight: torch.Tensor) -> torch.Tensor:
        return weight.to(**self._place).expand(self.n_variants, *weight.shape).clone().requires_grad_()

    def _choose_way(self, input_shape, precision: str) -> Batched | Interleaved:
        autocast = partial(torch.autocast, "cuda", torch.bfloat16) if precision == "mixed" else nullcontext
        dropout = StepDropout(0.0 if self.model.kind == "linear" else self.model.dropout, self.seed, self.device)
        if self.model.kind not in IMAGE_MODELS:
            return Batched(dropout, autocast)
        return Interleaved(make_module(self.model, input_shape, self.n_classes), dropout, autocast)

    def _gradients(self, inputs: torch.Tensor, targets: torch.Tensor) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        batch = BatchTargets.of(targets)
        losses = [partial(loss.mean, batch=batch) for loss in self._losses]
        learning = [None if k in self._frozen else loss for k, loss in enumerate(losses)]
        return self._way.gradients(self.parameters, inputs, learning, self.steps_done)

    def _update(self, gradients: list[torch.Tensor]) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = self.learning_rate
        for parameter, gradient in zip(self.parameters.values(), gradients, strict=True):
            # A fused step on the CPU goes through memory in order: laid out otherwise, a gradient moves wrong weights.
            parameter.grad = gradient.contiguous()
        self._optimiser.step()
        for variant, weights in self._frozen.items():
            self._put(variant, weights)

    def _put(self, variant: int, weights: dict[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter[variant] = weights[name]

    def _without_frozen(self, norms: torch.Tensor) -> torch.Tensor:
        for variant in self._frozen:
            norms[variant] = torch.nan
        return norms

    def _restore_optimiser(self, state: dict[str, torch.Tensor]) -> None:
        self._optimiser.state.clear()
        for name, parameter in self.parameters.items():
            keys = [key.split(".")[1] for key in state if key.startswith("optimiser.") and key.split(".", 2)[2] == name]
            for key in keys:
                value = state[f"optimiser.{key}.{name}"]
                place = {} if value.ndim == 0 and not self._optimiser.defaults["fused"] else {"device": self.device}
                self._optimiser.state[parameter][key] = value.clone().to(**place)
