"""Binary cross entropy itself: on probabilities, on logits, weighted, with smoothed targets."""

import torch
from torch.nn.functional import binary_cross_entropy, binary_cross_entropy_with_logits

from dashboard.losses.parameters import WEIGHT, pos_weight_parameter
from dashboard.losses.variant import Cells, LossVariant, Parameter


def bce(cells: Cells, weight) -> torch.Tensor:
    """Sigmoid, then torch's BCELoss with its two clamps: logs end at -100, the gradient's p (1 - p) at 1e-12."""
    p = torch.sigmoid(cells.logits)
    return binary_cross_entropy(p, cells.targets, weight.to(p).expand_as(p), reduction="none")


def bce_with_logits(cells: Cells, weight, pos_weight) -> torch.Tensor:
    """As torch computes it, with its cancellation: (1 - y) x - (1 + (pos_weight - 1) y) logsigmoid(x)."""
    return binary_cross_entropy_with_logits(
        cells.logits, cells.targets, weight.to(cells.logits), reduction="none", pos_weight=pos_weight.to(cells.logits)
    )


def label_smoothing(cells: Cells, epsilon: float, towards: str, n_classes: float) -> torch.Tensor:
    """BCE with y (1 - eps) + eps / 2 in place of y, or + eps / K with K classes (below 1: the columns)."""
    parts = 2 if towards == "half" else n_classes if n_classes >= 1 else cells.logits.shape[1]
    smoothed = cells.targets * (1 - epsilon) + epsilon / parts
    return binary_cross_entropy_with_logits(cells.logits, smoothed, reduction="none")


_CANCELS = (
    "The value of an easy negative is a difference: in float32 it is off by 1% from a logit of -10 and exactly 0 from "
    "-14.6; its gradient is right."
)

VARIANTS = (
    LossVariant(
        "bce_with_logits",
        "BCE",
        "(1-y) x - logsigmoid(x)",
        r"(1-y)\,x - \log\sigma(x)",
        "torch.nn.BCEWithLogitsLoss",
        bce_with_logits,
        (WEIGHT, pos_weight_parameter(1.0)),
        is_first=True,
        note=_CANCELS + " With weights the mean still divides by the number of cells.",
    ),
    LossVariant(
        "pos_weight",
        "BCE, pos_weight",
        "(1-y) softplus(x) + w y softplus(-x)",
        r"(1-y)\,\log(1+e^{x}) + w\,y\,\log(1+e^{-x})",
        "torch.nn.BCEWithLogitsLoss(pos_weight=...)",
        bce_with_logits,
        (WEIGHT, pos_weight_parameter("negatives_per_positive")),
        is_first=True,
        uses_counts=True,
        note="A class without positives or without negatives has weight 1, since no balance exists. " + _CANCELS,
    ),
    LossVariant(
        "bce",
        "BCE on sigmoid",
        "-y max(ln p, -100) - (1-y) max(ln(1-p), -100)",
        r"-y\max(\ln p,-100)-(1-y)\max(\ln(1-p),-100),\;p=\sigma(x)",
        "torch.nn.BCELoss on torch.sigmoid",
        bce,
        (WEIGHT,),
        note="At most 100 a cell. In float32 the gradient is 0 for a negative from a logit of 16.6 on and fades for a "
        "positive below -27.6; in float16 it is NaN beyond 17.3, even for cells that are right.",
    ),
    LossVariant(
        "label_smoothing",
        "BCE, smoothed labels",
        "BCE(x, y (1-eps) + eps/2)",
        r"\mathrm{BCE}\left(x,\;y(1-\varepsilon)+\varepsilon/2\right)",
        "Keras BinaryCrossentropy(label_smoothing) for eps/2; XuZhengzhuo/LiVT, util/loss.py, for eps/K",
        label_smoothing,
        (
            Parameter("epsilon", "eps", 0.1, 0.0, 1.0, explanation="0: the targets as they are."),
            Parameter(
                "towards",
                "added to every target",
                "half",
                choices={"half": "eps/2", "classes": "eps/K"},
                explanation="eps/K is the rule of softmax losses; it lowers positives more than it raises negatives.",
            ),
            Parameter("n_classes", "K", 0.0, 0.0, explanation="For eps/K; below 1: as many as there are columns."),
        ),
        note="Sure cells pay for being sure: the least loss of a cell is not 0.",
    ),
)
