"""95 % percentile intervals of bootstrap replicates. Knows nothing of what was resampled."""

from dataclasses import dataclass

import numpy as np

COVERAGE = 0.95


@dataclass(frozen=True, eq=False)
class Interval:
    """A 95 % interval and the standard error: floats, or (n_classes,); NaN where no replicate defines the value."""

    low: np.ndarray | float
    high: np.ndarray | float
    standard_error: np.ndarray | float

    @classmethod
    def of(cls, replicates) -> "Interval":
        """The percentile interval of replicates along the first axis; NaN replicates are skipped."""
        low, high = _quantiles(replicates, ((1 - COVERAGE) / 2, (1 + COVERAGE) / 2))
        return cls(low, high, _standard_error(replicates))


def mean_defined(values):
    """The mean along the first axis, NaN skipped; NaN where all are."""
    defined = ~np.isnan(values)
    n = defined.sum(axis=0)
    summed = np.where(defined, values, 0.0).sum(axis=0)
    return np.divide(summed, n, out=np.full(np.shape(n), np.nan), where=n > 0)[()]


def _quantiles(values, at):
    """Along the first axis, NaN skipped; NaN where all are."""
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=0)  # NaN goes last
    last = np.maximum((~np.isnan(ordered)).sum(axis=0) - 1, 0)
    if not len(ordered):
        return [np.full(ordered.shape[1:], np.nan)[()] for _ in at]
    return [_interpolated(ordered, last * share) for share in at]


def _interpolated(ordered, position):
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, np.ceil(position).astype(np.int64))
    low, high = (np.take_along_axis(ordered, index[None], axis=0)[0] for index in (below, above))
    return (low + (high - low) * (position - below))[()]


def _standard_error(values):
    squares = np.where(np.isnan(values), 0.0, values - mean_defined(values)) ** 2
    n = (~np.isnan(values)).sum(axis=0)
    return np.where(n > 1, np.sqrt(squares.sum(axis=0) / np.maximum(n - 1, 1)), np.nan)[()]
