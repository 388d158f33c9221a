import numpy as np

from dashboard.core import Counts
from dashboard.core.intervals import binomial_interval
from dashboard.figures.rates import rates_with_intervals, share_of


def test_rates_are_shares_with_exact_intervals():
    counts = Counts(*(np.array([[n], [2 * n]]) for n in (6, 2, 3, 8)))
    rates = rates_with_intervals(counts)
    assert rates["precision"].tolist() == [6 / 8, 12 / 16]
    assert rates["false positive rate"].tolist() == [2 / 10, 4 / 20]
    assert rates["F1"].tolist() == [12 / 17, 24 / 34]
    assert (rates["recall low"][1], rates["recall high"][1]) == binomial_interval(12, 18)


def test_rates_of_a_row_of_classes_are_in_their_order():
    counts = Counts(*(np.array([[n, 0]]) for n in (6, 2, 3, 8)))
    recall = rates_with_intervals(counts)["recall"]
    assert recall[0] == 6 / 9 and np.isnan(recall[1])


def test_rates_undefined_are_nan_with_their_intervals():
    rates = rates_with_intervals(Counts(*(np.zeros((1, 1), int) for _ in range(4))))
    assert all(np.isnan(values[0]) for values in rates.values())


def test_share_of_is_what_the_rate_divides():
    counts = Counts(*(np.array([[n]]) for n in (6, 2, 3, 8)))
    assert [tuple(int(part[0, 0]) for part in share_of(counts, rate)) for rate in ("precision", "recall")] == [
        (6, 8),
        (6, 9),
    ]
