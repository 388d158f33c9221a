"""Breakdown points are first ones, zones are counted cell by cell, and clipping is what clipping by hand gives."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.numeric_zones import BceTotals, Clipping, n_infinite, zone_counts
from dashboard.losses.numerics import DTYPES, EFFECTS, BceForms, breakdown_points, exact_bce, exact_gradient

POINTS = {name: breakdown_points(dtype) for name, dtype in DTYPES.items()}


def _cells(scores, labels):
    return LoadedCells.of(np.asarray(scores, dtype=np.float64), np.asarray(labels), "logits")


def _random(seed, n=200, n_classes=4, spread=15.0):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, n_classes)) * spread
    return scores, rng.choice([-1, 0, 1], size=scores.shape, p=[0.1, 0.7, 0.2])


@pytest.mark.parametrize("dtype", list(DTYPES))
def test_breakdown_point_shows_its_effect_and_the_step_before_does_not(dtype):
    for effect in EFFECTS:
        size = POINTS[dtype][effect.name]
        if size is None:
            continue
        before = torch.tensor([size - 1e-4, size], dtype=torch.float64)
        if DTYPES[dtype].itemsize == 2:
            before[0] = float(torch.nextafter(before[1:].to(DTYPES[dtype]), torch.zeros(1, dtype=DTYPES[dtype])))
        happens = effect.happens(BceForms(effect.sign * before, effect.target or 0, DTYPES[dtype]))
        assert happens.tolist() == [False, True], effect.name


def test_float16_gives_nan_and_the_wider_types_do_not():
    for side in ("false", "easy", "right", "missed"):
        assert POINTS["float16"][f"bce_{side}_nan"] is not None
        assert all(POINTS[name][f"bce_{side}_nan"] is None for name in ("float64", "float32", "bfloat16"))
    assert POINTS["float16"]["bce_right_nan"] == POINTS["float16"]["sigmoid_one"]


@given(st.floats(-1e4, 1e4), st.floats(0, 1))
def test_exact_bce_is_finite_and_its_gradient_lies_between_the_ends(x, y):
    x, y = (torch.tensor([each], dtype=torch.float64) for each in (x, y))
    assert torch.isfinite(exact_bce(x, y)).all() and (exact_bce(x, y) >= 0).all()
    assert (exact_gradient(x, y).abs() <= 1).all()


@pytest.mark.parametrize("dtype", list(DTYPES))
def test_zone_counts_are_those_of_a_loop_over_cells(dtype):
    scores, labels = _random(1)
    found = zone_counts(_cells(scores, labels), {dtype: POINTS[dtype]})[dtype]
    for effect in EFFECTS:
        size, expected = POINTS[dtype][effect.name], [0, 0]
        for score, label in zip(scores.ravel(), labels.ravel(), strict=True):
            rounded = float(torch.tensor(score).to(DTYPES[dtype]))
            if size is not None and label >= 0 and effect.target in (None, label) and effect.sign * rounded >= size:
                expected[label] += 1
        assert found[effect.name].tolist() == expected, effect.name


def test_cells_beyond_float16_are_infinite_there_only():
    found = n_infinite(_cells([[1e5, np.inf], [-1e39, 3.0], [1e5, 0.0]], [[0, 1], [1, 0], [-1, 1]]))
    assert found == {"float64": 1, "float32": 2, "bfloat16": 2, "float16": 3}


def test_totals_are_torchs_over_known_cells():
    scores, labels = _random(2, n=5_000, spread=3.0)
    known = labels >= 0
    x = torch.tensor(scores[known], requires_grad=True)
    y = torch.tensor(labels[known], dtype=torch.float64)
    total = torch.nn.functional.binary_cross_entropy_with_logits(x, y, reduction="sum")
    total.backward()
    found = BceTotals.of(_cells(scores, labels))
    assert found.n == known.sum()
    assert (found.bce, found.gradient) == pytest.approx((float(total.detach()), float(x.grad.abs().sum())), rel=1e-12)


@pytest.mark.parametrize("limit", [0.5, 5.0, 15.0, 1e3])
@pytest.mark.parametrize("rounded", [False, True])
def test_clipping_is_what_clipping_by_hand_gives(limit, rounded):
    scores, labels = _random(3)
    scores = scores.round() if rounded else scores
    known, clipped = labels >= 0, scores.clip(-limit, limit)
    before, after = (BceTotals.of(_cells(each, labels)) for each in (scores, clipped))
    found = Clipping.of(_cells(scores, labels), limit, before)
    moved = known & (scores != clipped)
    assert (found.n_negatives, found.n_positives) == ((moved & (labels == 0)).sum(), (moved & (labels == 1)).sum())
    assert (found.bce, found.gradient) == pytest.approx((after.bce, after.gradient), rel=1e-10)
    kept = BceTotals.of(_cells(scores, np.where(moved, -1, labels)))
    assert found.without_gradient == pytest.approx(before.gradient - kept.gradient, abs=1e-9)
    assert (found.n_equal, found.n_classes_equal, found.n_classes_mixed) == _equal_by_hand(scores, clipped, labels)


def _equal_by_hand(scores, clipped, labels):
    """A cell that equals one of its class after clipping and not before."""
    n_equal = n_classes = n_mixed = 0
    for c in range(scores.shape[1]):
        known = labels[:, c] >= 0
        old, new, y = scores[known, c], clipped[known, c], labels[known, c]
        newly = (new[:, None] == new) & (old[:, None] != old)
        n_equal += newly.any(axis=1).sum()
        n_classes += newly.any()
        n_mixed += any(len(set(y[new == value])) == 2 for value in new[newly.any(axis=1)])
    return n_equal, n_classes, n_mixed


def test_clipping_makes_an_infinite_total_finite():
    cells = _cells([[np.inf, 2.0], [-np.inf, 1.0]], [[0, 1], [1, 0]])
    before = BceTotals.of(cells)
    assert before.bce == math.inf
    found = Clipping.of(cells, 10.0, before)
    assert found.bce == pytest.approx(BceTotals.of(_cells([[10, 2.0], [-10, 1.0]], [[0, 1], [1, 0]])).bce)


def test_nothing_known_is_nothing():
    cells = _cells([[3.0, 40.0]], [[-1, -1]])
    before = BceTotals.of(cells)
    assert (before.n, before.bce, before.gradient) == (0, 0, 0)
    found = Clipping.of(cells, 1.0, before)
    assert (found.n_moved, found.n_equal, found.bce) == (0, 0, 0)


def test_scores_that_were_equal_before_do_not_become_equal():
    cells = _cells([[20.0, 20.0, 15.0], [20.0, 30.0, 20.0], [1.0, 2.0, 3.0]], [[0, 0, 0], [1, 0, 1], [1, 1, 1]])
    found = Clipping.of(cells, 15.0, BceTotals.of(cells))
    assert (found.n_moved, found.n_equal, found.n_classes_equal, found.n_classes_mixed) == (5, 4, 2, 1)
