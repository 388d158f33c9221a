"""Every loss and its gradient against recorded numbers, torch's own modules and slow obvious versions."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dashboard.losses import LOSSES, ClassCounts
from dashboard.losses.distribution_balanced import rebalanced
from dashboard.losses.reweighted import effective_weights
from dashboard.losses.rowwise import class_indices

RECORDED = json.loads((Path(__file__).parent / "losses.json").read_text())
NUMBERS, FIXTURE = RECORDED["single_numbers"], RECORDED["fixture"]
COUNTS = ClassCounts.of(FIXTURE["class_counts_train"], FIXTURE["n_train"])
REDUCTIONS = ("none", "mean", "sum")
SEEDS = range(8)


def double(values):
    return torch.tensor(values, dtype=torch.float64)


def close(found, expected, atol=1e-10):
    torch.testing.assert_close(found, expected, rtol=0, atol=atol)


def fixture(observed=False):
    """Logits that want a gradient, and targets."""
    targets = double(FIXTURE["targets"])
    if observed:
        targets = torch.where(torch.tensor(FIXTURE["observed_mask"]) > 0, targets, -1.0)
    return double(FIXTURE["logits"]).requires_grad_(), targets


def random_cells(seed, unknown=0.0, shape=(12, 7)):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(shape, dtype=torch.float64, generator=generator) * 3
    targets = (torch.rand(shape, generator=generator) < 0.3).double()
    targets[torch.rand(shape, generator=generator) < unknown] = -1
    return logits.requires_grad_(), targets


def assert_same(ours, theirs, logits):
    """Values and the gradients of their sum."""
    close(ours, theirs)
    first, second = (torch.autograd.grad(each.sum(), logits, retain_graph=True)[0] for each in (ours, theirs))
    close(first, second, 1e-8)


@pytest.mark.parametrize("case", RECORDED["losses"], ids=lambda case: case["recorded_as"])
def test_recorded(case):
    variant = LOSSES[case["loss"]]
    logits, targets = fixture(observed=variant.name == "masked")
    given = {"counts": COUNTS, **case["parameters"]}
    values = variant.values(logits, targets, **given)
    expected = double(case["values"])
    close(values, expected.sum() if variant.unit == "batch" else expected)
    values.sum().backward()
    close(logits.grad, double(case["gradient"]), 1e-8)
    close(variant.reduced(logits, targets, "sum", **given), double(case["sum"]))
    if variant.name not in ("masked", "two_way"):
        close(variant.reduced(logits, targets, "mean", **given), double(case["mean"]))
    if variant.unit == "cell":
        close(variant.elementwise(logits, targets, **given), values, 0)


def test_recorded_covers_every_loss():
    assert set(LOSSES) - {case["loss"] for case in RECORDED["losses"]} == {"single_label_cross_entropy"}


def test_masked_recorded():
    logits, targets = fixture(observed=True)
    close(LOSSES["masked"].reduced(logits, targets, "mean"), double(NUMBERS["masked_mean_over_known"]))
    found = LOSSES["masked"].reduced(logits, targets, "sum", unknown="ignore_normalize_classes")
    close(found, double(NUMBERS["masked_ignore_normalize_classes_sum"]))


def test_two_way_mask_does_not_leak():
    logits, targets = fixture()
    close(LOSSES["two_way"].values(logits * 60, targets), double(NUMBERS["two_way_logits_times_60"]))
    far = logits.detach() * 1000
    close(LOSSES["two_way"].values(far.requires_grad_(), targets), sum(two_way_terms(far, targets)))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("two_way", "TwoWay"),
        ("cross_entropy", "CrossEntropy_multihot"),
        ("multilabel_margin", "MultiLabelMargin"),
        ("zlpr", "ZLPR"),
        ("bce_with_logits", "BCE"),
    ],
)
def test_a_constant_added_to_all_logits(name, key):
    logits, targets = fixture()
    moved = LOSSES[name].reduced(logits + 7, targets, "sum")
    close(moved, double(NUMBERS["shifted_by_7"][key]))
    unmoved = LOSSES[name].reduced(logits, targets, "sum")
    assert bool((moved - unmoved).abs() < 1e-10) is not LOSSES[name].sets_zero


# torch's own modules


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_torch_bce(seed, reduction):
    logits, targets = random_cells(seed)
    weight = torch.rand(7, dtype=torch.float64) * 3
    for ours, theirs in (
        ({}, nn.BCELoss(reduction=reduction)),
        ({"weight": weight}, nn.BCELoss(weight, reduction=reduction)),
    ):
        assert_same(
            LOSSES["bce"].reduced(logits, targets, reduction, **ours), theirs(logits.sigmoid(), targets), logits
        )


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_torch_bce_with_logits(seed, reduction):
    logits, targets = random_cells(seed)
    weight, pos_weight = torch.rand(2, 7, dtype=torch.float64) * 3
    theirs = nn.BCEWithLogitsLoss(weight, pos_weight=pos_weight, reduction=reduction)(logits, targets)
    for name in ("bce_with_logits", "pos_weight"):
        ours = LOSSES[name].reduced(logits, targets, reduction, weight=weight, pos_weight=pos_weight)
        assert_same(ours, theirs, logits)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_torch_multilabel_soft_margin(seed, reduction):
    logits, targets = random_cells(seed)
    weight = torch.rand(7, dtype=torch.float64)
    theirs = nn.MultiLabelSoftMarginLoss(weight, reduction=reduction)(logits, targets)
    assert_same(LOSSES["multilabel_soft_margin"].reduced(logits, targets, reduction, weight=weight), theirs, logits)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_torch_multilabel_margin(seed, reduction):
    logits, targets = random_cells(seed)
    indices = torch.full(targets.shape, -1)
    for row, positives in enumerate(targets.bool()):
        found = positives.nonzero().flatten()
        indices[row, : len(found)] = found
    assert class_indices(targets.bool()).equal(indices)
    theirs = nn.MultiLabelMarginLoss(reduction=reduction)(logits, indices)
    assert_same(LOSSES["multilabel_margin"].reduced(logits, targets, reduction), theirs, logits)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_torch_cross_entropy(seed, reduction):
    logits, targets = random_cells(seed)
    soft = targets * 0.8 + 0.05
    theirs = nn.CrossEntropyLoss(reduction=reduction)(logits, soft)
    assert_same(LOSSES["cross_entropy"].reduced(logits, soft, reduction), theirs, logits)
    theirs = nn.CrossEntropyLoss(reduction=reduction)(logits, soft / soft.sum(1, keepdim=True))
    assert_same(LOSSES["cross_entropy_normalised"].reduced(logits, soft, reduction), theirs, logits)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("seed", SEEDS)
def test_torch_single_label_cross_entropy(seed, reduction):
    logits, targets = random_cells(seed)
    targets[:2], targets[0, 3] = 0, 1
    index = torch.tensor([int(row.argmax()) if row.sum() == 1 else -100 for row in targets])
    assert {-100} < set(index.tolist())
    theirs = nn.CrossEntropyLoss(reduction=reduction)(logits, index)
    assert_same(LOSSES["single_label_cross_entropy"].reduced(logits, targets, reduction), theirs, logits)


@pytest.mark.parametrize("name", ["bce_with_logits", "bce", "multilabel_soft_margin"])
@pytest.mark.parametrize("seed", SEEDS)
def test_soft_targets(name, seed):
    logits, targets = random_cells(seed)
    soft = targets * 0.7 + 0.1
    by_hand = soft * F.softplus(-logits) + (1 - soft) * F.softplus(logits)
    values = LOSSES[name].values(logits, soft)
    assert_same(values, by_hand.mean(1) if LOSSES[name].unit == "row" else by_hand, logits)


# unknown cells


@pytest.mark.parametrize("name", [name for name, variant in LOSSES.items() if variant.unit == "row"])
@pytest.mark.parametrize("seed", SEEDS)
def test_unknown_cells_of_a_row_are_as_if_absent(name, seed):
    logits, targets = random_cells(seed, unknown=0.3)
    targets[0] = -1
    values = LOSSES[name].values(logits, targets)
    (gradient,) = torch.autograd.grad(values.sum(), logits)
    for row, known in enumerate(targets >= 0):
        alone = logits[row : row + 1, known].detach().requires_grad_()
        value = LOSSES[name].values(alone, targets[row : row + 1, known])
        close(values[row], value[0])
        close(gradient[row, known], torch.autograd.grad(value.sum(), alone)[0][0])
        assert not gradient[row, ~known].any()


def two_way_terms(logits, targets):
    """One column and one row after another, with what is known in it."""

    def term(x, y):
        pos, neg = x[y == 1], x[y == 0]
        if not len(pos):
            return None
        inner = -math.inf if not len(neg) else torch.logsumexp(neg, 0) + 4 * torch.logsumexp(-pos / 4, 0)
        return F.softplus(torch.as_tensor(inner, dtype=torch.float64))

    def mean(pairs):
        terms = [found for found in (term(x, y) for x, y in pairs) if found is not None]
        return sum(terms) / len(terms)

    return [mean(zip(x, y, strict=True)) for x, y in ((logits.T, targets.T), (logits, targets))]


@pytest.mark.parametrize("seed", SEEDS)
def test_two_way_by_hand(seed):
    """With a column that lacks negatives and a row that lacks positives."""
    logits, targets = random_cells(seed, unknown=0.3)
    targets[1], targets[:, 0] = 0, 1
    targets[1, 0] = -1
    assert_same(LOSSES["two_way"].values(logits, targets), sum(two_way_terms(logits, targets)), logits)


@pytest.mark.parametrize("seed", SEEDS)
def test_masked_selective_by_hand(seed):
    """The operations of PartialLabelingCSL, negative_backprop_fun_jit, cell after cell."""
    logits, targets = random_cells(seed, unknown=0.5)
    plain = F.softplus(logits) - logits * (targets == 1)
    unknown = sorted(np.argwhere(targets.numpy() < 0).tolist(), key=lambda cell: -logits[tuple(cell)].item())
    weights = torch.ones_like(plain)
    for row, column in unknown[: 2 * len(logits)]:
        weights[row, column] = 0
    values = LOSSES["masked"].values(logits, targets, unknown="selective", top_k=2.0)
    assert_same(values, plain * weights, logits)
    assert_same(LOSSES["masked"].values(logits, targets, unknown="negative"), plain, logits)
    close(LOSSES["masked"].reduced(logits, targets, "mean", unknown="negative"), plain.mean())
    known = targets >= 0
    close(LOSSES["masked"].reduced(logits, targets, "mean"), plain[known].mean())


# identities and gradients


@pytest.mark.parametrize("seed", SEEDS)
def test_identities_with_bce(seed):
    logits, targets = random_cells(seed)
    bce = LOSSES["bce_with_logits"].values(logits, targets)
    for name, parameters in {
        "bce": {},
        "pos_weight": {"pos_weight": "none"},
        "label_smoothing": {"epsilon": 0.0},
        "focal": {"alpha": -1.0, "gamma": 0.0},
        "poly1": {"epsilon": 0.0},
        "logit_adjusted": {"tau": 0.0},
        "masked": {},
        "class_balanced": {"beta": 0.0},
        "asl_full": {"gamma_neg": 0.0, "gamma_pos": 0.0, "clip": 0.0},
        "splc": {"margin": 0.0, "gamma": 0.0},
    }.items():
        assert_same(LOSSES[name].values(logits, targets, **parameters), bce, logits)
    one = logits[:, :1]
    close(LOSSES["zlpr"].values(one, targets[:, :1]), bce[:, 0])
    close(LOSSES["multilabel_soft_margin"].values(logits, targets), bce.mean(1))


@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_of_detached_asl(seed):
    logits, targets = random_cells(seed)
    p = logits.detach().sigmoid()
    clipped = (p - 0.05).clamp(min=0)
    negative = clipped**4 / (1 - clipped) * p * (1 - p)
    for name, gamma_pos in (("asl", 1), ("asl_train", 0)):
        (found,) = torch.autograd.grad(LOSSES[name].values(logits, targets).sum(), logits)
        close(found, torch.where(targets == 1, -((1 - p) ** (gamma_pos + 1)), negative))


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in ("asl", "asl_train")])
@pytest.mark.parametrize("unknown", [0.0, 0.3])
def test_gradcheck(name, unknown):
    logits, targets = random_cells(3, unknown, shape=(5, 4))
    counts = ClassCounts.of([30, 20, 5, 1], 60)
    flags = [{"corrected": True}] if name == "splc" else []
    flags += [{"unknown": each} for each in ("negative", "ignore_normalize_classes", "selective")] * (name == "masked")
    for parameters in [{}, *flags]:
        assert torch.autograd.gradcheck(
            lambda x, given=parameters: LOSSES[name].values(x, targets, counts=counts, **given), logits
        )


# class counts


def test_effective_weights():
    n = np.array([1000, 500, 100, 20, 5])
    weights = (1 - 0.9999) / (1 - 0.9999**n)
    expected = double((weights / weights.sum() * 5).tolist())
    close(effective_weights(COUNTS, 0.9999), expected)


def test_distribution_balanced_weights():
    found = rebalanced(COUNTS, double(FIXTURE["targets"]), mu=0.2, alpha=0.1, beta=10.0)
    close(found, double(NUMBERS["distribution_balanced_weights"]))
