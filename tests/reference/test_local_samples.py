"""Local optima of samples averages: no single class can improve, and hardly ever all together."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, policies
from dashboard.core.policies.policy import LOCKED
from dashboard.core.sample_metrics import sample_metrics
from tests.reference.combinations import random_locks
from tests.reference.small_problems import small_problem

METRICS = ("f1", "jaccard", "subset_accuracy")


def value_at(p, thresholds, metric):
    return float(getattr(sample_metrics(p, ThresholdSet.from_scores(p, thresholds)), metric)[0])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("seed", range(60))
def test_no_single_class_can_improve(seed, metric):
    p = small_problem(seed)
    locked = random_locks(p, seed) if seed % 2 else {}
    r = RankedScores.from_predictions(p)
    ts = policies.make_policy("local_samples", metric=metric).tune(r, locked)
    value = value_at(p, ts.score_thresholds, metric)
    np.testing.assert_allclose(ts.details["value"], value, rtol=0, atol=1e-12)
    assert all(ts.score_thresholds[c] == p.scores.dtype.type(t) for c, t in locked.items())
    assert all((ts.details["states"][c] == LOCKED) == (c in locked) for c in range(p.n_classes))
    for c in set(range(p.n_classes)) - set(locked):
        for threshold in {*p.scores[p.labels[:, c] >= 0, c].tolist(), np.inf}:
            other = ts.score_thresholds.copy()
            other[c] = threshold
            assert not value_at(p, other, metric) > value + 1e-9


@pytest.mark.parametrize("metric", METRICS)
def test_at_least_every_start(metric):
    rng = np.random.default_rng(0)
    labels = (rng.random((400, 6)) < np.geomspace(0.05, 0.5, 6)).astype(np.int8)
    p = Predictions(rng.normal(size=labels.shape) + labels, labels)
    r = RankedScores.from_predictions(p)
    ts = policies.local_samples(r, metric)
    assert ts.details["certificate"]["kind"] == "local"
    for start in (
        policies.best_global(r, metric, "samples"),
        policies.best_per_class(r),
        policies.best_micro_f_beta(r),
    ):
        assert ts.details["value"] >= value_at(p, start.score_thresholds, metric) - 1e-12


def test_scores_of_infinity_are_predicted_by_every_threshold():
    p = Predictions(np.array([[np.inf], [np.inf], [1.0]]), [[0], [0], [1]])
    ts = policies.local_samples(RankedScores.from_predictions(p), "subset_accuracy")
    assert ts.details["value"] == pytest.approx(1 / 3)
    assert ts.details["kept"].tolist() == [1.0]
