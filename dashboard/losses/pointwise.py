"""Losses of single cells that are plain functions of logit and target: BCE and its weighted and focused forms."""

import torch
from torch.nn.functional import logsigmoid

from dashboard.losses.variant import Cells


def bce_with_logits(cells: Cells, weight, pos_weight) -> torch.Tensor:
    """As torch computes it, with its cancellation: (1 - y) x - (1 + (pos_weight - 1) y) logsigmoid(x)."""
    return torch.nn.functional.binary_cross_entropy_with_logits(
        cells.logits, cells.targets, weight.to(cells.logits), reduction="none", pos_weight=pos_weight.to(cells.logits)
    )


def focal(cells: Cells, alpha: float, gamma: float) -> torch.Tensor:
    """alpha_t (1 - p_t)^gamma BCE; alpha below 0 leaves the weight out, as torchvision does."""
    x, y = cells.logits, cells.targets
    p = torch.sigmoid(x)
    missing = p * (1 - y) + (1 - p) * y
    loss = -(y * logsigmoid(x) + (1 - y) * logsigmoid(-x)) * missing**gamma
    return loss if alpha < 0 else (alpha * y + (1 - alpha) * (1 - y)) * loss


def asl(cells: Cells, gamma_neg: float, gamma_pos: float, clip: float, detached: bool) -> torch.Tensor:
    """-(1-p)^g+ ln p for positives, -pm^g- ln(1-pm) for negatives, pm = max(p - clip, 0); logs end at 1e-8.

    detached: the focusing weight is a constant for the gradient.
    """
    y = cells.targets
    p = torch.sigmoid(cells.logits)
    q = (1 - p + clip).clamp(max=1) if clip > 0 else 1 - p
    loss = y * torch.log(p.clamp(min=1e-8)) + (1 - y) * torch.log(q.clamp(min=1e-8))
    right = p * y + q * (1 - y)
    weight = (1 - right) ** (gamma_pos * y + gamma_neg * (1 - y))
    return -loss * (weight.detach() if detached else weight)
