"""Precision, recall, F1 and false positive rate of single classes, with exact intervals where they are shares of cases.

Undefined rates are NaN. Knows nothing of who decided.
"""

import numpy as np

from dashboard.core import metrics
from dashboard.core.counts import Counts
from dashboard.core.intervals import binomial_interval

RATES = ("precision", "recall", "F1", "false positive rate")
# rate -> the counts it is a share of: that many of these
SHARES = {
    "precision": ("tp", ("tp", "fp")),
    "recall": ("tp", ("tp", "fn")),
    "false positive rate": ("fp", ("fp", "tn")),
}


def rates_with_intervals(c: Counts) -> dict[str, np.ndarray]:
    """RATES of each of the counts in row-major order, (n,) each, and columns "recall low", "recall high" and so on.

    The intervals are the exact binomial 95 % ones. F1 is no share of cases and has none.
    """
    counts = Counts(*(getattr(c, name).reshape(-1, 1) for name in ("tp", "fp", "fn", "tn")))
    shares = {name: share_of(counts, name) for name in SHARES}
    k, n = (np.hstack(parts) for parts in zip(*shares.values(), strict=True))
    values = np.divide(k, n, out=np.full(k.shape, np.nan), where=n > 0)
    low, high = binomial_interval(k, n)  # all at once: a call costs more than what is in it
    columns = {"F1": metrics.f_beta(counts, zero_division=np.nan)[:, 0]}
    for column, name in enumerate(shares):
        columns[name] = values[:, column]
        columns[f"{name} low"], columns[f"{name} high"] = low[:, column], high[:, column]
    return {name: columns[name] for rate in RATES for name in (rate, f"{rate} low", f"{rate} high") if name in columns}


def share_of(counts, rate: str) -> tuple:
    """k and n of a rate in SHARES, of Counts or of anything with tp, fp, fn and tn."""
    k, (first, second) = SHARES[rate]
    return getattr(counts, k), getattr(counts, first) + getattr(counts, second)
