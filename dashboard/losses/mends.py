"""One-line mends for calls of torch's losses, x the input and y the target; the code shown is the code that runs."""

import torch
import torch.nn.functional as F


def bce_same_dtype(x, y):
    return F.binary_cross_entropy(x, y.to(x.dtype))


def bce_in_float32(x, y):
    return F.binary_cross_entropy(x.float(), y.float())


def bce_reshaped(x, y):
    return F.binary_cross_entropy(x, y.to(x.dtype).reshape(x.shape))


def bce_known(x, y):
    return F.binary_cross_entropy(x[y >= 0], y[y >= 0].to(x.dtype))


def bce_signs(x, y):
    return F.binary_cross_entropy(x, (y.to(x.dtype) + 1) / 2)


def bce_finite(x, y):
    return F.binary_cross_entropy(x[(x + y).isfinite()], y[(x + y).isfinite()].to(x.dtype))


def bce_one_hot(x, y):
    return F.binary_cross_entropy(x, F.one_hot(y.long(), x.shape[1]).to(x.dtype))


def with_logits(x, y):
    return F.binary_cross_entropy_with_logits(x, y.to(x.dtype))


def with_logits_float(x, y):
    return F.binary_cross_entropy_with_logits(x.float(), y.float())


def with_logits_reshaped(x, y):
    return F.binary_cross_entropy_with_logits(x, y.to(x.dtype).reshape(x.shape))


def with_logits_known(x, y):
    return F.binary_cross_entropy_with_logits(x[y >= 0], y[y >= 0].to(x.dtype))


def with_logits_signs(x, y):
    return F.binary_cross_entropy_with_logits(x, (y.to(x.dtype) + 1) / 2)


def with_logits_finite(x, y):
    return F.binary_cross_entropy_with_logits(x[(x + y).isfinite()], y[(x + y).isfinite()].to(x.dtype))


def with_logits_one_hot(x, y):
    return F.binary_cross_entropy_with_logits(x, F.one_hot(y.long(), x.shape[1]).to(x.dtype))


def margin_of_indices(x, y):
    return F.multilabel_margin_loss(x, y.long())


def margin_of_indices_float(x, y):
    return F.multilabel_margin_loss(x.float(), y.long())


def margin_of_multi_hot(x, y):
    return F.multilabel_margin_loss(
        x.float(), torch.where(y > 0, torch.arange(x.shape[-1]), -1).sort(descending=True)[0]
    )


def entropy_of_indices(x, y):
    return F.cross_entropy(x, y.long())


def entropy_of_column(x, y):
    return F.cross_entropy(x, y.long().reshape(-1))


def entropy_without_unknown(x, y):
    return F.cross_entropy(x, y.long(), ignore_index=-1)


def entropy_from_1(x, y):
    return F.cross_entropy(x, y.long() - 1)


def entropy_normalised(x, y):
    return F.cross_entropy(x, y.to(x.dtype) / y.sum(1, keepdim=True).clamp(min=1))


def entropy_of_rows_with_index(x, y):
    return F.cross_entropy(x[y >= 0], y[y >= 0].long())


def entropy_of_finite_rows(x, y):
    return F.cross_entropy(x[x.isfinite().all(1)], y[x.isfinite().all(1)])


def likelihood_of_probabilities(x, y):
    return F.nll_loss(x.log(), y.long())
