"""Losses for targets in which positives are missing: Hill discounts sure negatives, SPLC takes them for positives.

Each in the operations of its official code, so that it saturates where the official code does.
"""

import torch
from torch.nn.functional import logsigmoid

from dashboard.losses.parameters import GAMMA
from dashboard.losses.variant import Cells, LossVariant, Parameter


def hill(cells: Cells, lamb: float, margin: float, gamma: float) -> torch.Tensor:
    """-(1 - pm)^gamma ln pm for positives, pm = sigmoid(x - margin); (lamb - p) p^2 for negatives."""
    y = cells.targets
    pm, p = torch.sigmoid(cells.logits - margin), torch.sigmoid(cells.logits)
    weight = ((1 - pm) * y + (1 - y)) ** gamma
    return -(y * torch.log(pm) - (1 - y) * (lamb - p) * p**2) * weight


def splc(cells: Cells, tau: float, margin: float, gamma: float, corrected: bool) -> torch.Tensor:
    """Focal with a margin subtracted from positives' logits; corrected: a cell with p above tau is a positive."""
    x = torch.where(cells.targets == 1, cells.logits - margin, cells.logits)
    p = torch.sigmoid(x)
    y = torch.where(p > tau, 1.0, cells.targets) if corrected else cells.targets
    weight = ((1 - p) * y + p * (1 - y)) ** gamma
    return -(y * logsigmoid(x) + (1 - y) * logsigmoid(-x)) * weight


_SOURCE = "Zhang et al. 2021; xinyu1205/robust-loss-mlml, src/loss_functions/losses.py"
_MARGIN = Parameter("margin", "margin", 1.0, 0.0, 5.0, explanation="Subtracted from the logit of positives.")

VARIANTS = (
    LossVariant(
        "hill",
        "Hill",
        "y: -(1-pm)^g ln pm, pm = sigmoid(x-m);  n: (lambda-p) p^2",
        r"-y(1-p_m)^{\gamma}\ln p_m+(1-y)(\lambda-p)\,p^2,\;p_m=\sigma(x-m)",
        f"{_SOURCE}, Hill",
        hill,
        (
            Parameter(
                "lamb", "lambda", 1.5, 1.0, 3.0, explanation="Negatives cost most at a probability of 2/3 of it."
            ),
            _MARGIN,
            GAMMA,
        ),
        reduction="sum",
        note="The log is not guarded: once sigmoid(x - margin) is exactly 0 (float32: below a logit of about -88) the "
        "official code gives infinity for a positive and NaN for a negative. With gamma between 0 and 1 the gradient "
        "is NaN where sigmoid is 1.",
    ),
    LossVariant(
        "splc",
        "SPLC",
        "y: -(1-pm)^g ln pm, pm = sigmoid(x-m);  n: -p^g ln(1-p)",
        r"-y(1-p_m)^{\gamma}\ln p_m-(1-y)\,p^{\gamma}\ln(1-p),\;p_m=\sigma(x-m)",
        f"{_SOURCE}, SPLC",
        splc,
        (
            Parameter("tau", "tau", 0.6, 0.0, 1.0, explanation="Above this probability a negative is a positive."),
            _MARGIN,
            GAMMA,
            Parameter("corrected", "targets corrected", False, explanation="As in training from its second epoch on."),
        ),
        reduction="sum",
        note="In training the targets are corrected from the second epoch on: what a model then learns depends on "
        "where it stood. With gamma between 0 and 1 the gradient is NaN where sigmoid is exactly 0 or 1.",
    ),
)
