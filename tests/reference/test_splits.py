"""Dealing out whole columns at once gives what the algorithm of Sechidis et al. gives sample by sample."""

import numpy as np
import pytest

from dashboard.training.splits import deal_out


def dealt_one_by_one(indicators, shares):
    """Algorithm 1 as printed, ties by the emptier part, then the first; samples in the order given."""
    n_samples = indicators.shape[1]
    parts = [None] * n_samples
    room = [share * n_samples for share in shares]
    wanted = [[share * row.sum() for row in indicators] for share in shares]
    left = [i for i in range(n_samples) if indicators[:, i].any()]
    while left:
        counts = indicators[:, left].sum(axis=1)
        rarest = min((i for i in range(len(counts)) if counts[i]), key=lambda i: counts[i])
        for sample in [i for i in left if indicators[rarest, i]]:
            part = max(
                range(len(shares)), key=lambda part: (round(wanted[part][rarest], 9), round(room[part], 9), -part)
            )
            parts[sample] = part
            room[part] -= 1
            for indicator in np.flatnonzero(indicators[:, sample]):
                wanted[part][indicator] -= 1
            left.remove(sample)
    for sample in range(n_samples):
        if parts[sample] is None:
            parts[sample] = max(range(len(shares)), key=lambda part: (round(room[part], 9), -part))
            room[parts[sample]] -= 1
    return parts


@pytest.mark.parametrize("seed", range(30))
def test_dealing_out_equals_the_algorithm_sample_by_sample(seed):
    rng = np.random.default_rng(seed)
    shape = (rng.integers(1, 8), rng.integers(1, 90))
    indicators = rng.random(shape) < rng.uniform(0.02, 0.7, size=(shape[0], 1))
    shares = rng.dirichlet([3, 2, 1])
    assert deal_out(indicators, shares).tolist() == dealt_one_by_one(indicators, shares)
