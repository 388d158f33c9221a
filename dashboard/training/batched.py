"""Linear models and MLPs of all variants as one program: stacked weights, batched products, one backward pass.

Knows nothing of losses (each variant brings a function) and of the optimiser.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

import torch

from dashboard.training.dropout import StepDropout

Weights = Mapping[str, torch.Tensor]  # name -> (n_variants, ...), named as in the plain module
LossOf = Callable[[torch.Tensor], torch.Tensor]  # logits of one variant (n_samples, n_classes) -> its loss, ()
Context = Callable[[], AbstractContextManager]


class Batched:
    """The perceptrons of `modules` for many variants, the weights in the order of the layers."""

    def __init__(self, dropout: StepDropout, autocast: Context):
        self.dropout, self.autocast = dropout, autocast

    def gradients(
        self, weights: Weights, inputs: torch.Tensor, losses: Sequence[LossOf | None], step: int
    ) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """The loss of each variant, NaN for None, and the gradient of each weight, 0 for variants with None."""
        self.dropout.begin(step)
        with self.autocast():
            logits = self.logits(weights, inputs)
        self.dropout.end()
        found = losses_of(logits.to(inputs.dtype).contiguous().unbind(), losses)
        return found, gradients_of(found, list(weights.values()))

    def logits(self, weights: Weights, inputs: torch.Tensor) -> torch.Tensor:
        """(n_variants, n_samples, n_classes). Within, units lie before samples, so that no product has to copy."""
        layers = [name.removesuffix(".weight") for name in weights if name.endswith(".weight")]
        hidden = from_shared(weights[f"{layers[0]}.weight"], weights[f"{layers[0]}.bias"], inputs.flatten(1))
        for layer in layers[1:]:
            hidden = self.dropout.drop(torch.relu(hidden), hidden.shape[1:])
            hidden = torch.baddbmm(weights[f"{layer}.bias"][:, :, None], weights[f"{layer}.weight"], hidden)
        return hidden.transpose(1, 2)


def from_shared(weight: torch.Tensor, bias: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor:
    """(n_variants, n_out, n_samples) of inputs (n_samples, n_in) that all variants share: one product for all."""
    n_variants, n_out, n_in = weight.shape
    side_by_side = torch.addmm(bias.reshape(-1, 1), weight.reshape(n_variants * n_out, n_in), inputs.T)
    return side_by_side.view(n_variants, n_out, len(inputs))


def losses_of(logits: Sequence[torch.Tensor], losses: Sequence[LossOf | None]) -> list[torch.Tensor]:
    """() each; NaN where the loss is None."""
    nothing = torch.full((), torch.nan, dtype=logits[0].dtype, device=logits[0].device)
    return [loss(of_one) if loss else nothing for loss, of_one in zip(losses, logits, strict=True)]


def gradients_of(losses: Sequence[torch.Tensor], weights: Sequence[torch.Tensor]) -> list[torch.Tensor]:
    """Of the sum of the losses; 0 for a weight that none depends on."""
    differentiable = [loss for loss in losses if loss.requires_grad]
    if not differentiable:
        return [torch.zeros_like(weight) for weight in weights]
    return list(torch.autograd.grad(differentiable, weights, allow_unused=True, materialize_grads=True))
