"""Figures tuned here, cross-fitted and held out, and the intervals beside them."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, policies
from dashboard.core.bootstrap import METRICS
from dashboard.core.cross_fitting import cross_fit
from dashboard.core.expectation import expected, held_out, objective_of
from dashboard.core.folds import stratified_folds
from dashboard.core.headline import headline_at
from dashboard.core.retuning import GLOBAL, JOINT, PER_CLASS
from dashboard.core.units import unit_codes

PER_CLASS_POLICY = policies.make_policy("best_per_class")


def problem(seed=0, n_samples=300, separation=1.0):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, 5)) < [0.3, 0.1, 0.05, 0.02, 0.0]).astype(np.int8)
    return Predictions(rng.normal(size=labels.shape) + separation * labels, labels)


@pytest.fixture(scope="module")
def result():
    p = problem()
    return p, expected(RankedScores.from_predictions(p), PER_CLASS_POLICY, unit_codes(None, 300), n_replicates=200)


def test_expected_has_both_figures_of_every_metric(result):
    p, found = result
    r = RankedScores.from_predictions(p)
    tuned = headline_at(r, PER_CLASS_POLICY.tune(r), rowwise=True)
    crossed = cross_fit(p, PER_CLASS_POLICY, stratified_folds(p, unit_codes(None, 300))).headline
    assert set(found.figures) == set(METRICS)
    for metric in vars(tuned):
        assert found.figures[metric].tuned_here == pytest.approx(getattr(tuned, metric), abs=1e-12)
        assert found.figures[metric].cross_fitted == pytest.approx(getattr(crossed, metric), abs=1e-12)
    assert found.figures["micro_f1"].optimism > 0
    assert (found.n_units, found.n_folds, found.n_replicates) == (300, 5, 200)
    assert found.fold_thresholds.shape == (5, 5)


def test_expected_interval_lies_around_the_cross_fitted_figure(result):
    _, found = result
    for metric, figure in found.figures.items():
        around = (figure.interval.low <= figure.cross_fitted) & (figure.cross_fitted <= figure.interval.high)
        assert np.all(around | np.isnan(figure.cross_fitted)), metric


def test_expected_of_untuned_thresholds_is_the_plain_interval():
    p = problem()
    r, units = RankedScores.from_predictions(p), unit_codes(None, 300)
    policy = policies.make_policy("fixed")
    found = expected(r, policy, units, n_replicates=200)
    plain = held_out(p, policy.tune(r), units, n_replicates=200)
    for metric, figure in found.figures.items():
        np.testing.assert_allclose(figure.optimism, 0 * figure.tuned_here, atol=1e-12)
        np.testing.assert_allclose(figure.interval.low, plain.intervals[metric].low, atol=1e-12, err_msg=metric)
        np.testing.assert_allclose(figure.interval.high, plain.intervals[metric].high, atol=1e-12, err_msg=metric)


def test_expected_keeps_locked_classes():
    p = problem()
    r = RankedScores.from_predictions(p)
    found = expected(r, PER_CLASS_POLICY, unit_codes(None, 300), n_replicates=20, locked={0: 0.5})
    assert found.rule.score_thresholds[0] == 0.5
    assert found.fold_thresholds[:, 0].tolist() == [0.5] * 5


def test_expected_tells_how_far_it_is():
    heard = []
    expected(
        RankedScores.from_predictions(problem()),
        PER_CLASS_POLICY,
        unit_codes(None, 300),
        n_replicates=40,
        progress=heard.append,
    )
    assert heard == sorted(heard) and heard[-1] == 1.0


def test_held_out_judges_another_sample():
    p, other = problem(3), problem(4)
    rule = PER_CLASS_POLICY.tune(RankedScores.from_predictions(p))
    found = held_out(other, rule, unit_codes(None, 300), n_replicates=100)
    r = RankedScores.from_predictions(other)
    assert found.values["micro_f1"] == pytest.approx(headline_at(r, rule, rowwise=True).micro_f1, abs=1e-12)
    assert found.intervals["micro_f1"].low < found.values["micro_f1"] < found.intervals["micro_f1"].high


def test_held_out_computes_what_is_wanted():
    p = problem(3)
    rule, units = PER_CLASS_POLICY.tune(RankedScores.from_predictions(p)), unit_codes(None, 300)
    some, every = held_out(p, rule, units, 20, of=["micro_f1"]), held_out(p, rule, units, 20)
    assert list(some.values) == list(some.intervals) == ["micro_f1"]
    assert some.intervals["micro_f1"].low == every.intervals["micro_f1"].low


@pytest.mark.parametrize("n_samples", [0, 1, 2])
def test_expected_of_next_to_nothing(n_samples):
    p = problem(n_samples=n_samples)
    found = expected(RankedScores.from_predictions(p), PER_CLASS_POLICY, unit_codes(None, n_samples), n_replicates=5)
    assert found.n_units == n_samples
    assert found.n_folds == n_samples
    if n_samples < 2:
        assert np.isnan(found.figures["micro_f1"].interval.low)


def test_objective_of_names_the_pass_that_chooses_alike():
    assert objective_of(PER_CLASS_POLICY) == (PER_CLASS, 1.0)
    assert objective_of(policies.make_policy("best_per_class", metric="f_beta", beta=2.0)) == (PER_CLASS, 2.0)
    assert objective_of(policies.make_policy("best_global")) == (GLOBAL, 1.0)
    assert objective_of(policies.make_policy("best_global", average="macro")) is None
    assert objective_of(policies.make_policy("best_global", metric="subset_accuracy")) is None
    assert objective_of(policies.make_policy("fixed")) is None
    if "best_micro_f_beta" in policies.POLICIES:
        assert objective_of(policies.make_policy("best_micro_f_beta", beta=0.5)) == (JOINT, 0.5)
