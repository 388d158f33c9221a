import numpy as np
import pytest

from dashboard.core.best_cuts import best_f_beta


@pytest.mark.parametrize("beyond, best", [(1, 0), (2, 1)])
def test_best_f_beta_orders_rationals_that_float64_cannot_tell_apart(beyond, best):
    """3 / (3m + 1) > 2 / (2m + 1) > 3 / (3m + 2), all the same float64 for this m."""
    m, support = 3_002_399_751_530_332, 3
    assert 3 / (3 * m + beyond) == 2 / (2 * m + 1)
    predicted = np.array([3 * m + beyond, 2 * m + 1, 2 * m]) - support
    assert best_f_beta(predicted, 1.0)[1] == best


def test_best_f_beta_of_exactly_equal_cuts_is_the_highest():
    """The upper positive alone, or both with two negatives: 2/3 each."""
    assert best_f_beta(np.array([4, 1]), 1.0) == (2 / 3, 1)


def test_best_f_beta_does_not_split_ties():
    """Both positives at one score, with one negative: 4/5, not the 2/5 of a single one."""
    assert best_f_beta(np.array([3, 3]), 1.0)[0] == 4 / 5


def test_best_f_beta_of_nothing_is_nan():
    value, index = best_f_beta(np.array([], dtype=np.int32), 1.0)
    assert np.isnan(value)
    assert index == -1
