"""Ways of writing the same loss give the same value and gradient, and those that only look alike do not."""

import math
import warnings

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.losses import equal_ways
from dashboard.losses.equivalences import EQUIVALENCES, compare, holds, looked_at
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.shown_code import code_of


def _cells(*, n_samples=60, n_classes=5, scale=2.0, unknown=0.0, seed=0):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n_samples, n_classes)) * scale
    labels = (rng.random(scores.shape) < 0.4).astype(np.int8)
    labels[rng.random(scores.shape) < unknown] = -1
    return LoadedCells.of(scores, labels, "logits")


@pytest.mark.parametrize("equivalence", EQUIVALENCES, ids=lambda each: each.name)
def test_ways_are_equal_and_look_alikes_are_not(equivalence):
    found = compare(equivalence, _cells(unknown=0.2 if equivalence.takes == "masked" else 0.0))
    assert holds(found, "float64") and holds(found, "float32")
    for each in found:
        assert each.equal is not each.for_unlike, each
        if not each.for_unlike and each.dtype == "float64":
            assert each.value_apart < 1e-10 * max(1, abs(each.value)) and each.gradient_apart < 1e-8


@given(seed=st.integers(0, 1000), scale=st.floats(0.1, 3), unknown=st.sampled_from((0.0, 0.2)))
@settings(max_examples=10, deadline=None)
def test_they_hold_on_any_moderate_logits_in_float64(seed, scale, unknown):
    cells = _cells(seed=seed, scale=scale, unknown=unknown)
    for equivalence in EQUIVALENCES:
        found = compare(equivalence, cells)
        assert not found or holds(found, "float64"), equivalence.name


def test_large_logits_part_bce_from_bce_with_logits_and_it_is_said():
    cells = LoadedCells.of(np.array([[20.0], [-20.0]]), np.array([[0], [1]]), "logits")
    found = compare(EQUIVALENCES[0], cells)
    sigmoid = [each for each in found if each.code.startswith("F.binary_cross_entropy(")]
    assert [each.equal for each in sigmoid] == [True, False]
    assert sigmoid[1].value_apart == pytest.approx(80) and sigmoid[1].gradient_apart == 1
    by_hand = next(each for each in found if each.dtype == "float32" and each.code.startswith("p ="))
    assert math.isinf(by_hand.value) and not holds(found, "float32")


def test_values_are_torchs_own():
    cells = _cells()
    found = compare(EQUIVALENCES[0], cells)
    assert found[0].value == float(
        F.binary_cross_entropy_with_logits(cells.logits, cells.targets, reduction="none").mean()
    )


def test_unknown_cells_make_class_means_differ():
    scores, labels = np.array([[2.0, -1.0], [0.0, 1.0], [1.0, 3.0]]), np.array([[1, 0], [-1, 0], [-1, 0]])
    cells = LoadedCells.of(scores, labels, "logits")
    unknown = next(each for each in EQUIVALENCES if each.name == "unknown")
    over_cells, again, class_means, zeros = compare(unknown, cells)[:4]
    losses = [math.log1p(math.exp(-2)), *(math.log1p(math.exp(x)) for x in (-1, 1, 3))]
    assert over_cells.value == pytest.approx(sum(losses) / 4) == again.value
    assert class_means.value == pytest.approx((losses[0] + sum(losses[1:]) / 3) / 2)
    assert zeros.value == pytest.approx(sum(losses) / 6)
    assert class_means.for_unlike and not class_means.equal


def test_signs_unconverted_fall_without_end():
    value = equal_ways.signs_unconverted(torch.tensor([[-3.0], [-300.0]]), torch.zeros(2, 1))
    assert value[0].item() == pytest.approx(-2.951, abs=1e-3) and value[1].item() == pytest.approx(-300)


def test_legacy_arguments_warn_and_win_over_reduction():
    x, y = torch.randn(3, 2), torch.ones(3, 2)
    with pytest.warns(UserWarning, match="size_average and reduce args will be deprecated"):
        value = F.binary_cross_entropy_with_logits(x, y, size_average=False, reduction="mean")
    assert value == F.binary_cross_entropy_with_logits(x, y, reduction="sum")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        equal_ways.mean_legacy(x, y)


def test_data_without_the_form_gives_nothing():
    unknown = LoadedCells.of(np.zeros((3, 2)), np.full((3, 2), -1), "logits")
    assert all(compare(each, unknown) == () for each in EQUIVALENCES)
    empty = LoadedCells.of(np.zeros((3, 2)), np.zeros((3, 2), int), "logits")
    assert looked_at(empty, "one_class").targets.numel() == 0


def test_rows_are_sampled_evenly_above_the_limit():
    cells = _cells(n_samples=100, n_classes=4)
    looked = looked_at(cells, "rows", most_cells=40)
    assert torch.equal(looked.logits, cells.logits[::10])


def test_shown_code_is_what_runs():
    x, y = torch.randn(4, 3), torch.tensor([0, 2, 1, 1])
    assert code_of(equal_ways.gathered) == "torch.logsumexp(logits, dim=1) - logits.gather(1, targets[:, None])[:, 0]"
    ran = eval(code_of(equal_ways.gathered), {"torch": torch, "logits": x, "targets": y})  # noqa: S307
    assert torch.equal(ran, equal_ways.gathered(x, y))
    for each in EQUIVALENCES:
        assert all("return" not in code_of(way) and "def " not in code_of(way) for way in (*each.ways, *each.unlike))
