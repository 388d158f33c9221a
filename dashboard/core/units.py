"""What is independent of what: the unit of each sample (a patient, an artist), as a code.

Folds and resamples are over units, never over cells and never over parts of a unit. Knows nothing of scores.
"""

import numpy as np


def unit_codes(values, n_samples: int) -> np.ndarray:
    """The unit of each sample, int64 (n_samples,), from 0 to n_units - 1.

    values: (n_samples,) of a column that names the unit; None: each sample is its own unit. A sample whose unit is
    missing (None, NaN or an empty text) is a unit of its own.
    """
    if values is None:
        return np.arange(n_samples, dtype=np.int64)
    values = np.asarray(values)
    if values.shape != (n_samples,):
        raise ValueError(f"units must have shape ({n_samples},), got {values.shape}")
    missing = _missing(values)
    named = values[~missing]
    names, codes = np.unique(named.astype(str) if named.dtype == object else named, return_inverse=True)
    units = np.empty(n_samples, dtype=np.int64)
    units[~missing] = codes
    units[missing] = len(names) + np.arange(np.count_nonzero(missing))
    return units


def compact_units(units, n_samples: int) -> np.ndarray:
    """The codes as int64 from 0 without a gap, in their order; raises ValueError unless each sample has one."""
    units = np.asarray(units)
    if units.shape != (n_samples,) or units.dtype.kind not in "iu":
        raise ValueError(f"units must be whole numbers of shape ({n_samples},), got {units.dtype} {units.shape}")
    return np.unique(units, return_inverse=True)[1].astype(np.int64, copy=False)


def n_units(units) -> int:
    """How many units codes without a gap name."""
    return int(units.max()) + 1 if len(units) else 0


def _missing(values) -> np.ndarray:
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind in "US":
        return values == values.dtype.type()
    if values.dtype.kind == "O":
        return np.array([value is None or value == "" or value != value for value in values.tolist()], dtype=bool)
    return np.zeros(values.shape, dtype=bool)
