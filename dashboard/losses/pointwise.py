"""Losses of single cells that bend BCE for easy cells: focal, asymmetric (ASL) and Poly-1.

Each in the operations of its official code, so that it saturates where the official code does.
"""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from dashboard.losses.parameters import ALPHA, EPSILON, GAMMA
from dashboard.losses.variant import Cells, LossVariant, Parameter


def focal(cells: Cells, alpha: float, gamma: float) -> torch.Tensor:
    """alpha_t (1 - p_t)^gamma BCE; alpha below 0 leaves the weight out, as torchvision does."""
    y = cells.targets
    loss = _plain(cells) * _missing(cells) ** gamma
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


def poly1(cells: Cells, epsilon: float) -> torch.Tensor:
    """BCE + epsilon (1 - p_t): the first coefficient of BCE as a series in 1 - p_t is 1 + epsilon."""
    return _plain(cells) + epsilon * _missing(cells)


def poly1_focal(cells: Cells, epsilon: float, alpha: float, gamma: float) -> torch.Tensor:
    """Focal + epsilon (1 - p_t)^(gamma + 1); what is added has no alpha."""
    return focal(cells, alpha, gamma) + epsilon * _missing(cells) ** (gamma + 1)


def _plain(cells: Cells) -> torch.Tensor:
    return binary_cross_entropy_with_logits(cells.logits, cells.targets, reduction="none")


def _missing(cells: Cells) -> torch.Tensor:
    """1 - p_t by way of p_t, as in the official code: 0 once p_t rounds to 1."""
    p, y = torch.sigmoid(cells.logits), cells.targets
    return 1 - (p * y + (1 - p) * (1 - y))


def _asl_parameters(gamma_pos: float, detached: bool) -> tuple[Parameter, ...]:
    return (
        Parameter("gamma_neg", "gamma-", 4.0, 0.0, 10.0, explanation="How far easy negatives are turned down."),
        Parameter("gamma_pos", "gamma+", gamma_pos, 0.0, 10.0, explanation="How far easy positives are turned down."),
        Parameter("clip", "clip", 0.05, 0.0, 0.5, explanation="Probability below which a negative counts nothing."),
        Parameter("detached", "focusing weight detached", detached, explanation="No gradient through the weight."),
    )


_ASL = "y: -(1-p)^g+ ln p;  n: -pm^g- ln(1-pm), pm = max(p-m, 0)"
_ASL_LATEX = r"-y(1-p)^{\gamma_+}\ln p-(1-y)\,p_m^{\gamma_-}\ln(1-p_m),\; p_m=\max(p-m,0)"
_ASL_CAP = (
    "Logs end at 1e-8: a positive below a logit of -18.4 costs 18.4 at most and has no gradient through its log; "
    "neither has a negative whose probability is below the clip. In float16 1e-8 is 0 and a cell beyond a logit of "
    "about 17 is NaN."
)
_SATURATES = "In float32 a cell that is right beyond a logit of about 17 has neither value nor gradient"
_ROOT = "with gamma between 0 and 1 the gradient is NaN there"

VARIANTS = (
    LossVariant(
        "focal",
        "Focal",
        "alpha_t (1-p_t)^gamma BCE",
        r"\alpha_t\,(1-p_t)^{\gamma}\,\mathrm{BCE}",
        "Lin et al. 2017; torchvision.ops.sigmoid_focal_loss",
        focal,
        (ALPHA, GAMMA),
        reduction="none",
        is_first=True,
        note=f"alpha 0.25 turns positives down to a third of negatives. {_SATURATES}; {_ROOT}.",
    ),
    LossVariant(
        "asl",
        "ASL",
        _ASL,
        _ASL_LATEX,
        "Ridnik et al. 2021; Alibaba-MIIL/ASL, src/loss_functions/losses.py, AsymmetricLoss",
        asl,
        _asl_parameters(1.0, True),
        reduction="sum",
        is_first=True,
        note=_ASL_CAP,
    ),
    LossVariant(
        "asl_train",
        "ASL as trained",
        _ASL,
        _ASL_LATEX,
        "Alibaba-MIIL/ASL, train.py: gamma+ 0, focusing weight detached",
        asl,
        _asl_parameters(0.0, True),
        reduction="sum",
        note=_ASL_CAP,
    ),
    LossVariant(
        "asl_full",
        "ASL, full gradient",
        _ASL,
        _ASL_LATEX,
        "Alibaba-MIIL/ASL, src/loss_functions/losses.py, AsymmetricLossOptimized",
        asl,
        _asl_parameters(1.0, False),
        reduction="sum",
        note=f"The value of ASL, another gradient: it goes through the focusing weight too. {_ASL_CAP} With a gamma "
        "between 0 and 1 the gradient is NaN where the weight is 0.",
    ),
    LossVariant(
        "poly1",
        "Poly-1",
        "BCE + eps (1-p_t)",
        r"\mathrm{BCE}+\varepsilon\,(1-p_t)",
        "Leng et al. 2022; abhuse/polyloss-pytorch, default 1",
        poly1,
        (EPSILON,),
        note="eps -1 squares the gradient of what is nearly right: -(1-p)^2, that of ASL's positives with gamma+ 1.",
    ),
    LossVariant(
        "poly1_focal",
        "Poly-1 focal",
        "alpha_t (1-p_t)^gamma BCE + eps (1-p_t)^(gamma+1)",
        r"\alpha_t\,(1-p_t)^{\gamma}\,\mathrm{BCE}+\varepsilon\,(1-p_t)^{\gamma+1}",
        "Leng et al. 2022; abhuse/polyloss-pytorch, polyloss.py, Poly1FocalLoss",
        poly1_focal,
        (EPSILON, ALPHA, GAMMA),
        reduction="none",
        note=f"{_SATURATES}; {_ROOT}.",
    ),
)
