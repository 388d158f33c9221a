"""Budgets of flagged samples: never exceeded, never worse than one threshold, and near the best of all thresholds."""

from itertools import product

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.policies import flagged_search
from dashboard.core.policies.policy import BEST_FOUND, LOCKED, OPTIMUM, UNREACHABLE
from tests.reference.problems import random_predictions
from tests.reference.small_problems import small_problem

BUDGETS = (0.0, 100.0, 250.0, 333.3, 500.0, 800.0, 1000.0)


def best_true_positives(p, n_most):
    """Over all thresholds per class, one by one."""
    columns = [sorted({*p.scores[:, c].tolist(), np.inf}) for c in range(p.n_classes)]
    found = -1
    for thresholds in product(*columns):
        predicted = p.scores >= np.array(thresholds, dtype=p.scores.dtype)
        if predicted.any(axis=1).sum() <= n_most:
            found = max(found, int((predicted & (p.labels == 1)).sum()))
    return found


def tp_of(ts, p):
    return int((ts.predict(p) & (p.labels == 1)).sum())


@pytest.mark.parametrize("seed", range(150))
def test_search_keeps_to_the_budget_and_is_no_worse_than_one_threshold(seed):
    p, budget = (small_problem, random_predictions)[seed % 2](seed), BUDGETS[seed % len(BUDGETS)]
    r = RankedScores.from_predictions(p)
    one, searched = (policies.flagged_budget(r, budget, thresholds) for thresholds in ("one", "per class"))
    certificate = searched.details["certificate"]
    if UNREACHABLE in one.details["states"]:
        return
    assert searched.predict(p).any(axis=1).sum() == certificate["flagged"] <= certificate["most"]
    assert certificate["most"] == int(budget * p.n_samples / 1000 + 1e-9)
    assert tp_of(searched, p) >= tp_of(one, p)
    if p.support.sum():
        assert searched.details["value"] == tp_of(searched, p) / p.support.sum() <= certificate["bound"]
        exact = searched.details["value"] == certificate["bound"]
        assert certificate["kind"] == ("exact" if exact else "heuristic")
        assert set(searched.details["states"]) == {OPTIMUM if exact else BEST_FOUND}


def test_search_is_near_the_best_of_all_thresholds():
    """The share of small problems solved to the optimum, and no true positive more than there can be."""
    solved, gaps = 0, []
    seeds = [seed for seed in range(400) if small_problem(seed).n_classes <= 3][:150]
    for seed in seeds:
        p, budget = small_problem(seed), BUDGETS[1 + seed % 5]
        ts = policies.flagged_budget(RankedScores.from_predictions(p), budget, "per class")
        best = best_true_positives(p, ts.details["certificate"]["most"])
        if best < 0:
            continue
        assert tp_of(ts, p) <= best
        solved += tp_of(ts, p) == best
        gaps.append(best - tp_of(ts, p))
    assert solved >= 0.9 * len(gaps)


def test_search_on_data_too_large_to_try_every_sample(monkeypatch):
    monkeypatch.setattr(flagged_search, "CELLS_TRIED", 2_000)
    monkeypatch.setattr(flagged_search, "CELLS_TO_SPEND_ON", 1_000)
    rng = np.random.default_rng(5)
    labels = (rng.random((6_000, 8)) < rng.beta(1, 8, 8)).astype(np.int8)
    scores = (rng.normal(size=labels.shape) + 1.5 * labels + rng.normal(0, 2, 8)).astype(np.float32)
    p = Predictions(scores, labels)
    r = RankedScores.from_predictions(p)
    one, searched = (policies.flagged_budget(r, 150.0, thresholds) for thresholds in ("one", "per class"))
    assert searched.predict(p).any(axis=1).sum() <= 900
    assert searched.details["value"] > 1.3 * one.details["value"]  # scales that differ: one threshold wastes much


@pytest.mark.parametrize("thresholds", ["one", "per class"])
@pytest.mark.parametrize("scores", [[[-np.inf], [-np.inf]], [[-np.inf], [2.0]], [[0.0, -np.inf], [-np.inf, -np.inf]]])
def test_a_score_of_minus_infinity_is_flagged_by_no_threshold_but_always(scores, thresholds):
    p = Predictions(np.array(scores, dtype=np.float32), np.ones((2, len(scores[0])), dtype=np.int8), "logits")
    ts = policies.flagged_budget(RankedScores.from_predictions(p), 500.0, thresholds)
    assert ts.predict(p).any(axis=1).sum() <= 1 == ts.details["certificate"]["most"]
    assert tp_of(ts, p) == best_true_positives(p, 1)
    everything = policies.flagged_budget(RankedScores.from_predictions(p), 1000.0, thresholds)
    assert everything.predict(p).all()


def test_a_budget_without_samples_predicts_nothing():
    p = Predictions(np.empty((0, 2), dtype=np.float32), np.empty((0, 2), dtype=np.int8), "logits")
    ts = policies.flagged_budget(RankedScores.from_predictions(p), 500.0, "per class")
    assert np.isposinf(ts.score_thresholds).all() or ts.predict(p).size == 0


@pytest.mark.parametrize("thresholds", ["one", "per class"])
@pytest.mark.parametrize("seed", range(40))
def test_locked_classes_stay_and_what_they_flag_counts(seed, thresholds):
    p = random_predictions(seed)
    c, budget = seed % p.n_classes, BUDGETS[1 + seed % 5]
    locked = {c: float(np.median(p.scores[:, c]))}
    policy = policies.make_policy("flagged_budget", per_thousand=budget, thresholds=thresholds)
    ts = policy.tune(RankedScores.from_predictions(p), locked)
    assert ts.score_thresholds[c] == p.scores.dtype.type(locked[c]) and ts.details["states"][c] == LOCKED
    flagged, most = ts.predict(p).any(axis=1).sum(), ts.details["certificate"]["most"]
    by_locked = (p.scores[:, c] >= locked[c]).sum()
    never = ts.score_thresholds[np.arange(p.n_classes) != c]
    assert flagged <= most or np.isposinf(never).all()
    if thresholds == "one" and by_locked <= most and p.n_classes > 1 and not np.isinf(p.scores).any():
        others = np.arange(p.n_classes) != c
        cuts = [*np.unique(p.scores[:, others]), np.inf]
        allowed = [
            t for t in cuts if ((p.scores[:, others] >= t).any(axis=1) | (p.scores[:, c] >= locked[c])).sum() <= most
        ]
        found = [int(((p.scores[:, others] >= t) & (p.labels[:, others] == 1)).sum()) for t in allowed]
        assert int((ts.predict(p) & (p.labels == 1))[:, others].sum()) == max(found)
