"""CNNs and ViTs of all variants, one after the other on the same batch, each with its own backward pass.

K = 6, batch 64, one core: CNN of width 16 and 32 in 70 and 197 ms, as grouped convolutions in 87 and 233; ViT of width
32 and 64 in 131 and 185 ms, as batched products in 125 and 215 (tests/benchmarks/training.py compares with vmap).
Knows nothing of losses (each variant brings a function) and of the optimiser.
"""

from collections.abc import Sequence

import torch
from torch import nn
from torch.func import functional_call

from dashboard.training.batched import Context, LossOf, Weights, gradients_of, losses_of
from dashboard.training.dropout import StepDropout


class Interleaved:
    """One module that takes the weights of each variant in turn."""

    def __init__(self, module: nn.Module, dropout: StepDropout, autocast: Context):
        """The dropout takes the place of every one in the module."""
        self.module, self.dropout, self.autocast = module, dropout, autocast
        for part in module.modules():
            if hasattr(part, "dropout"):
                part.dropout = dropout

    def gradients(
        self, weights: Weights, inputs: torch.Tensor, losses: Sequence[LossOf | None], step: int
    ) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """The loss of each variant, NaN for None, and the gradient of each weight, 0 for variants with None."""
        found, gradients = [], []
        for own, loss in zip(_variants(weights), losses, strict=True):
            self.dropout.begin(step)
            if loss is None:
                logits = inputs.new_empty(0)
            else:
                with self.autocast():
                    logits = functional_call(self.module, own, (inputs,)).to(inputs.dtype)
            found += losses_of([logits], [loss])
            gradients.append(gradients_of(found[-1:], list(own.values())))
        self.dropout.end()
        return [loss.detach() for loss in found], [
            torch.stack(each).contiguous() for each in zip(*gradients, strict=True)
        ]

    def logits(self, weights: Weights, inputs: torch.Tensor) -> torch.Tensor:
        """(n_variants, n_samples, n_classes)."""
        return torch.stack([functional_call(self.module, own, (inputs,)) for own in _variants(weights)])


def _variants(weights: Weights):
    """The weights of each variant as leaves; those of convolutions with channels last, which is faster on the CPU."""
    for variant in range(len(next(iter(weights.values())))):
        yield {name: _leaf(weight[variant].detach()) for name, weight in weights.items()}


def _leaf(weight: torch.Tensor) -> torch.Tensor:
    return (weight.clone(memory_format=torch.channels_last) if weight.ndim == 4 else weight).requires_grad_()
