"""Rules over whole samples against one sample after another, decided in plain Python."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, policies
from dashboard.core.policies import GroupThresholds, RowRule, TopK
from dashboard.core.scale import logit
from tests.reference.problems import random_predictions
from tests.reference.small_problems import small_problem

SEEDS = range(200)


def problem(seed):
    return small_problem(seed) if seed % 2 else random_predictions(seed)


def random_set(p, seed):
    rng = np.random.default_rng(seed)
    values = np.array([rng.choice(p.scores[:, c]) for c in range(p.n_classes)], dtype=p.scores.dtype)
    values[rng.random(p.n_classes) < 0.15] = np.inf
    values[rng.random(p.n_classes) < 0.1] = -np.inf
    return ThresholdSet.from_scores(p, values)


def order_of(ts, scores):
    """Classes of one sample, the next to be predicted first: as the docstring of RowRule tells it."""

    def key(c):
        score, threshold = float(scores[c]), float(ts.score_thresholds[c])
        if threshold == np.inf:
            return 0, score, -c
        if threshold == -np.inf:
            return 2, score, -c
        pair = np.array([score, threshold])
        if ts.score_kind == "probabilities":
            pair = logit(pair)
        with np.errstate(invalid="ignore"):
            distance = pair[0] - pair[1]
        return 1, 0.0 if np.isnan(distance) else np.clip(distance, -1e300, 1e300), -c

    return sorted(range(len(scores)), key=key, reverse=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_top_k(seed, k):
    p = problem(seed)
    predicted = TopK(k).predict(p)
    for scores, decided in zip(p.scores, predicted, strict=True):
        best = sorted(range(p.n_classes), key=lambda c: (-scores[c], c))[:k]
        assert sorted(best) == np.flatnonzero(decided).tolist()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("at_least", "at_most"), [(1, 0), (2, 0), (0, 1), (1, 2), (2, 2), (0, 0)])
def test_row_rule(seed, at_least, at_most):
    p = problem(seed)
    ts = random_set(p, seed)
    predicted = RowRule(ts, at_least, at_most).predict(p)
    for scores, decided in zip(p.scores, predicted, strict=True):
        passes = [c for c in range(p.n_classes) if scores[c] >= ts.score_thresholds[c]]
        wanted = max(len(passes), min(at_least, p.n_classes))
        wanted = min(wanted, at_most) if at_most else wanted
        order = order_of(ts, scores)
        order = [c for c in order if c in passes] + [c for c in order if c not in passes]
        assert np.flatnonzero(decided).tolist() == sorted(order[:wanted])


@pytest.mark.parametrize("seed", range(60))
def test_thresholds_of_groups(seed):
    p = problem(seed)
    sites = np.random.default_rng(seed).choice(["a", "b", "c"], p.n_samples)
    p = Predictions(p.scores, p.labels, p.score_kind, columns={"site": sites})
    pooled, own = random_set(p, seed), {"b": random_set(p, seed + 1), "elsewhere": random_set(p, seed + 2)}
    predicted = GroupThresholds("site", pooled, own).predict(p)
    for site, scores, decided in zip(sites, p.scores, predicted, strict=True):
        assert (decided == (scores >= own.get(site, pooled).score_thresholds)).all()


@pytest.mark.parametrize("seed", range(60))
def test_per_group_is_the_base_in_each_group(seed):
    p = problem(seed)
    sites = np.random.default_rng(seed).choice(["a", "b"], p.n_samples)
    p = Predictions(p.scores, p.labels, p.score_kind, columns={"site": sites})
    least = 1 + seed % 3
    rule = policies.per_group(RankedScores.from_predictions(p), "site", "minimum_cost", least)
    predicted, pooled = rule.predict(p), policies.minimum_cost(RankedScores.from_predictions(p))
    for site in "ab":
        group = p.take(sites == site)
        if not group.n_samples:
            continue
        own = policies.minimum_cost(RankedScores.from_predictions(group))
        enough = group.support >= least
        expected = np.where(enough, own.predict(group), pooled.predict(group))
        assert (predicted[sites == site] == expected).all()


def test_many_samples_are_decided_block_by_block():
    rng = np.random.default_rng(0)
    p = Predictions(np.round(rng.normal(size=(30_000, 40)), 1), np.zeros((30_000, 40), dtype=np.int8))
    rule = RowRule(ThresholdSet.from_unit(p, np.linspace(0.3, 0.97, 40)), 2, 4)
    predicted, n_predicted = rule.predict(p), rule.base.predict(p).sum(axis=1)
    assert (predicted.sum(axis=1) == n_predicted.clip(2, 4)).all()
    assert (predicted[7_000:7_100] == rule.predict(p.take(slice(7_000, 7_100)))).all()
    assert (TopK(3).predict(p).sum(axis=1) == 3).all()
