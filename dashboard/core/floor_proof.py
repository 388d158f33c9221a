"""What counts prove of a floor: whether k of n cases show that a share is at least as large, and how many more would.

A proof is the one-sided Clopper-Pearson lower limit. Knows nothing of classes, thresholds or which share it is.
"""

from statistics import NormalDist

import numpy as np

from dashboard.core.intervals import LEVEL, lower_limit, reaches_at_rate

CLEAR = 1.5  # cases from the approximate boundary, which is off by less than one
CLOSE = 0.1  # cases; what is further off is still found, only slower
MOST_CASES = 10_000_000


def proves(k, n, share: float, level: float = LEVEL) -> np.ndarray:
    """Whether the lower limit of k of n is at least `share`: bool, of one shape; nothing of nothing proves 0 only.

    Far from the boundary the normal approximation decides, near it the exact limit, so that a million cuts are quick.
    """
    k, n = np.broadcast_arrays(np.asarray(k, dtype=np.int64), np.asarray(n, dtype=np.int64))
    if share <= 0:
        return np.ones(k.shape, dtype=bool)
    spread, shift = _approximation(share, level)
    needed = n * share + spread * np.sqrt(n) + shift
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
    """By halving between bounds close to where the normal approximation has the boundary."""
    low, high = n.astype(np.float64), np.full(len(n), float(MOST_CASES))  # low does not prove it, high has to
    for off in (-CLOSE, CLOSE):
        guess = np.clip(np.floor(_near_least(rate, share, level, off)), low, high)
        enough = reaches_at_rate(rate, guess, share, level)
        low, high = np.where(enough, low, guess), np.where(enough, guess, high)
    reachable = (high < MOST_CASES) | reaches_at_rate(rate, high, share, level)
    searched = np.flatnonzero(reachable & (high - low > 1))
    while len(searched):
        middle = np.floor((low + high)[searched] / 2)
        enough = reaches_at_rate(rate[searched], middle, share, level)
        low[searched], high[searched] = (
            np.where(enough, low[searched], middle),
            np.where(enough, middle, high[searched]),
        )
        searched = searched[(high - low)[searched] > 1]
    return np.where(reachable, high, np.inf)


def _near_least(rate, share, level, off):
    """The n at which rate * n is what the normal approximation says is needed, and `off` hits more."""
    spread, shift = _approximation(share, level)
    above = rate - share  # above * n - spread * sqrt(n) - (shift + off) = 0
    return ((spread + np.sqrt(spread**2 + 4 * above * np.maximum(shift + off, 0))) / (2 * above)) ** 2


def _approximation(share, level):
    """About n * share + spread * sqrt(n) + shift hits of n have the share as their lower limit."""
    z = NormalDist().inv_cdf(level)
    return z * np.sqrt(share * (1 - share)), 0.5 + (z * z - 1) * (1 - 2 * share) / 6
