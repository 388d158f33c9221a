"""What counts prove of a floor: whether k of n cases show that a share is at least as large, and how many more would.

A proof is the one-sided Clopper-Pearson lower limit. Knows nothing of classes, thresholds or which share it is.
"""

from statistics import NormalDist

import numpy as np

from dashboard.core.intervals import LEVEL, lower_limit, lower_limit_at_rate

CLEAR = 1.5  # cases from the approximate boundary, which is off by less than one
MOST_CASES = 10_000_000


def proves(k, n, share: float, level: float = LEVEL) -> np.ndarray:
    """Whether the lower limit of k of n is at least `share`: bool, of one shape; nothing of nothing proves 0 only.

    Far from the boundary the normal approximation decides, near it the exact limit, so that a million cuts are quick.
    """
    k, n = np.broadcast_arrays(np.asarray(k, dtype=np.int64), np.asarray(n, dtype=np.int64))
    if share <= 0:
        return np.ones(k.shape, dtype=bool)
    z = NormalDist().inv_cdf(level)
    needed = n * share + z * np.sqrt(n * share * (1 - share)) + 0.5 + (z * z - 1) * (1 - 2 * share) / 6
    proven = np.array(k > needed + CLEAR)
    near = (np.abs(k - needed) <= CLEAR) & (n > 0)
    proven[near] = lower_limit(k[near], n[near], level) >= share
    return proven


def cases_needed(k, n, share: float, level: float = LEVEL) -> np.ndarray:
    """How many cases, at the rate of k of n, have a lower limit of at least `share`: float64, n itself where proven.

    inf where the rate is not above the share, or where it takes more than ten million; NaN where n = 0.
    """
    k, n = np.broadcast_arrays(np.asarray(k, dtype=np.int64), np.asarray(n, dtype=np.int64))
    proven, rate = proves(k, n, share, level), k / np.maximum(n, 1)
    needed = np.where(n == 0, np.nan, np.where(proven, n, np.inf))
    not_yet = ~proven & (rate > share) & (n > 0)
    if not_yet.any():
        needed[not_yet] = _least_cases(rate[not_yet], n[not_yet], share, level)
    return needed


def _least_cases(rate, n, share, level):
    low, high = n.astype(np.float64), np.full(len(n), float(MOST_CASES))  # low does not prove it
    reachable = lower_limit_at_rate(rate, high, level) >= share
    while ((high - low) > 1)[reachable].any():
        middle = np.floor(np.where(high > 4 * low, np.sqrt(low * high), (low + high) / 2))
        enough = lower_limit_at_rate(rate, middle, level) >= share
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.where(reachable, high, np.inf)
