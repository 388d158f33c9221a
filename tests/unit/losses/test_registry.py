import math

import pytest
import torch

from dashboard.losses import LOSSES, ClassCounts

VARIANTS = list(LOSSES.values())
by_name = pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
COUNTS = ClassCounts.of([30, 20, 5, 1], 60)


def cells(seed=0, shape=(6, 4)):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(shape, dtype=torch.float64, generator=generator)
    targets = (torch.rand(shape, generator=generator) < 0.5).double()
    targets[0] = torch.tensor([1.0, 0, 0, 0])
    return logits, targets


def settings_of(variant):
    """The defaults, and every flag and choice turned to something else."""
    yield {}
    for each in variant.parameters:
        if isinstance(each.default, bool):
            yield {each.name: not each.default}
        for choice in each.choices:
            yield {each.name: choice, **({"top_k": 0.5} if choice == "selective" else {})}


@by_name
def test_entry_is_complete(variant):
    assert LOSSES[variant.name] is variant
    for words in (variant.title, variant.formula, variant.latex, variant.source):
        assert words.strip()
    for sentence in filter(None, (variant.note, variant.coupling)):
        assert sentence.endswith(".")
    assert variant.unit in ("cell", "row", "batch")
    assert variant.reduction in ("none", "mean", "sum")
    for parameter in variant.parameters:
        parameter.check(parameter.default)
        assert parameter.explanation.endswith(".")


def test_names_and_titles_differ():
    assert len({variant.title for variant in VARIANTS}) == len(VARIANTS)
    assert all(name.isidentifier() and name.islower() for name in LOSSES)


def test_the_page_opens_with():
    assert [name for name, each in LOSSES.items() if each.is_first] == ["bce_with_logits", "pos_weight", "focal", "asl"]


@by_name
def test_shape_of_values(variant):
    logits, targets = cells()
    values = variant.values(logits, targets, counts=COUNTS)
    assert values.shape == {"cell": (6, 4), "row": (6,), "batch": ()}[variant.unit]
    assert values.dtype == torch.float64
    if variant.unit != "cell":
        with pytest.raises(ValueError, match=f"{variant.name} has no value per cell, .*one per {variant.unit}"):
            variant.elementwise(logits, targets)


@by_name
@pytest.mark.parametrize("shape", [(0, 4), (3, 0), (0, 0), (1, 1)])
def test_shape_of_values_of_nothing(variant, shape):
    for targets in (torch.ones(shape), torch.zeros(shape), -torch.ones(shape)):
        values = variant.values(torch.zeros(shape), targets)
        assert values.shape == {"cell": shape, "row": shape[:1], "batch": ()}[variant.unit]
        assert values.isfinite().all()


@by_name
def test_coupling_is_said(variant):
    """Nothing else changes a cell's gradient unless the loss says so."""
    logits, targets = cells()

    def first_gradient(logits, targets, parameters):
        x = logits.clone().requires_grad_()
        variant.values(x, targets, counts=COUNTS, **parameters).sum().backward()
        return x.grad[0, 0]

    def couples(parameters):
        found = first_gradient(logits, targets, parameters)
        for row, column in [(0, 1), (0, 2), (1, 0), (2, 3)]:
            for value in (0.0, 1.0):
                other_logits, other_targets = logits.clone(), targets.clone()
                other_logits[row, column], other_targets[row, column] = 3.0, value
                if (first_gradient(other_logits, other_targets, parameters) - found).abs() > 1e-12:
                    return True
        return False

    targets[0, 3] = -1
    if variant.name == "single_label_cross_entropy":
        targets[0, 3] = 0
    if variant.name == "masked":
        assert not couples({}) and variant.coupling
    else:
        assert any(map(couples, settings_of(variant))) is bool(variant.coupling)


@by_name
def test_counts_are_used_as_said(variant):
    logits, targets = cells()
    found = [variant.values(logits, targets, counts=ClassCounts.of(n, 60)) for n in ([30, 20, 5, 1], [1, 2, 40, 50])]
    assert (not torch.equal(*found)) is variant.uses_counts


