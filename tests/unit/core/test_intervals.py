import numpy as np
import pytest

from dashboard.core.intervals import binomial_interval


def test_nothing_of_nothing_is_undefined():
    low, high = binomial_interval([0, 1], [0, 2])
    assert np.isnan([low[0], high[0]]).all() and not np.isnan([low[1], high[1]]).any()


def test_the_ends_are_exact_where_all_or_none_are_counted():
    low, high = binomial_interval([0, 8], [8, 8])
    assert low[0] == 0 and high[1] == 1
    assert high[0] == pytest.approx(1 - 0.025 ** (1 / 8), abs=1e-14) and low[1] == pytest.approx(1 - high[0])


def test_an_interval_holds_its_share_and_narrows_with_n():
    n = np.array([4, 40, 400, 4_000])
    low, high = binomial_interval(n // 4, n)
    assert (low < 0.25).all() and (high > 0.25).all()
    assert (np.diff(high - low) < 0).all()


def test_shapes_are_kept():
    low, high = binomial_interval(np.zeros((2, 3), int), 5)
    assert low.shape == high.shape == (2, 3)
    assert [end.shape for end in binomial_interval(np.empty((0, 2), int), np.empty((0, 2), int))] == [(0, 2)] * 2


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 2)])
def test_impossible_counts_are_refused(k, n):
    with pytest.raises(ValueError, match="k must lie from 0 to n"):
        binomial_interval(k, n)
