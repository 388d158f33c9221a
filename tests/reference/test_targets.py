"""Classes with targets beside the policies of those targets alone, and the rest optimised given them."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, metrics, policies
from dashboard.core.policies.policy import LOCKED, UNREACHABLE
from dashboard.core.policies.targets import Target, TargetedPolicy
from dashboard.core.resampling import cross_fit, stratified_folds


def _ranked(seed, n_classes=4):
    rng = np.random.default_rng(seed)
    labels = (rng.random((80, n_classes)) < 0.3).astype(np.int8)
    labels[rng.random(labels.shape) < 0.1] = -1
    return RankedScores.from_predictions(Predictions((rng.normal(size=labels.shape) + labels).round(1), labels))


@pytest.mark.parametrize("seed", range(10))
def test_each_class_has_the_threshold_of_its_target(seed):
    r = _ranked(seed)
    targets = {0: Target(recall_floor=0.8), 1: Target(miss_cost=3), 2: Target(0.4, 0.5)}
    found = TargetedPolicy.of(policies.make_policy("best_per_class"), targets).tune(r)
    expected = [
        policies.recall_floor(r, 0.8).score_thresholds[0],
        policies.minimum_cost(r, 3).score_thresholds[1],
        policies.both_floors(r, 0.4, 0.5).score_thresholds[2],
        policies.best_per_class(r).score_thresholds[3],
    ]
    assert found.score_thresholds.tolist() == expected


@pytest.mark.parametrize("seed", range(10))
def test_the_rest_is_optimised_given_the_targets(seed):
    r = _ranked(seed)
    targeted = TargetedPolicy.of(policies.make_policy("best_micro_f_beta"), {0: Target(recall_floor=1.0)})
    found = targeted.tune(r, {1: 0.0})
    value = metrics.f_beta(r.counts(found), average="micro")[0]
    assert found.score_thresholds[1] == 0.0
    assert found.details["states"][1] == LOCKED
    for c in (2, 3):
        for score in [*r.known(c), np.inf]:
            other = np.array(found.score_thresholds)
            other[c] = score
            assert metrics.f_beta(r.counts_at_scores(other[None, :]), average="micro")[0] <= value + 1e-15


def test_an_unreachable_target_says_so():
    r = RankedScores.from_predictions(Predictions([[2.0, 0.0], [1.0, 1.0]], [[0, 0], [1, 1]]))
    found = TargetedPolicy.of(policies.make_policy("best_per_class"), {0: Target(precision_floor=0.9)}).tune(r)
    assert found.details["states"][0] == UNREACHABLE
    assert found.details["targets"][0]["best reachable precision"] == 0.5


def test_targets_are_cross_fitted_like_any_policy():
    r = _ranked(1)
    p = r.predictions
    targeted = TargetedPolicy.of(policies.make_policy("best_per_class"), {0: Target(recall_floor=0.8)})
    folds = stratified_folds(p, np.arange(p.n_samples), 4)
    found = cross_fit(p, targeted, folds)
    assert found.score_thresholds.shape == (4, 4)
    assert targeted.title.endswith("1 class by its targets")


def test_changed_brings_values_into_their_range():
    assert Target().changed(recall_floor=7, miss_cost=-1) == Target(recall_floor=1.0, miss_cost=0.0)
    assert Target(0.5).changed(precision_floor=None) == Target()
