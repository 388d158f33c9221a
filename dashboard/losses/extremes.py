"""What becomes of infinite logits, and the most that one wrong cell can count in the implementations people use."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from dashboard.losses.numerics import BceForms
from dashboard.losses.registry import LOSSES

KERAS_EPS = 1e-7


@dataclass(frozen=True)
class InfiniteLogit:
    """Values and gradients of both forms at an infinite logit, run in float32; exact: what the value should be."""

    logit: float
    target: int
    exact: float
    bce_value: float
    bce_gradient: float
    with_logits_value: float
    with_logits_gradient: float


def infinite_logits() -> list[InfiniteLogit]:
    """For each of both infinities and both targets."""
    return [_at(logit, target) for logit in (math.inf, -math.inf) for target in (0, 1)]


def _at(logit, target) -> InfiniteLogit:
    forms = BceForms(torch.tensor([logit], dtype=torch.float64), target, torch.float32)
    names = ("exact_value", "bce_value", "bce_gradient", "with_logits_value", "with_logits_gradient")
    return InfiniteLogit(logit, target, *(float(getattr(forms, name)) for name in names))


def loss_caps() -> dict[str, float]:
    """What one completely wrong cell (a positive at probability 0) counts at most, by implementation."""
    wrong = torch.tensor([[-math.inf]], dtype=torch.float64), torch.ones(1, 1, dtype=torch.float64)
    asl = LOSSES["asl"].elementwise(*wrong, gamma_pos=0.0)
    return {
        "torch BCELoss": _at(-math.inf, 1).bce_value,
        "torch BCEWithLogitsLoss": math.inf,
        "scikit-learn log_loss, float64": -math.log(np.finfo(np.float64).eps),
        "scikit-learn log_loss, float32": float(-np.log(np.finfo(np.float32).eps)),
        "Keras, epsilon 1e-7": -math.log(KERAS_EPS),
        "ASL, eps 1e-8": float(asl),
    }
