"""Losses with one value per sample: ZLPR, torch's multi-label losses, and cross entropies over the classes of a row.

An unknown cell is as if its class were not there. Where only sets matter, a target is a positive from 0.5 on.
"""

import torch
from torch.nn.functional import cross_entropy as softmax_cross_entropy
from torch.nn.functional import logsigmoid, multilabel_margin_loss

from dashboard.losses.parameters import WEIGHT
from dashboard.losses.variant import Cells, LossVariant

ABSENT = -torch.inf
IGNORED = -100  # the class index that torch leaves out


def zlpr(cells: Cells) -> torch.Tensor:
    """ln(1 + sum of e^x over negatives) + ln(1 + sum of e^-x over positives)."""
    positive = cells.targets >= 0.5
    negatives = torch.where(cells.known & ~positive, cells.logits, ABSENT)
    positives = torch.where(cells.known & positive, -cells.logits, ABSENT)
    zero = torch.zeros_like(cells.logits[:, :1]) if cells.logits.shape[1] else cells.logits.new_zeros(len(negatives), 1)
    return sum(torch.logsumexp(torch.cat([zero, each], dim=1), dim=1) for each in (negatives, positives))


def multilabel_soft_margin(cells: Cells, weight) -> torch.Tensor:
    """The mean over the row's known classes of -(y logsigmoid(x) + (1 - y) logsigmoid(-x))."""
    x, y = cells.logits, cells.targets
    loss = -(y * logsigmoid(x) + (1 - y) * logsigmoid(-x)) * weight.to(x)
    return torch.where(cells.known, loss, 0.0).sum(1) / cells.known.sum(1).clamp(min=1)


def multilabel_margin(cells: Cells) -> torch.Tensor:
    """The sum over pairs of a positive j and a negative i of max(0, 1 - (x_j - x_i)), by the known classes."""
    logits = torch.where(cells.known, cells.logits, ABSENT)
    if not logits.numel():
        return logits.sum(1)
    computed = logits if logits.dtype in (torch.float32, torch.float64) else logits.float()  # torch has no half kernel
    losses = multilabel_margin_loss(computed, class_indices(cells.targets >= 0.5), reduction="none")
    return (losses * logits.shape[1] / cells.known.sum(1).clamp(min=1)).to(logits)


def class_indices(positive: torch.Tensor) -> torch.Tensor:
    """The form MultiLabelMarginLoss wants: each row's positive classes, ascending, then -1."""
    order = torch.argsort((~positive).to(torch.uint8), dim=1, stable=True)
    place = torch.arange(positive.shape[1], device=positive.device)
    return torch.where(place < positive.sum(1, keepdim=True), order, -1)


def cross_entropy(cells: Cells) -> torch.Tensor:
    """-sum of y log softmax(x); targets need not sum to 1."""
    logs = torch.log_softmax(torch.where(cells.known, cells.logits, ABSENT), dim=1)
    # The log of an absent class is -inf, and 0 times that would be NaN.
    return -(cells.targets * torch.where(cells.known, logs, 0.0)).sum(1)


def cross_entropy_normalised(cells: Cells) -> torch.Tensor:
    """Cross entropy with the targets of a row divided by their sum; 0 in rows without positives."""
    total = cells.targets.sum(1)
    return cross_entropy(cells) / torch.where(total > 0, total, 1.0)


def single_label_cross_entropy(cells: Cells) -> torch.Tensor:
    """-log softmax(x) of the one positive class; 0 in rows that have none or several."""
    positive = cells.targets >= 0.5
    if not positive.numel():
        return cells.logits.sum(1)
    index = torch.where(has_one_positive(cells.targets), positive.to(torch.uint8).argmax(1), IGNORED)
    logits = torch.where(cells.known, cells.logits, ABSENT)
    return softmax_cross_entropy(logits, index, reduction="none", ignore_index=IGNORED)


def has_one_positive(targets: torch.Tensor) -> torch.Tensor:
    """(n_samples,) bool."""
    return (targets >= 0.5).sum(1) == 1


_PULLS = "The softmax couples the classes of a row: raising one logit lowers the probability of all others."
_NO_ZERO = "Adding a constant to a row's logits changes nothing, so that no logit means 0.5."

VARIANTS = (
    LossVariant(
        "zlpr",
        "ZLPR",
        "ln(1 + sum over negatives of e^x) + ln(1 + sum over positives of e^-x)",
        r"\ln\Big(1+\sum_{n}e^{x_n}\Big)+\ln\Big(1+\sum_{p}e^{-x_p}\Big)",
        "Su et al. 2022; bojone/bert4keras, bert4keras/backend.py, multilabel_categorical_crossentropy",
        zlpr,
        unit="row",
        coupling="The positives of a row share one gradient among them, and so do its negatives.",
        note="A soft target is a positive from 0.5 on. With one class it is BCE.",
    ),
    LossVariant(
        "multilabel_soft_margin",
        "MultiLabelSoftMargin",
        "mean over classes of BCE",
        r"\frac1C\sum_c \mathrm{BCE}(x_c,y_c)",
        "torch.nn.MultiLabelSoftMarginLoss",
        multilabel_soft_margin,
        (WEIGHT,),
        unit="row",
        note="The mean over rows is the mean of BCE over cells as long as rows have equally many known cells.",
    ),
    LossVariant(
        "multilabel_margin",
        "MultiLabelMargin",
        "sum over positives j and negatives i of max(0, 1-(x_j-x_i)) / C",
        r"\frac1C\sum_{j\in p}\sum_{i\in n}\max\left(0,\,1-(x_j-x_i)\right)",
        "torch.nn.MultiLabelMarginLoss",
        multilabel_margin,
        unit="row",
        sets_zero=False,
        coupling="Every positive of a row is compared with every negative; only their differences count.",
        note="torch wants class indices padded with -1 and reads a multi-hot row as indices without an error; here "
        "rows are converted. The gradient is 0 from a difference of 1 on.",
    ),
    LossVariant(
        "cross_entropy",
        "Cross entropy, multi-hot",
        "-sum of y_c ln softmax(x)_c",
        r"-\sum_c y_c\ln\mathrm{softmax}(x)_c",
        "torch.nn.CrossEntropyLoss with class probabilities as targets",
        cross_entropy,
        unit="row",
        sets_zero=False,
        coupling=_PULLS,
        note=f"torch does not ask for targets that sum to 1; a row without positives costs nothing. {_NO_ZERO}",
    ),
    LossVariant(
        "cross_entropy_normalised",
        "Cross entropy, normalised",
        "-(1/|y|) sum of y_c ln softmax(x)_c",
        r"-\frac{1}{|y|}\sum_c y_c\ln\mathrm{softmax}(x)_c",
        "wutong16/DistributionBalancedLoss, mllt/models/losses/cross_entropy_loss.py (kpos)",
        cross_entropy_normalised,
        unit="row",
        sets_zero=False,
        coupling=_PULLS,
        note=f"A row without positives costs nothing. {_NO_ZERO}",
    ),
    LossVariant(
        "single_label_cross_entropy",
        "Cross entropy, single-label",
        "-ln softmax(x)_k, k the one positive",
        r"-\ln\mathrm{softmax}(x)_k",
        "torch.nn.CrossEntropyLoss with class indices as targets",
        single_label_cross_entropy,
        unit="row",
        sets_zero=False,
        coupling=_PULLS,
        note=f"Rows without exactly one positive are left out, of the mean too, as by torch's ignore_index. {_NO_ZERO}",
        counted=has_one_positive,
    ),
)
