"""How often each unit is drawn in each bootstrap replicate. Knows nothing of samples, classes or metrics."""

from collections.abc import Iterator

import numpy as np

UNITS_PER_BLOCK = 4096
REPLICATES_AT_ONCE = 128  # a draw of so many stays near the processor's cache
MULTINOMIAL, POISSON = "multinomial", "poisson"


def weight_blocks(n_units: int, n_replicates: int, seed: int, kind: str = MULTINOMIAL) -> Iterator:
    """Pairs of a slice of units and float32 (n_replicates, units of the slice) whole numbers.

    multinomial: as many draws as there are units, with replacement. poisson: each unit's number is independent, of
    mean 1, so the size of a replicate varies. The same arguments give the same weights.
    """
    if kind not in (MULTINOMIAL, POISSON):
        raise ValueError(f"kind must be {MULTINOMIAL} or {POISSON}, got {kind!r}")
    rng = np.random.default_rng(seed)
    starts = np.arange(0, n_units, UNITS_PER_BLOCK)
    sizes = np.minimum(UNITS_PER_BLOCK, n_units - starts)
    totals = _totals(rng, sizes, n_units, n_replicates, kind)
    for block, (start, size) in enumerate(zip(starts.tolist(), sizes.tolist(), strict=True)):
        weights = np.empty((n_replicates, size), dtype=np.float32)
        for first in range(0, n_replicates, REPLICATES_AT_ONCE):
            rows = slice(first, first + REPLICATES_AT_ONCE)
            weights[rows] = _drawn(rng, totals[rows, block], size)
        yield slice(start, start + size), weights


def _totals(rng, sizes, n_units, n_replicates, kind):
    """(n_replicates, n_blocks): draws that fall into each block; Poisson numbers given their sum are multinomial."""
    if kind == POISSON:
        return rng.poisson(sizes, (n_replicates, len(sizes)))
    return rng.multinomial(n_units, sizes / n_units, n_replicates) if n_units else np.empty((n_replicates, 0), int)


def _drawn(rng, totals, size):
    places = rng.integers(0, size, int(totals.sum()))
    places += np.repeat(np.arange(len(totals)) * size, totals)
    return np.bincount(places, minlength=len(totals) * size).reshape(len(totals), size)
