"""Exact binomial intervals against scipy's."""

import numpy as np
import pytest
from scipy.stats import beta, binomtest

from dashboard.core.intervals import binomial_interval

SIZES = (1, 2, 3, 7, 10, 50, 100, 999, 10_000, 123_457, 1_000_000)
# Both quantiles are good to their own rounding: log-gamma of 1,000,000 keeps nine digits behind the point, which moves
# an end by a billionth of the interval's width.
TOLERANCE = 1e-11


def _grid():
    rng = np.random.default_rng(0)
    pairs = {(k, n) for n in SIZES for k in (0, 1, 2, n // 3, n // 2, n - 2, n - 1, n, *rng.integers(0, n + 1, 20))}
    return np.array(sorted((int(k), n) for k, n in pairs if 0 <= k <= n)).T


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_binomial_interval_is_the_quantile_of_the_beta_distribution(level):
    k, n = _grid()
    tail = (1 - level) / 2
    with np.errstate(all="ignore"):
        low = np.where(k == 0, 0.0, beta.ppf(tail, k, n - k + 1))
        high = np.where(k == n, 1.0, beta.ppf(1 - tail, k + 1, n - k))
    found = binomial_interval(k, n, level)
    np.testing.assert_allclose(found[0], low, atol=TOLERANCE, rtol=0)
    np.testing.assert_allclose(found[1], high, atol=TOLERANCE, rtol=0)


@pytest.mark.parametrize("n", range(1, 21))
def test_binomial_interval_is_scipys_exact_one(n):
    for k in range(n + 1):
        expected = binomtest(k, n).proportion_ci(0.95, "exact")
        assert binomial_interval(k, n) == (
            pytest.approx(expected.low, abs=1e-9),
            pytest.approx(expected.high, abs=1e-9),
        )
