"""Losses of the BCE family side by side: what each does to the number, to the gradient and to the meaning of 0.5.

Tensors in, tensors out. Knows nothing of files, metrics and screens; importing it imports torch.
"""

from dashboard.losses.class_counts import ClassCounts
from dashboard.losses.registry import LOSSES
from dashboard.losses.settings import LossSettings, parse_loss
from dashboard.losses.variant import LossVariant

__all__ = ["LOSSES", "ClassCounts", "LossSettings", "LossVariant", "parse_loss"]
