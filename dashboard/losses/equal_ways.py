"""Ways of writing the same loss, each a small function of logits and targets whose code is shown as it runs.

cells: logits, targets (n_cells, 1), all known. rows: (n_rows, n_classes), all known. one_class: logits (n_rows,
n_classes), targets (n_rows,) class indices. masked: (n_rows, n_classes) with -1 for unknown.
"""

import warnings

import torch
import torch.nn.functional as F
from torch import nn

from dashboard.losses.registry import LOSSES


# cells: BCE
def bce_with_logits(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def sigmoid_then_bce(logits, targets):
    return F.binary_cross_entropy(torch.sigmoid(logits), targets, reduction="none")


def bce_by_hand(logits, targets):
    p = torch.sigmoid(logits)
    return -(targets * torch.log(p) + (1 - targets) * torch.log(1 - p))


def bce_without_cancelling(logits, targets):
    return logits.clamp(min=0) - logits * targets + torch.log1p(torch.exp(-logits.abs()))


def sigmoid_twice(logits, targets):
    return F.binary_cross_entropy_with_logits(torch.sigmoid(logits), targets, reduction="none")


# cells: parameters that switch a variant off
def pos_weight_1(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, pos_weight=torch.ones(1).to(logits), reduction="none")


def focal_0(logits, targets):
    return LOSSES["focal"].values(logits, targets, gamma=0.0, alpha=-1.0)


def asl_0(logits, targets):
    return LOSSES["asl"].values(logits, targets, gamma_neg=0.0, gamma_pos=0.0, clip=0.0)


def focal_0_with_alpha(logits, targets):
    return LOSSES["focal"].values(logits, targets, gamma=0.0)


def asl_0_with_clip(logits, targets):
    return LOSSES["asl"].values(logits, targets, gamma_neg=0.0, gamma_pos=0.0)


# cells: targets written differently
def signs_converted(logits, targets):
    signs = 2 * targets - 1
    return F.binary_cross_entropy_with_logits(logits, (signs + 1) / 2, reduction="none")


def signs_by_hand(logits, targets):
    signs = 2 * targets - 1
    return F.softplus(-signs * logits)


def signs_unconverted(logits, targets):
    signs = 2 * targets - 1
    return F.binary_cross_entropy_with_logits(logits, signs, reduction="none")


def soft_targets(logits, targets):
    soft = 0.1 + 0.8 * targets
    return F.binary_cross_entropy_with_logits(logits, soft, reduction="none")


def soft_as_two_hard(logits, targets):
    soft = 0.1 + 0.8 * targets
    return soft * F.softplus(-logits) + (1 - soft) * F.softplus(logits)


def soft_rounded(logits, targets):
    soft = 0.1 + 0.8 * targets
    return F.binary_cross_entropy_with_logits(logits, soft.round(), reduction="none")


# cells: reductions
def mean(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="mean")


def mean_legacy(logits, targets):
    return quietly(F.binary_cross_entropy_with_logits, logits, targets, size_average=True)


def mean_by_hand(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none").mean()


def sum_legacy_despite_mean(logits, targets):
    return quietly(F.binary_cross_entropy_with_logits, logits, targets, size_average=False, reduction="mean")


def total(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum")


def total_legacy(logits, targets):
    return quietly(F.binary_cross_entropy_with_logits, logits, targets, size_average=False)


def total_from_mean(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="mean") * targets.numel()


def none_legacy(logits, targets):
    return quietly(F.binary_cross_entropy_with_logits, logits, targets, reduce=False)


# rows
def soft_margin(logits, targets):
    return F.multilabel_soft_margin_loss(logits, targets)


def soft_margin_module(logits, targets):
    return nn.MultiLabelSoftMarginLoss()(logits, targets)


def sum_by_rows(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="sum") / len(targets)


def mean_of_class_means(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none").mean(dim=0).mean()


# one class per row
def cross_entropy(logits, targets):
    return F.cross_entropy(logits, targets, reduction="none")


def cross_entropy_module(logits, targets):
    return nn.CrossEntropyLoss(reduction="none")(logits, targets)


def log_softmax_then_nll(logits, targets):
    return F.nll_loss(F.log_softmax(logits, dim=1), targets, reduction="none")


def gathered(logits, targets):
    return torch.logsumexp(logits, dim=1) - logits.gather(1, targets[:, None])[:, 0]


def one_hot(logits, targets):
    return F.cross_entropy(logits, F.one_hot(targets, logits.shape[1]).to(logits), reduction="none")


def softmax_first(logits, targets):
    return F.cross_entropy(F.softmax(logits, dim=1), targets, reduction="none")


def bce_on_one_hot(logits, targets):
    return F.binary_cross_entropy_with_logits(
        logits, F.one_hot(targets, logits.shape[1]).to(logits), reduction="none"
    ).sum(dim=1)


# masked
def mean_over_known(logits, targets):
    known = targets >= 0
    return F.binary_cross_entropy_with_logits(logits[known], targets[known])


def summed_over_known(logits, targets):
    known = targets >= 0
    cells = F.binary_cross_entropy_with_logits(logits, targets.clamp(min=0), reduction="none")
    return torch.where(known, cells, 0).sum() / known.sum()


def mean_of_known_class_means(logits, targets):
    known = targets >= 0
    cells = F.binary_cross_entropy_with_logits(logits, targets.clamp(min=0), reduction="none")
    return (torch.where(known, cells, 0).sum(dim=0) / known.sum(dim=0))[known.any(dim=0)].mean()


def mean_with_zeros(logits, targets):
    known = targets >= 0
    cells = F.binary_cross_entropy_with_logits(logits, targets.clamp(min=0), reduction="none")
    return torch.where(known, cells, 0).mean()


def quietly(function, *arguments, **options):
    """Without torch's warning that size_average and reduce will go; it is said on screen."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return function(*arguments, **options)
