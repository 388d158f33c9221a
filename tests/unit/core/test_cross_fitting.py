"""Every sample is decided by a rule that has not seen its fold, and counts are pooled."""

import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, policies
from dashboard.core.cross_fitting import cross_fit
from dashboard.core.folds import stratified_folds
from dashboard.core.metrics import f_beta
from dashboard.core.units import unit_codes


@pytest.fixture
def predictions():
    rng = np.random.default_rng(5)
    labels = (rng.random((120, 3)) < [0.4, 0.2, 0.1]).astype(np.int8)
    labels[rng.random(labels.shape) < 0.05] = -1
    return Predictions(rng.normal(size=labels.shape) + labels, labels)


PER_CLASS = policies.make_policy("best_per_class")


def test_cross_fit_decides_each_fold_by_the_others(predictions):
    folds = stratified_folds(predictions, unit_codes(None, 120))
    found = cross_fit(predictions, PER_CLASS, folds)
    for fold in range(5):
        rule = PER_CLASS.tune(RankedScores.from_predictions(predictions.take(folds != fold)))
        assert np.array_equal(found.rules[fold].score_thresholds, rule.score_thresholds)
        assert np.array_equal(found.predicted[folds == fold], rule.predict(predictions.take(folds == fold)))
    assert np.array_equal(found.score_thresholds, [rule.score_thresholds for rule in found.rules])


def test_cross_fit_pools_counts_over_folds(predictions):
    folds = stratified_folds(predictions, unit_codes(None, 120))
    found = cross_fit(predictions, PER_CLASS, folds)
    by_fold = [
        Counts.from_predicted(predictions.take(folds == fold), found.predicted[folds == fold]) for fold in range(5)
    ]
    assert np.array_equal(found.counts.tp, sum(counts.tp for counts in by_fold))
    pooled = float(f_beta(found.counts, average="micro")[0])
    assert found.headline.micro_f1 == pooled
    assert pooled != pytest.approx(np.mean([f_beta(counts, average="micro")[0] for counts in by_fold]), abs=1e-6)


def test_cross_fit_keeps_locked_classes_in_every_fold(predictions):
    found = cross_fit(predictions, PER_CLASS, np.arange(120) % 4, locked={1: 0.25})
    assert found.score_thresholds[:, 1].tolist() == [0.25] * 4


def test_cross_fit_with_one_fold_is_tuned_on_nothing(predictions):
    found = cross_fit(predictions, PER_CLASS, np.zeros(120, dtype=np.int8))
    assert not found.predicted.any()


def test_cross_fit_of_a_policy_without_labels_is_the_policy(predictions):
    found = cross_fit(predictions, policies.make_policy("fixed"), np.arange(120) % 4)
    assert np.array_equal(found.predicted, predictions.scores >= 0)


def test_cross_fit_tells_how_far_it_is(predictions):
    heard = []
    cross_fit(predictions, PER_CLASS, np.arange(120) % 4, progress=heard.append)
    assert heard == [0.25, 0.5, 0.75, 1.0]


def test_cross_fit_needs_a_fold_for_each_sample(predictions):
    with pytest.raises(ValueError, match=r"folds must have shape \(120,\)"):
        cross_fit(predictions, PER_CLASS, np.zeros(3, dtype=np.int8))
