"""Targets written as signs. Everywhere else in this package -1 means unknown."""

import torch


def from_signs(targets: torch.Tensor) -> torch.Tensor:
    """Targets in {-1, +1} as {0, 1}; 0, the sign of neither, becomes -1, unknown. Keeps the shape and dtype.

    Raises ValueError for any other value.
    """
    legal = (targets == 1) | (targets == -1) | (targets == 0)
    if not legal.all():
        raise ValueError(f"targets written as signs must be -1, 0 or +1, got {targets[~legal][0].item():g}")
    return torch.where(targets == 0, -1, (targets > 0).to(targets.dtype)).to(targets.dtype)
