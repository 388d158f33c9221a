import numpy as np

from dashboard.core.best_cuts import best_f_beta
from dashboard.core.curves import Cuts


def cuts(tp, fp):
    return Cuts(np.arange(len(tp), 0.0, -1), np.array(tp), np.array(fp))


def test_best_f_beta_orders_rationals_that_float64_cannot_tell_apart():
    """2x / (2x + 1) and 2(x + 1) / (2x + 3) round to the same float64; the second is larger."""
    x = 2**30
    assert 2 * x / (2 * x + 1) == 2 * (x + 1) / (2 * x + 3)
    assert best_f_beta(cuts([x, x + 1], [0, 1]), 1.0)[1] == 1


def test_best_f_beta_keeps_the_first_of_exactly_equal_cuts():
    assert best_f_beta(cuts([1, 2], [0, 2]), 1.0) == (2 / 3, 0)


def test_best_f_beta_of_nothing_is_nan():
    value, index = best_f_beta(cuts([], []), 1.0)
    assert np.isnan(value)
    assert index == -1
