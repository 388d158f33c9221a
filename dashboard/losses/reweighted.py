"""BCE set by how often classes are positive: weighted, or with logits shifted or scaled."""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from dashboard.losses.class_counts import ClassCounts
from dashboard.losses.parameters import BETA
from dashboard.losses.variant import Cells, LossVariant, Parameter


def class_balanced(cells: Cells, beta: float) -> torch.Tensor:
    """w_c BCE with the weights of effective_weights."""
    return effective_weights(cells.counts, beta).to(cells.logits) * _bce(cells, cells.logits)


def class_balanced_rows(cells: Cells, beta: float) -> torch.Tensor:
    """The official reading: a row's positives give one weight, their sum, to all its cells."""
    weights = effective_weights(cells.counts, beta).to(cells.logits)
    return (cells.targets @ weights)[:, None] * _bce(cells, cells.logits)


def logit_adjusted(cells: Cells, tau: float) -> torch.Tensor:
    """BCE(x + tau ln(pi / (1 - pi)), y), pi the prevalence of the class."""
    return _bce(cells, cells.logits + tau * log_odds(cells.counts.prevalence).to(cells.logits))


def balanced_bce(cells: Cells, strength: float) -> torch.Tensor:
    """n_classes BCE(x + strength ln(pi / (1 - pi)), y), pi the class's share of all positives."""
    share = cells.counts.positives / cells.counts.positives.sum()
    return cells.logits.shape[1] * _bce(cells, cells.logits + strength * log_odds(share).to(cells.logits))


def balanced_bce_hed(cells: Cells) -> torch.Tensor:
    """b y softplus(-x) + (1 - b) (1 - y) softplus(x), b the share of negatives among all known cells.

    Counted in the batch unless counts of the whole data are given, so that a part of the data has the same weights.
    """
    x, y = cells.logits, cells.targets
    share = (cells.counts.negatives.sum() / cells.counts.known.sum().clamp(min=1)).to(x)
    return share * y * softplus(-x) + (1 - share) * (1 - y) * softplus(x)


def ldam(cells: Cells, max_margin: float, scale: float) -> torch.Tensor:
    """BCE(scale (x - y m_c), y), m_c proportional to n_c^(-1/4), the largest being max_margin."""
    margins = cells.counts.positives.clamp(min=1) ** -0.25
    margins = (max_margin * margins / margins.max()).to(cells.logits) if len(margins) else margins.to(cells.logits)
    return _bce(cells, scale * (cells.logits - cells.targets * margins))


def effective_weights(counts: ClassCounts, beta: float) -> torch.Tensor:
    """(n_classes,) inverse effective numbers (1 - beta) / (1 - beta^n), scaled to sum to n_classes.

    A class without positives is taken as having one, where the official code divides by zero.
    """
    weights = (1 - beta) / (1 - beta ** counts.positives.clamp(min=1))
    return weights / weights.sum() * len(weights)


def log_odds(share: torch.Tensor) -> torch.Tensor:
    """ln(share / (1 - share)), and 0 where the share is 0, 1 or not known: no shift balances such a class."""
    usable = (share > 0) & (share < 1)
    return torch.where(usable, torch.logit(torch.where(usable, share, 0.5)), 0.0)


def _bce(cells: Cells, logits: torch.Tensor) -> torch.Tensor:
    return binary_cross_entropy_with_logits(logits, cells.targets, reduction="none")


_NO_SHIFT = "A class of which all or no cells are positive is not shifted; the official code gives infinity there."
_ONE = "A class without positives is weighted as if it had one, where the official code divides by zero."

VARIANTS = (
    LossVariant(
        "class_balanced",
        "Class-balanced",
        "w_c BCE, w_c = (1-b)/(1-b^n_c), sum of w = C",
        r"w_c\,\mathrm{BCE},\;w_c\propto\frac{1-\beta}{1-\beta^{n_c}},\;\sum_c w_c=C",
        "Cui et al. 2019; XuZhengzhuo/LiVT, util/loss.py (a weight per class)",
        class_balanced,
        (BETA,),
        uses_counts=True,
        note=_ONE,
    ),
    LossVariant(
        "class_balanced_rows",
        "Class-balanced rows",
        "(sum of y_c w_c over the row) BCE, w_c = (1-b)/(1-b^n_c)",
        r"\left(\sum_k y_k w_k\right)\mathrm{BCE},\;w_c\propto\frac{1-\beta}{1-\beta^{n_c}}",
        "richardaecn/class-balanced-loss, src/cifar_main.py (single-label; the row's weight on all its cells)",
        class_balanced_rows,
        (BETA,),
        reduction="sum",
        coupling="The positives of a row set the weight of all its cells; a row without positives has weight 0.",
        uses_counts=True,
        note=f"The official sum is divided by the number of positives. {_ONE}",
    ),
    LossVariant(
        "logit_adjusted",
        "Logit-adjusted BCE",
        "BCE(x + tau ln(pi/(1-pi)), y), pi = n_c/N",
        r"\mathrm{BCE}\left(x+\tau\ln\frac{\pi_c}{1-\pi_c},\;y\right),\;\pi_c=n_c/N",
        "Menon et al. 2021 on sigmoids; the official google-research/logit_adjustment is a softmax with ln pi",
        logit_adjusted,
        (Parameter("tau", "tau", 1.0, 0.0, 3.0, explanation="How far rare classes are shifted; 0: BCE."),),
        uses_counts=True,
        note=_NO_SHIFT,
    ),
    LossVariant(
        "balanced_bce",
        "Balanced BCE",
        "C BCE(x + ln(pi/(1-pi)), y), pi = n_c / sum of n",
        r"C\,\mathrm{BCE}\left(x+\ln\frac{\pi_c}{1-\pi_c},\;y\right),\;\pi_c=n_c/\textstyle\sum_k n_k",
        "Xu et al. 2023; XuZhengzhuo/LiVT, util/loss.py, BCE_loss(type='Bal')",
        balanced_bce,
        (Parameter("strength", "K", 1.0, 0.0, 3.0, explanation="How far rare classes are shifted; 0: C times BCE."),),
        uses_counts=True,
        note=f"pi is the class's share of all positives, not its prevalence. {_NO_SHIFT}",
    ),
    LossVariant(
        "balanced_bce_hed",
        "Balanced BCE (HED)",
        "b y softplus(-x) + (1-b)(1-y) softplus(x), b = share of negatives",
        r"b\,y\log(1+e^{-x})+(1-b)(1-y)\log(1+e^{x}),\;b=\text{share of negatives}",
        "Xie and Tu 2015 (HED); b of the batch, or of the whole data where that is known",
        balanced_bce_hed,
        reduction="sum",
        uses_counts=True,
    ),
    LossVariant(
        "ldam",
        "LDAM-style BCE",
        "BCE(s (x - y m_c), y), m_c = M (n_min/n_c)^(1/4)",
        r"\mathrm{BCE}\left(s\,(x-y\,m_c),\;y\right),\;m_c\propto n_c^{-1/4},\;\max_c m_c=M",
        "Cao et al. 2019; the official kaidic/LDAM-DRW, losses.py, is single-label: no official multi-label form",
        ldam,
        (
            Parameter("max_margin", "M", 0.5, 0.0, 2.0, explanation="The margin of the rarest class."),
            Parameter("scale", "s", 30.0, 1.0, 101.0, explanation="Multiplies logits; 30 suits cosines in [-1, 1]."),
        ),
        uses_counts=True,
        note="A class without positives has the margin of a class with one.",
    ),
)