@by_name
def test_fixed_zero_is_as_said(variant):
    logits, targets = cells()
    found, moved = (variant.values(logits + shift, targets, counts=COUNTS).sum() for shift in (0, 2))
    assert bool((found - moved).abs() > 1e-9) is variant.sets_zero


@by_name
def test_classes_without_positives_or_negatives_stay_finite(variant):
    logits, targets = cells()
    for parameters in settings_of(variant):
        values = variant.values(logits, targets, counts=ClassCounts.of([0, 60, 5, 1], 60), **parameters)
        assert values.isfinite().all()


@by_name
def test_class_counts_do_not_overflow_in_half_precision(variant):
    logits, targets = cells()
    counts = ClassCounts.of([300_000, 90_000, 9_000, 900], 900_000)
    for dtype in (torch.float16, torch.bfloat16):
        values = variant.values(logits.to(dtype), targets.to(dtype), counts=counts)
        assert values.dtype == dtype
        assert values.isfinite().all()


@by_name
def test_arguments_are_left_alone(variant):
    logits, targets = cells()
    targets[1, 1] = -1
    before = logits.clone(), targets.clone(), COUNTS.positives.clone()
    variant.values(logits, targets, counts=COUNTS)
    assert all(map(torch.equal, before, (logits, targets, COUNTS.positives)))


@by_name
def test_no_grad_is_kept(variant):
    """The official ASL turns gradients on for the caller."""
    logits, targets = cells()
    with torch.no_grad():
        values = variant.values(logits.requires_grad_(), targets)
        assert not torch.is_grad_enabled()
    assert not values.requires_grad


def test_hill_is_not_finite_where_its_note_says():
    logits = torch.tensor([[-120.0, -120.0]])
    values = LOSSES["hill"].values(logits, torch.tensor([[1.0, 0.0]]))[0].tolist()
    assert values[0] == math.inf
    assert math.isnan(values[1])


def test_gradient_is_nan_for_gamma_below_one_where_the_note_says():
    for name in ("focal", "poly1_focal", "hill", "splc"):
        logits = torch.tensor([[40.0]], requires_grad=True)
        LOSSES[name].values(logits, torch.ones(1, 1), gamma=0.5).sum().backward()
        assert logits.grad.isnan().all()
        assert "gamma between 0 and 1 the gradient is NaN" in LOSSES[name].note


def test_bce_on_sigmoid_saturates_where_its_note_says():
    logits = torch.tensor([[16.0, 17.0, -27.0, -40.0]], requires_grad=True)
    values = LOSSES["bce"].values(logits, torch.tensor([[0.0, 0, 1, 1]]))
    values.sum().backward()
    assert values[0, 1] == 100
    gradient = logits.grad[0].tolist()
    assert gradient[0] == pytest.approx(1, abs=1e-3)
    assert gradient[1] == 0
    assert gradient[2] == pytest.approx(-1, abs=1e-3)
    assert gradient[3] == pytest.approx(-4.2484e-6, rel=1e-3)
    half = torch.tensor([[-40.0]], dtype=torch.float16, requires_grad=True)
    LOSSES["bce"].values(half, torch.zeros_like(half)).sum().backward()
    assert half.grad.isnan().all()


def test_asl_is_nan_in_half_precision_where_its_note_says():
    for name in ("asl", "asl_train", "asl_full"):
        logits = torch.tensor([[-16.0, -18.0]], dtype=torch.float16)
        values = LOSSES[name].values(logits, torch.zeros_like(logits))
        assert values.isnan().tolist() == [[False, True]]


def test_asl_stops_where_its_note_says():
    logits = torch.tensor([[-18.0, -19.0, -3.0]], requires_grad=True)
    values = LOSSES["asl"].values(logits, torch.tensor([[1.0, 1, 0]]))
    values.sum().backward()
    assert values[0, 1].item() == pytest.approx(18.42, abs=0.01)
    assert (logits.grad != 0).tolist() == [[True, False, False]]


def test_asl_full_is_nan_for_gamma_below_one_where_its_note_says():
    for name, is_nan in (("asl", False), ("asl_full", True)):
        logits = torch.tensor([[-5.0]], requires_grad=True)
        LOSSES[name].values(logits, torch.zeros(1, 1), gamma_neg=0.5).sum().backward()
        assert bool(logits.grad.isnan()) is is_nan
