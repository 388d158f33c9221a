"""How thresholds chosen anew scatter."""

import numpy as np

from dashboard.core import Predictions, RankedScores
from dashboard.core.stability import threshold_stability
from dashboard.core.units import unit_codes


def ranked(n_samples, seed=0):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, 2)) < [0.2, 0.01]).astype(np.int8)
    return RankedScores.from_predictions(Predictions(rng.normal(size=labels.shape) + 2 * labels, labels))


def test_threshold_stability_is_what_95_percent_of_replicates_lie_in():
    found = threshold_stability(ranked(500), unit_codes(None, 500), n_replicates=200)
    for c in range(2):
        chosen = found.score_thresholds[:, c]
        chosen = chosen[np.isfinite(chosen)]
        inside = (chosen >= found.low[c]) & (chosen <= found.high[c])
        assert 0.94 <= inside.mean() <= 0.97 or len(set(chosen)) < 40
        assert {found.low[c], found.high[c]} <= set(chosen)


def test_threshold_stability_holds_the_threshold_of_the_data():
    r = ranked(2000)
    found = threshold_stability(r, unit_codes(None, 2000))
    best = r.best_f_beta().score_thresholds
    assert (found.low <= best).all() and (best <= found.high).all()
    assert (found.high - found.low)[0] < (found.high - found.low)[1]


def test_threshold_stability_counts_every_replicate_with_a_positive():
    found = threshold_stability(ranked(300, 2), unit_codes(None, 300), n_replicates=150)
    for c in range(2):
        counts, edges = found.histogram(c)
        assert counts.sum() == np.isfinite(found.score_thresholds[:, c]).sum()
        assert (edges[0], edges[-1]) == (0, 1)


def test_threshold_stability_without_positives_is_undefined():
    p = Predictions(np.arange(4.0)[:, None], np.zeros((4, 1), np.int8))
    found = threshold_stability(RankedScores.from_predictions(p), unit_codes(None, 4), n_replicates=5)
    assert np.isnan([found.low[0], found.high[0]]).all()
    assert found.histogram(0)[0].sum() == 0


def test_threshold_stability_counts_thresholds_that_always_predict():
    """A positive scored -inf can make "always" the best threshold of a replicate."""
    scores = np.array([[-np.inf]] * 6 + [[1.0]] * 2)
    p = Predictions(scores, np.array([[1]] * 6 + [[0]] * 2, dtype=np.int8), "logits")
    found = threshold_stability(RankedScores.from_predictions(p), unit_codes(None, 8), n_replicates=40)
    assert np.isneginf(found.score_thresholds).all()
    assert (found.low[0], found.high[0]) == (-np.inf, -np.inf)
