"""Exact binomial (Clopper-Pearson) intervals of a share k of n. Knows nothing of what is counted.

The interval takes the n cases as independent and the decisions as given: it says nothing of a threshold that was
chosen on the same samples.
"""

from math import lgamma
from statistics import NormalDist

import numpy as np

LEVEL = 0.95
MOST_STEPS = 60  # Newton's: five are usual
MOST_TERMS = 100_000  # of the continued fraction: a few hundred at n = 1,000,000
PRECISION = 1e-14


def binomial_interval(k, n, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """The lower and upper end for k of n, arrays of one shape in [0, 1]; NaN where n = 0.

    As `scipy.stats.binomtest(k, n).proportion_ci(level, "exact")`. Raises ValueError unless 0 <= k <= n.
    """
    k, n = np.broadcast_arrays(np.asarray(k, dtype=np.int64), np.asarray(n, dtype=np.int64))
    if ((k < 0) | (k > n)).any():
        raise ValueError("k must lie from 0 to n")
    tail = (1 - level) / 2
    low, below_high = _lower(np.stack([k, n - k]), np.stack([n, n]), tail)
    return np.where(n == 0, np.nan, low), np.where(n == 0, np.nan, 1 - below_high)


def lower_limit(k, n, level: float = LEVEL) -> np.ndarray:
    """The one-sided lower limit for k of n: the share is at least that large with `level` confidence; NaN where n = 0.

    As `scipy.stats.binomtest(k, n, alternative="greater").proportion_ci(level, "exact").low`: 13 of 13 give 0.794.
    Raises ValueError unless 0 <= k <= n.
    """
    k, n = np.broadcast_arrays(np.asarray(k, dtype=np.int64), np.asarray(n, dtype=np.int64))
    if ((k < 0) | (k > n)).any():
        raise ValueError("k must lie from 0 to n")
    return np.where(n == 0, np.nan, _lower(k, n, 1 - level))


def reaches_at_rate(rate, n, share: float, level: float = LEVEL) -> np.ndarray:
    """Whether the lower limit for a rate of n cases, above the share, is at least the share; as bool of n's shape.

    It is where as many hits have, at the share, a probability of at most 1 - level. rate * n, at least 1, need not be
    a whole number.
    """
    hits, n = np.broadcast_arrays(rate * np.asarray(n, dtype=np.float64), np.asarray(n, dtype=np.float64))
    a, b, log_x = hits.ravel(), (n - hits).ravel() + 1, np.full(n.size, np.log(share))
    return (_log_below(a, b, log_x, _log_beta(a, b))[0] <= np.log(1 - level)).reshape(n.shape)


def _lower(k, n, tail) -> np.ndarray:
    """The p at which k or more of n have probability `tail`: the quantile of Beta(k, n - k + 1); 0 where k = 0."""
    pairs, back = np.unique(np.stack([k.ravel(), n.ravel()]), axis=1, return_inverse=True)
    ends = np.zeros(pairs.shape[1])
    some = pairs[0] > 0
    successes, cases = pairs[:, some].astype(np.float64)
    ends[some] = _beta_quantile(successes, cases + 1 - successes, tail)
    return ends[back].reshape(k.shape)


def _beta_quantile(a, b, tail) -> np.ndarray:
    """The lower `tail` quantile of Beta(a, b), both at least 1.

    Newton's method for log I_x(a, b) as a function of log x. That is concave, since the density of log x is
    log-concave, so from the second step on every step comes closer from below.
    """
    log_beta = _log_beta(a, b)
    relative_deviation = np.sqrt(b / (a * (a + b + 1)))
    log_x = np.log(_near_quantile(a, b, tail))
    active = np.arange(len(a))
    for _ in range(MOST_STEPS):
        if not len(active):
            break
        log_below, slope = _log_below(a[active], b[active], log_x[active], log_beta[active])
        step = (log_below - np.log(tail)) / slope
        log_x[active] -= step
        # In standard deviations the next step is of the order of the square of this one.
        active = active[np.abs(step) > 1e-6 * relative_deviation[active]]
    return np.exp(log_x)


def _log_beta(a, b) -> np.ndarray:
    return np.array([lgamma(x) + lgamma(y) - lgamma(x + y) for x, y in zip(a, b, strict=True)])


def _log_below(a, b, log_x, log_beta) -> tuple[np.ndarray, np.ndarray]:
    """log I_x(a, b) and its derivative by log x, for x up to the mean of Beta(a, b)."""
    rest = -np.expm1(log_x)
    fraction = _continued_fraction(a, b, np.exp(log_x))
    log_below = a * log_x + b * np.log(rest) - np.log(a) - log_beta + np.log(fraction)
    return log_below, a / (rest * fraction)


def _near_quantile(a, b, tail) -> np.ndarray:
    """A start close by: the lower end of Wilson's interval with continuity correction, of a in a + b - 1 cases."""
    z, n, p = NormalDist().inv_cdf(1 - tail), a + b - 1, a / (a + b - 1)
    root = np.sqrt(np.maximum(z**2 - 2 - 1 / n + 4 * p * (n * (1 - p) + 1), 0))
    return np.maximum((2 * a + z**2 - 1 - z * root) / (2 * (n + z**2)), p / 100)


def _continued_fraction(a, b, x) -> np.ndarray:
    """The continued fraction of the incomplete beta function for x up to the mean, where it converges fast.

    I_x(a, b) = x^a (1 - x)^b / (a B(a, b)) times this; by Lentz's method (Numerical Recipes, 6.4).
    """
    tiny = 1e-300
    c, d = np.ones_like(x), 1 / _not_zero(1 - (a + b) * x / (a + 1), tiny)
    value = d.copy()
    result, active = value.copy(), np.arange(len(x))
    for m in range(1, MOST_TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _not_zero(1 + numerator * d, tiny)
            c = _not_zero(1 + numerator / c, tiny)
            factor = c * d
            value = value * factor
        result[active] = value
        unfinished = np.abs(factor - 1) > PRECISION
        if not unfinished.any():
            break
        if not unfinished.all():
            active, a, b, x, c, d, value = (each[unfinished] for each in (active, a, b, x, c, d, value))
    return result


def _not_zero(value, tiny):
    return np.where(np.abs(value) < tiny, tiny, value)
