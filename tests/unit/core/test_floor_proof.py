"""Whether counts prove a floor, quickly, against the exact limit; and how many cases more would."""

import numpy as np
import pytest
from scipy.stats import beta

from dashboard.core.floor_proof import cases_needed, proves
from dashboard.core.intervals import lower_limit

SHARES = (0.001, 0.05, 0.3, 0.5, 0.8, 0.9, 0.99, 0.9999)


@pytest.mark.parametrize("share", SHARES)
def test_proves_is_the_exact_limit_on_both_sides_of_the_boundary(share):
    n = np.concatenate([np.arange(1, 120), [300, 1_000, 10_000, 1_000_000]])
    boundary = n * share + 1.645 * np.sqrt(n * share * (1 - share))
    k = np.clip(boundary[:, None].astype(int) + np.arange(-4, 6), 0, n[:, None])
    n = np.broadcast_to(n[:, None], k.shape)
    assert np.array_equal(proves(k, n, share), lower_limit(k, n) >= share)


def test_nothing_of_nothing_proves_no_floor_but_0():
    assert proves([0], [0], 0.5).tolist() == [False]
    assert proves([0], [0], 0.0).tolist() == [True]


def test_thirteen_of_thirteen_prove_a_share_of_79_percent():
    assert lower_limit(13, 13) == pytest.approx(0.05 ** (1 / 13), abs=1e-14)
    assert proves([13, 13], [13, 13], 0.79).all() and not proves(13, 13, 0.8)


def test_cases_needed_is_the_least_number_at_that_rate():
    assert cases_needed(13, 13, 0.9) == 29  # 0.05 ** (1 / 29) is the first above 0.9
    assert 0.05 ** (1 / 28) < 0.9 < 0.05 ** (1 / 29)
    needed = int(cases_needed(9, 10, 0.88))
    assert _limit_at_rate(0.9, needed) >= 0.88 > _limit_at_rate(0.9, needed - 1)


@pytest.mark.parametrize("share", SHARES)
def test_cases_needed_are_those_of_halving_all_that_there_could_be(share):
    rng = np.random.default_rng(7)
    n = rng.integers(1, 2_000, 60)
    k = np.minimum(n, np.ceil(n * (share + (1 - share) * rng.random(60) ** 4))).astype(int)  # many rates just above
    expected = [_halved(*each, share) for each in zip(k, n, strict=True)]
    exact_below_a_million = pytest.approx(expected, rel=1e-6)  # above, floats tell neighbours no longer apart
    assert cases_needed(k, n, share).tolist() == exact_below_a_million


def _limit_at_rate(rate, n):
    return beta.ppf(0.05, rate * n, n - rate * n + 1)


def _halved(k, n, share):
    """Slow: halves the whole range from n to ten million."""
    low, high, rate = int(n), 10_000_000, k / n
    if lower_limit(k, n) >= share:
        return n
    if rate <= share or _limit_at_rate(rate, high) < share:
        return np.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _limit_at_rate(rate, middle) >= share else (middle, high)
    return high


def test_cases_needed_of_what_is_proven_or_never_will_be():
    assert cases_needed([50, 9, 8, 0], [50, 10, 10, 0], 0.9).tolist()[:3] == [50, np.inf, np.inf]
    assert np.isnan(cases_needed(0, 0, 0.9))
