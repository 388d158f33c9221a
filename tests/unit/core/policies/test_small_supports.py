"""Classes of few positives: drawn towards the pooled threshold, or not tuned."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, interval_search, metrics, policies
from dashboard.core.policies.policy import NO_POSITIVES, OPTIMUM, SHRUNKEN, TOO_FEW
from dashboard.core.policies.small_supports import shrunken
from dashboard.core.scale import logit


def ranked(seed=0, kind="logits"):
    """Classes of about 60, 15, 3 and 0 positives among 300."""
    rng = np.random.default_rng(seed)
    labels = (rng.random((300, 4)) < [0.2, 0.05, 0.01, 0.0]).astype(np.int8)
    labels[:3, 2] = 1
    scores = rng.normal(size=labels.shape) + 2 * labels + [0, 1, 2, 0]
    scores = 1 / (1 + np.exp(-scores)) if kind == "probabilities" else scores
    return RankedScores.from_predictions(Predictions(scores, labels, kind))


def set_of(values, kind="logits"):
    p = Predictions(np.zeros((1, len(values))), np.zeros((1, len(values)), dtype=np.int8), kind)
    return ThresholdSet.from_scores(p, values)


def test_shrunken_is_the_mean_on_the_logit_scale_weighted_by_support():
    own, pooled = set_of([2.0, 2.0, 2.0, 2.0]), set_of([-1.0, -1.0, -1.0, -1.0])
    found = shrunken(own, pooled, np.array([0, 10, 30, 10**9]), 10.0)
    assert found[:3] == pytest.approx([-1.0, 0.5, 1.25], abs=1e-12)
    assert found[3] == pytest.approx(2.0, abs=1e-6)


def test_shrunken_probabilities_are_averaged_as_logits():
    found = shrunken(set_of([0.9], "probabilities"), set_of([0.5], "probabilities"), np.array([5]), 5.0)
    assert logit(found) == pytest.approx(logit(0.9) / 2)


def test_strength_0_leaves_every_threshold_as_it_is():
    own = set_of([0.1, np.inf, -np.inf])
    assert (shrunken(own, set_of([1.0, 1.0, 1.0]), np.array([0, 3, 4]), 0.0) == own.score_thresholds).all()


def test_the_heavier_stands_where_one_is_infinite():
    own, pooled = set_of([np.inf, np.inf, 0.5]), set_of([1.0, 1.0, -np.inf])
    assert shrunken(own, pooled, np.array([9, 10, 3]), 10.0).tolist() == [1.0, np.inf, -np.inf]


@pytest.mark.parametrize("kind", ["logits", "probabilities"])
def test_best_per_class_shrinks_and_says_so(kind):
    r = ranked(kind=kind)
    plain, ts = policies.best_per_class(r), policies.best_per_class(r, min_positives=3, shrink=10.0)
    pooled = policies.best_global(r).score_thresholds
    own = plain.score_thresholds
    assert ts.details["states"][2:] == (SHRUNKEN, TOO_FEW)
    assert ts.score_thresholds[3] == pooled[3] and plain.details["states"][3] == NO_POSITIVES
    between = (np.minimum(own, pooled) <= ts.score_thresholds) & (ts.score_thresholds <= np.maximum(own, pooled))
    assert between[:3].all()
    told = ts.details["shrinkage"]
    assert (told["own"] == own).all() and (told["pooled"] == pooled).all()
    assert told["weight"][:3] == pytest.approx(r.predictions.support[:3] / (r.predictions.support[:3] + 10))
    assert told["weight"][3] == 0
    assert ts.details["value"] == metrics.f_beta(r.counts(ts), average="macro")[0]
    assert ((ts.details["dropped"] < ts.score_thresholds) & (ts.score_thresholds <= ts.details["kept"])).all()


def test_nothing_is_shrunken_unless_asked():
    ts = policies.best_per_class(ranked())
    assert set(ts.details["states"]) == {OPTIMUM, NO_POSITIVES}
    assert "shrinkage" not in ts.details


@pytest.mark.parametrize("seed", range(10))
def test_classes_below_the_stated_number_take_the_pooled_threshold_of_least_cost(seed, monkeypatch):
    monkeypatch.setattr(interval_search, "FEWEST_PER_ROUND", 2)  # divides and bounds, as on large data
    monkeypatch.setattr(interval_search, "CELLS_PER_ROUND", 1)
    r = ranked(seed)
    ts = policies.minimum_cost(r, 3.0, min_positives=1000)
    assert set(ts.details["states"]) == {TOO_FEW}
    thresholds = np.append(np.unique(r.predictions.scores), np.inf)
    c = r.counts_at_scores(thresholds)
    costs = (c.fp + 3 * c.fn).sum(axis=1)
    assert ts.details["value"] == costs.min()
    kept = thresholds[np.flatnonzero(costs == costs.min())[-1]]
    assert len(np.unique(ts.score_thresholds)) == 1
    assert np.array_equal(ts.predict(r.predictions), r.predictions.scores >= kept)


def test_shrinking_overfits_less():
    """Twenty classes of three positives among 400: on fresh samples shrunken thresholds do better, on these worse."""
    here, fresh = [], []
    for seed in range(8):
        tuned, new = (noisy(2 * seed + i) for i in range(2))
        sets = [policies.best_per_class(tuned, shrink=strength) for strength in (0.0, 20.0)]
        here.append([metrics.f_beta(tuned.counts(ts), average="micro")[0] for ts in sets])
        fresh.append([metrics.f_beta(new.counts(ts), average="micro")[0] for ts in sets])
    assert np.diff(np.mean(fresh, axis=0))[0] > 0


def noisy(seed):
    rng = np.random.default_rng(seed)
    labels = np.zeros((400, 20), dtype=np.int8)
    labels[rng.integers(0, 400, (3, 20)), np.arange(20)] = 1
    return RankedScores.from_predictions(Predictions(rng.normal(size=labels.shape) + 1.5 * labels, labels))
