"""One optimiser over the stacked parameters of all variants: element by element, so equal to one for each.

Knows nothing of models and losses.
"""

import math
from collections.abc import Sequence

import torch

from dashboard.training.plan import OptimiserPlan

LAST_SHARE = 0.01  # of the largest learning rate, at the last step of a falling schedule
_FUSED = ("cpu", "cuda")


def make_optimiser(plan: OptimiserPlan, parameters: Sequence[torch.Tensor]) -> torch.optim.Optimizer:
    """torch's own, fused where the device can. Adam adds the decay to the gradient, AdamW to the weights."""
    common = {"lr": plan.learning_rate, "weight_decay": plan.weight_decay}
    common["fused"] = parameters[0].device.type in _FUSED
    if plan.name == "sgd":
        return torch.optim.SGD(parameters, momentum=plan.momentum, **common)
    return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[plan.name](parameters, **common)


def learning_rate(plan: OptimiserPlan, step: int, n_steps: int) -> float:
    """Of the step with this number, from 0. After warm-up it starts at the largest; the last step has a hundredth."""
    n_warm = round(plan.warmup * n_steps)
    if step < n_warm:
        return plan.learning_rate * (step + 1) / (n_warm + 1)
    if plan.schedule == "constant":
        return plan.learning_rate
    done = min((step - n_warm) / max(n_steps - n_warm - 1, 1), 1.0)
    left = 1 - done if plan.schedule == "linear" else (1 + math.cos(math.pi * done)) / 2
    return plan.learning_rate * (LAST_SHARE + (1 - LAST_SHARE) * left)


def gradient_norms(gradients: Sequence[torch.Tensor]) -> torch.Tensor:
    """(n_variants,) Euclidean norm over all parameters of a variant; gradients: (n_variants, ...) each."""
    squares = [torch.linalg.vecdot(flat, flat) for flat in (gradient.flatten(1) for gradient in gradients)]
    return torch.stack(squares).sum(0).sqrt()


def clip(gradients: Sequence[torch.Tensor], norms: torch.Tensor, largest: float) -> None:
    """Scales each variant's gradient in place to the largest norm, as torch's clip_grad_norm_ does one."""
    scale = (largest / (norms + 1e-6)).clamp(max=1.0)
    for gradient in gradients:
        gradient *= scale.view(-1, *[1] * (gradient.ndim - 1))
