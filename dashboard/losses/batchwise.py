"""The two-way loss: one value for a batch, whose rows and columns it ranks.

Unknown cells are as if they were not there; a target is a positive from 0.5 on.
"""

import torch
from torch.nn.functional import softplus

from dashboard.losses.variant import Cells, LossVariant, Parameter


def two_way(cells: Cells, temperature_pos: float, temperature_neg: float) -> torch.Tensor:
    """(): the ranking term of the columns that have a positive, averaged, and that of the rows."""
    positive = cells.known & (cells.targets >= 0.5)
    negative = cells.known & ~positive
    columns = _ranking(cells.logits, positive, negative, temperature_pos, temperature_neg)
    return columns + _ranking(cells.logits.T, positive.T, negative.T, temperature_pos, temperature_neg)


def _ranking(x, positive, negative, temperature_pos: float, temperature_neg: float) -> torch.Tensor:
    """The mean over columns with a positive of softplus(Tn LSE_neg(x / Tn) + Tp LSE_pos(-x / Tp)); 0 if none has."""
    hardest_pos = torch.logsumexp(torch.where(positive, -x / temperature_pos, -torch.inf), dim=0) * temperature_pos
    hardest_neg = torch.logsumexp(torch.where(negative, x / temperature_neg, -torch.inf), dim=0) * temperature_neg
    # A column that lacks positives or negatives has softplus(-inf), which is 0 and has no gradient.
    return softplus(hardest_neg + hardest_pos).sum() / positive.any(0).sum().clamp(min=1)


VARIANTS = (
    LossVariant(
        "two_way",
        "Two-way",
        "mean over columns of softplus(Tn LSE_neg(x/Tn) + Tp LSE_pos(-x/Tp)), and over rows",
        r"\overline{\mathrm{softplus}\left(T_n\,\mathrm{LSE}_{n}(x/T_n)+T_p\,\mathrm{LSE}_{p}(-x/T_p)\right)}"
        r"\;\text{over columns, and over rows}",
        "Kobayashi 2023; tk1980/TwoWayMultiLabelLoss, utils/criterion.py",
        two_way,
        (
            Parameter("temperature_pos", "Tp", 4.0, 0.1, 10.1, explanation="High: all positives; low: the hardest."),
            Parameter("temperature_neg", "Tn", 1.0, 0.1, 10.1, explanation="High: all negatives; low: the hardest."),
        ),
        unit="batch",
        sets_zero=False,
        coupling="Positives are ranked against negatives within each row and within each column of the batch.",
        note="Rows and columns without a positive are left out. The official code masks with -100 in place of "
        "infinity, which leaks once logits differ by that much; here the mask is exact. It takes every target above 0 "
        "for a positive, and a batch without positives gives NaN there and 0 here.",
    ),
)
