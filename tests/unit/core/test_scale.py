from itertools import pairwise

import numpy as np
import pytest

from dashboard.core.scale import (
    logit,
    round_above,
    round_up,
    sigmoid,
    threshold_between,
    to_score_threshold,
    to_unit_threshold,
    unit_threshold_between,
)

DTYPES = [np.float32, np.float64]


def test_sigmoid_reaches_its_ends_without_overflow():
    np.testing.assert_array_equal(sigmoid([-np.inf, -1e4, 0, 1e4, np.inf]), [0, 0, 0.5, 1, 1])


def test_sigmoid_keeps_small_probabilities():
    assert sigmoid(-700.0) == pytest.approx(np.exp(-700.0), rel=1e-12)


def test_logit_inverts_sigmoid():
    x = np.linspace(-30, 30, 101)
    np.testing.assert_allclose(logit(sigmoid(x)), x, rtol=0, atol=1e-2)  # near 1 a probability has few digits left
    np.testing.assert_allclose(logit(sigmoid(-abs(x))), -abs(x), rtol=1e-14)


def test_logit_of_half_is_exactly_zero():
    assert logit(0.5) == 0


def test_logit_of_the_ends_is_infinite():
    np.testing.assert_array_equal(logit([0, 1]), [-np.inf, np.inf])


@pytest.mark.parametrize("dtype", DTYPES)
def test_to_score_threshold_is_the_smallest_value_that_is_large_enough(dtype):
    t = np.random.default_rng(0).random(1000)
    found = to_score_threshold(t, "probabilities", dtype)
    assert found.dtype == dtype
    assert (found.astype(np.float64) >= t).all()
    assert (np.nextafter(found, dtype(-1)).astype(np.float64) < t).all()


def test_to_score_threshold_decides_float32_probabilities_as_float64_would():
    scores = np.random.default_rng(0).random(1000, dtype=np.float32)
    for t in (0.1, 0.3, float(scores[0]), np.nextafter(float(scores[0]), 1)):
        expected = scores.astype(np.float64) >= t
        np.testing.assert_array_equal(scores >= to_score_threshold(t, "probabilities", np.float32), expected)


def test_to_score_threshold_of_logits():
    found = to_score_threshold([0, 0.5, sigmoid(2.0), 1, np.nan], "logits", np.float64)
    np.testing.assert_allclose(found, [-np.inf, 0, 2, np.inf, np.inf], rtol=1e-14)


def test_to_score_threshold_of_nan_is_never():
    assert to_score_threshold(np.nan, "probabilities", np.float32) == np.inf


@pytest.mark.parametrize("t", [-0.1, 1.1, np.inf])
def test_to_score_threshold_refuses_what_lies_outside(t):
    with pytest.raises(ValueError, match=f"in \\[0, 1\\], got {t}"):
        to_score_threshold([0.5, t], "logits", np.float32)


def test_round_up_beyond_float32_stays_an_upper_bound():
    largest = np.finfo(np.float32).max
    found = round_up([1e300, -1e300, np.inf, -np.inf, 0.1], np.float32)
    np.testing.assert_array_equal(found, np.array([np.inf, -largest, np.inf, -np.inf, 0.1], np.float32))


def test_round_up_leaves_values_of_the_dtype_alone():
    values = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
    np.testing.assert_array_equal(round_up(values, np.float32), values)


def test_round_up_refuses_nan():
    with pytest.raises(ValueError, match="must not be NaN"):
        round_up([0.5, np.nan], np.float64)


def test_to_unit_threshold_of_never_is_nan():
    np.testing.assert_array_equal(to_unit_threshold([-np.inf, 0.0, np.inf], "logits"), [0, 0.5, np.nan])
    np.testing.assert_array_equal(to_unit_threshold([0.25, np.inf], "probabilities"), [0.25, np.nan])


@pytest.mark.parametrize("dtype", DTYPES)
def test_threshold_between_is_the_midpoint(dtype):
    found = threshold_between(dtype(1), dtype(2))
    assert (found, found.dtype) == (1.5, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kept", [0.7, 1.0, -3.0, 5e-324, 1e-45])
def test_threshold_between_adjacent_floats_is_the_kept_one(dtype, kept):
    kept = dtype(kept)
    assert threshold_between(np.nextafter(kept, dtype(-np.inf)), kept) == kept


@pytest.mark.parametrize("dropped, kept", [(-np.inf, 2.0), (2.0, np.inf), (-np.inf, np.inf), (-np.inf, -np.inf)])
def test_threshold_between_without_a_finite_midpoint_is_the_kept_one(dropped, kept):
    assert threshold_between(np.float64(dropped), np.float64(kept)) == kept


def test_threshold_between_the_largest_floats_does_not_overflow():
    largest = np.finfo(np.float32).max
    assert threshold_between(np.float32(largest / 2), largest) == np.float32(largest * 0.75)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("score_kind", ["logits", "probabilities"])
def test_unit_threshold_between_separates_the_scores(score_kind, dtype):
    scores = np.sort(np.random.default_rng(0).random(200).astype(dtype))
    scores = scores * 20 - 10 if score_kind == "logits" else scores
    for dropped, kept in pairwise(scores):
        t = unit_threshold_between(dropped, kept, score_kind)
        assert dropped < to_score_threshold(t, score_kind, dtype) <= kept


def test_unit_threshold_between_crowded_logits_does_not_exist():
    assert unit_threshold_between(np.float32(40), np.float32(41), "logits") is None


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("threshold", [0.1, 0.7, 0.0, -3.5, np.inf, -np.inf])
def test_round_above_decides_as_a_strict_comparison(dtype, threshold):
    around = dtype(threshold)
    scores = np.array(
        [-np.inf, np.nextafter(around, dtype(-np.inf)), around, np.nextafter(around, dtype(np.inf))], dtype
    )
    decided = scores >= round_above(threshold, dtype)
    finite = scores < np.inf  # nothing lies above +inf, and a score of +inf is predicted even at the highest threshold
    np.testing.assert_array_equal(decided[finite], (scores.astype(np.float64) > threshold)[finite])
