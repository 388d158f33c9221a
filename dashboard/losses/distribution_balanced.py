"""The distribution-balanced loss: rebalanced weights, negatives scaled, logits shifted, focal on top."""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from dashboard.losses.class_counts import ClassCounts
from dashboard.losses.reweighted import log_odds
from dashboard.losses.variant import Cells, LossVariant, Parameter


def distribution_balanced(cells: Cells, scale: float, kappa: float, mu: float, alpha: float, beta: float, gamma: float):
    """2 (1 - e^-l)^gamma w l with l = BCE(z, y), z = (x + b)(y + scale (1 - y)), w = r (y + (1 - y) / scale).

    b = kappa / scale ln(n / (N - n)); r: rebalanced.
    """
    x, y = cells.logits, cells.targets
    shifted = x + kappa / scale * log_odds(cells.counts.prevalence).to(x)
    z = shifted * (1 - y) * scale + shifted * y
    weight = rebalanced(cells.counts, y, mu, alpha, beta)
    loss = binary_cross_entropy_with_logits(z, y, reduction="none")
    return 2 * (1 - torch.exp(-loss)) ** gamma * (weight / scale * (1 - y) + weight * y) * loss


def rebalanced(counts: ClassCounts, targets: torch.Tensor, mu: float, alpha: float, beta: float) -> torch.Tensor:
    """alpha + sigmoid(beta ((1 / n_c) / (sum of 1 / n over the row's positives) - mu)); alpha + 1 in rows without."""
    inverse = (1 / counts.positives.clamp(min=1)).to(targets)
    total = (targets @ inverse)[:, None]
    share = inverse / torch.where(total > 0, total, 1.0)
    return alpha + torch.where(total > 0, torch.sigmoid(beta * (share - mu)), 1.0)


def _parameters(scale: float, mu: float) -> tuple[Parameter, ...]:
    return (
        Parameter("scale", "lambda", scale, 1.0, 11.0, explanation="Multiplies the logits of negatives."),
        Parameter("kappa", "kappa", 0.05, 0.0, 1.0, explanation="How far rare classes are shifted."),
        Parameter("mu", "mu", mu, 0.0, 1.0, explanation="The share of a row's rarity from which a class gains."),
        Parameter("alpha", "alpha", 0.1, 0.0, 10.0, explanation="The least weight."),
        Parameter("beta", "beta", 10.0, 0.0, 100.0, explanation="How steep weights are around mu."),
        Parameter("gamma", "gamma", 2.0, 0.0, 10.0, explanation="How far easy cells are turned down."),
    )


_FORMULA = "2 (1-e^-l)^g w l, l = BCE((x+b)(y+L(1-y)), y), w = r (y+(1-y)/L)"
_LATEX = (
    r"2(1-e^{-\ell})^{\gamma}\,w\,\ell,\;\ell=\mathrm{BCE}\left((x+b)(y+\lambda(1-y)),y\right),"
    r"\;w=r\,(y+\tfrac{1-y}{\lambda})"
)
_SOURCE = "Wu et al. 2020; wutong16/DistributionBalancedLoss, mllt/models/losses/resample_loss.py"
_COUPLING = "The positives of a row set the weights of all its cells."
_NOTE = (
    "The weights assume class-aware sampling, as in the paper. The class defaults in the code have alpha and beta "
    "swapped against the configs used here. A class without positives is weighted as if it had one and is not shifted. "
    "With gamma between 0 and 1 the gradient is NaN where the cell's loss is 0."
)

VARIANTS = tuple(
    LossVariant(
        name,
        title,
        _FORMULA,
        _LATEX,
        f"{_SOURCE}, {config}",
        distribution_balanced,
        _parameters(scale, mu),
        reduction="none",
        coupling=_COUPLING,
        uses_counts=True,
        note=_NOTE,
    )
    for name, title, config, scale, mu in (
        ("distribution_balanced", "Distribution-balanced", "configs/coco/LT_resnet50_pfc_DB.py", 2.0, 0.2),
        ("distribution_balanced_voc", "Distribution-balanced (VOC)", "configs/voc/LT_resnet50_pfc_DB.py", 5.0, 0.3),
    )
)
