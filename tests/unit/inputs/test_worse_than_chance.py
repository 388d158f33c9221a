import numpy as np
import pytest

from dashboard.inputs.worse_than_chance import Z, roc_auc_interval


@pytest.mark.parametrize(("positives", "negatives"), [(5, 7), (20, 300), (400, 400)])
def test_roc_auc_interval_lies_below_half_exactly_when_mann_whitney_rejects(positives, negatives):
    critical = 0.5 - Z * np.sqrt((positives + negatives + 1) / (12 * positives * negatives))
    high = roc_auc_interval(np.array([critical - 1e-6, critical + 1e-6]), positives, negatives)[1]
    assert high[0] < 0.5 < high[1]


def test_roc_auc_interval_of_one_pair_says_nothing():
    low, high = roc_auc_interval(np.array([0.0, 1.0]), 1, 1)
    assert high[0] > 0.5 > low[1]


def test_roc_auc_interval_is_symmetric_for_equal_numbers():
    low, high = roc_auc_interval(np.array([0.3, 0.7]), 40, 40)
    assert low[0] == pytest.approx(1 - high[1], abs=1e-9)


def test_roc_auc_interval_holds_the_area():
    areas = np.linspace(0, 1, 21)
    low, high = roc_auc_interval(areas, 15, 30)
    assert ((low <= areas) & (areas <= high)).all()


def test_roc_auc_interval_of_undefined_is_undefined():
    low, high = roc_auc_interval(np.array([np.nan, 0.5]), np.array([0, 5]), np.array([5, 5]))
    assert np.isnan([low[0], high[0]]).all()
    assert not np.isnan([low[1], high[1]]).any()
