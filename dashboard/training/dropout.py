"""Dropout whose masks depend on the seed and the step alone, the same for every variant. Knows nothing of models."""

import torch
from torch import nn

from dashboard.training.seeds import generator_for


class StepDropout(nn.Module):
    """In place of a model's own dropout: the masks of a step are drawn in the order of the layers.

    Leaves nothing out until `begin` is called, and after `end`.
    """

    def __init__(self, share: float, seed: int, device: torch.device):
        super().__init__()
        self.share, self.seed, self.device = share, seed, device
        self._generator: torch.Generator | None = None

    def begin(self, step: int) -> None:
        """The next mask is the first of this step."""
        self._generator = generator_for(self.seed, "dropout", step, device=self.device) if self.share else None

    def end(self) -> None:
        self._generator = None

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        return self.drop(hidden, hidden.shape)

    def drop(self, hidden: torch.Tensor, mask_shape) -> torch.Tensor:
        """hidden times a mask of the shape: 0 for what is left out, 1 / (1 - share) for what is kept."""
        if self._generator is None:
            return hidden
        kept = torch.empty(mask_shape, dtype=hidden.dtype, device=hidden.device)
        return hidden * kept.bernoulli_(1 - self.share, generator=self._generator).div_(1 - self.share)
