"""Training one variant alone, as a person would write it: the torch module, torch.optim, a loop.

Shares with the lock-step only the module, the loss's values and the rule from which a step's masks are drawn.
"""

import math

import torch
from torch import nn

from dashboard.training.models import initial_weights, make_module
from dashboard.training.seeds import seed_for

OPTIMISERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "sgd": torch.optim.SGD}


class MaskedDropout(nn.Module):
    """Masks from a generator; those of an MLP are drawn as (units, samples)."""

    generator = None

    def __init__(self, share: float, is_turned: bool):
        super().__init__()
        self.share, self.is_turned = share, is_turned

    def forward(self, x):
        if not self.training:
            return x
        shape = x.shape[::-1] if self.is_turned else x.shape
        mask = torch.empty(shape, dtype=x.dtype).bernoulli_(1 - self.share, generator=self.generator) / (1 - self.share)
        return x * (mask.T if self.is_turned else mask)


def learning_rate(plan, step: int, n_steps: int) -> float:
    n_warm = round(plan.warmup * n_steps)
    if step < n_warm:
        return plan.learning_rate * (step + 1) / (n_warm + 1)
    done = (step - n_warm) / max(n_steps - n_warm - 1, 1)
    falling = {"constant": 1.0, "linear": 1 - 0.99 * done, "cosine": 0.505 + 0.495 * math.cos(math.pi * done)}
    return plan.learning_rate * falling[plan.schedule]


def plain_training(model, plan, loss, counts, batches, *, seed: int, dtype=torch.float64):
    """The module after one step for each batch, the losses and the norms of the gradients."""
    input_shape, n_classes = tuple(batches[0][0].shape[1:]), batches[0][1].shape[1]
    module = make_module(model, input_shape, n_classes).to(dtype)
    module.load_state_dict({n: w.to(dtype) for n, w in initial_weights(model, input_shape, n_classes, seed).items()})
    dropout = MaskedDropout(model.dropout, model.kind in ("linear", "mlp"))
    for part in list(module.modules()):
        if hasattr(part, "dropout"):
            part.dropout = dropout
    momentum = {"momentum": plan.momentum} if plan.name == "sgd" else {}
    optimiser = OPTIMISERS[plan.name](module.parameters(), weight_decay=plan.weight_decay, foreach=False, **momentum)
    losses, norms = [], []
    for step, (inputs, targets) in enumerate(batches):
        dropout.generator = torch.Generator().manual_seed(seed_for(seed, "dropout", step))
        optimiser.param_groups[0]["lr"] = learning_rate(plan, step, len(batches))
        optimiser.zero_grad()
        value = loss.variant.reduced(module(inputs), targets, "mean", counts=counts, **dict(loss.given))
        value.backward()
        norms.append(nn.utils.clip_grad_norm_(module.parameters(), plan.gradient_clip or math.inf).item())
        optimiser.step()
        losses.append(value.item())
    return module.eval(), losses, norms
