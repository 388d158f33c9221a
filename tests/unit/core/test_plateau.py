"""The thresholds around the best that are nearly as good, against trying every threshold."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores
from dashboard.core.metrics import f_beta
from dashboard.core.plateau import plateau

from ...reference.problems import random_predictions


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("within", [0.0, 0.01, 0.2])
def test_plateau_is_as_wide_as_it_can_be(seed, within):
    p = random_predictions(seed)
    r = RankedScores.from_predictions(p)
    found = plateau(r, within)
    best = r.best_f_beta()
    for c in range(p.n_classes):
        if np.isnan(best.value[c]):
            assert np.isnan([found.low[c], found.high[c], found.best[c]]).all()
            continue

        def good(threshold, c=c):
            counts = r.counts_at_scores(np.full(p.n_classes, threshold, p.scores.dtype)[None])
            return f_beta(counts)[0, c] >= (1 - within) * best.value[c]

        known = r.known(c)
        inside = known[(known >= found.low[c]) & (known <= found.high[c])]
        assert found.low[c] <= best.score_thresholds[c] <= found.high[c]
        assert all(good(threshold) for threshold in [found.low[c], found.high[c], *inside])
        if found.low[c] > np.finfo(found.low.dtype).min:
            assert not good(np.nextafter(found.low[c], -np.inf))
        if np.isfinite(found.high[c]):
            assert found.high[c] == known[-1] or not good(np.nextafter(found.high[c], np.inf))


def test_plateau_of_a_known_case():
    p = Predictions([[3.0], [2.0], [1.0], [0.0], [-1.0]], [[1], [1], [0], [1], [0]])
    found = plateau(RankedScores.from_predictions(p), 0.1)
    # F1 at 3, 2, 1, 0, -1: 0.5, 0.8, 2/3, 6/7, 0.75. The best reaches down to just above -1, and up to 0.
    assert found.best[0] == 6 / 7
    assert (found.low[0], found.high[0]) == (np.nextafter(-1.0, np.inf), 0.0)
    wider = plateau(RankedScores.from_predictions(p), 0.25)
    assert (wider.low[0], wider.high[0]) == (-np.inf, 2.0)


def test_plateau_says_what_within_must_be():
    with pytest.raises(ValueError, match=r"within must lie in \[0, 1\), got 1"):
        plateau(RankedScores.from_predictions(random_predictions(0)), 1)
