"""Calibration against scikit-learn, scipy and the verified numbers of one fixture."""

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.calibration import _sigmoid_calibration
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import brier_score_loss, log_loss

from dashboard.core import Predictions, RankedScores
from dashboard.core.calibration import (
    METHODS,
    calibrated,
    calibration_losses,
    fit_calibration,
    null_error,
    reliability,
)
from dashboard.core.logistic_fits import logistic_line
from dashboard.core.metrics import f_beta
from dashboard.core.policies import best_micro_f_beta, calibrated_cut
from dashboard.core.scale import logit, sigmoid

P = [0.02, 0.05, 0.07, 0.1, 0.12, 0.15, 0.2, 0.22, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.97]
Y = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1]
ISOTONIC = [0.0] * 3 + [0.25] * 4 + [1 / 3] * 3 + [0.5] * 4 + [2 / 3] * 3 + [1.0] * 3


def _ranked(scores, labels, kind="probabilities"):
    scores, labels = (np.asarray(values) for values in (scores, labels))
    if scores.ndim == 1:
        scores, labels = scores[:, None], labels[:, None]
    return RankedScores.from_predictions(Predictions(scores, labels, kind))


@pytest.fixture
def fixture():
    return _ranked(P, Y)


def test_errors_of_the_fixture(fixture):
    assert reliability(fixture, 0, 10, "width").error == pytest.approx(0.154, abs=1e-12)
    assert reliability(fixture, 0, 5, "mass").error == pytest.approx(0.132, abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_score_on_an_edge_is_in_the_bin_above_in_either_dtype(dtype):
    """The squared error tells .3 in the bin of .3 to .4 (.2176) from .3 one bin below (.2522)."""
    table = reliability(_ranked(np.array(P, dtype), Y), 0, 10, "width")
    squared = np.sum(table.n / 20 * (table.share - table.mean_score) ** 2)
    assert np.sqrt(squared) == pytest.approx(0.21763884457207233, abs=1e-6)


def test_losses_of_the_fixture(fixture):
    losses = calibration_losses(fixture)
    assert losses.brier[0] == pytest.approx(0.1847, abs=1e-12)
    assert losses.log_loss[0] == pytest.approx(0.5421266858611393, abs=1e-12)


@pytest.mark.parametrize("method", ["temperature", "temperature_per_class"])
def test_temperature_of_the_fixture(fixture, method):
    found = fit_calibration(fixture, method)
    assert 1 / found.slopes[0] == pytest.approx(1.2997769521397826, abs=1e-7)
    after = RankedScores.from_predictions(calibrated(found, fixture.predictions))
    assert calibration_losses(after).log_loss[0] == pytest.approx(0.5338831862078196, abs=1e-12)


def test_line_of_the_fixture():
    """The fixture's line has targets 0 and 1."""
    x, y = logit(P), np.array(Y, dtype=float)
    slope, intercept = logistic_line(x, y)
    assert (slope, intercept) == pytest.approx((0.8593007946678568, 0.3180429086553772), abs=1e-6)
    p = sigmoid(slope * x + intercept)
    assert log_loss(Y, p) == pytest.approx(0.5264029310363719, abs=1e-12)


def test_isotonic_values_of_the_fixture(fixture):
    assert fit_calibration(fixture, "isotonic").of_class(0, np.array(P)) == pytest.approx(ISOTONIC, abs=1e-15)


def _problem(seed):
    """Ties, unknowns, sometimes a class of one label."""
    rng = np.random.default_rng(seed)
    n, n_classes = int(rng.integers(3, 120)), int(rng.integers(1, 5))
    scores = np.round(rng.normal(size=(n, n_classes)) * 2, int(rng.integers(0, 3))).astype(rng.choice(["f4", "f8"]))
    share = sigmoid(scores * rng.choice([0.4, 1, 2]) - rng.random())
    labels = (rng.random(scores.shape) < share).astype(np.int8)
    labels[rng.random(scores.shape) < rng.choice([0, 0.3])] = -1
    return _ranked(scores, labels, "logits")


def _cells(r, c):
    known = r.predictions.labels[:, c] >= 0
    return r.predictions.scores[known, c].astype(np.float64), r.predictions.labels[known, c].astype(int)


@pytest.mark.parametrize("seed", range(40))
def test_isotonic_equals_sklearn(seed):
    r = _problem(seed)
    found = fit_calibration(r, "isotonic")
    for c in range(r.predictions.n_classes):
        x, y = _cells(r, c)
        if len(x):
            expected = IsotonicRegression().fit(x, y).predict(x)
            assert found.of_class(c, x.astype(r.predictions.scores.dtype)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_platt_equals_sklearn_and_losses_do(seed):
    r = _problem(seed)
    found, losses = fit_calibration(r, "platt"), calibration_losses(r)
    for c in range(r.predictions.n_classes):
        x, y = _cells(r, c)
        if not 0 < y.sum() < len(y) or x.std() == 0:
            continue
        slope, intercept = (-value for value in _sigmoid_calibration(x, y))
        if slope > 0.01:
            assert found.slopes[c] == pytest.approx(slope, rel=2e-3, abs=2e-4)
            assert found.intercepts[c] == pytest.approx(intercept, rel=2e-3, abs=2e-3)
        elif slope < -0.01:
            assert found.slopes[c] == 0
        assert losses.brier[c] == pytest.approx(brier_score_loss(y, sigmoid(x)), rel=1e-12)
        assert losses.log_loss[c] == pytest.approx(log_loss(y, sigmoid(x)), rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_platt_is_at_least_as_good_as_scipys_optimum(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=300) * rng.choice([0.1, 1, 30]) + rng.choice([0, 50])
    y = (rng.random(300) < sigmoid((x - x.mean()) / x.std())).astype(float)

    def loss(line):
        eta = line[0] * x + line[1]
        return np.mean(np.logaddexp(0, eta) - y * eta)

    assert loss(logistic_line(x, y)) <= minimize(loss, (0.0, 0.0)).fun + 1e-10


@pytest.mark.parametrize("seed", range(20))
def test_shared_temperature_is_scipys(seed):
    r = _problem(seed)
    cells = [_cells(r, c) for c in range(r.predictions.n_classes)]
    x, y = (np.concatenate([each[part] for each in cells]) for part in (0, 1))
    if not 0 < y.sum() < len(y):
        return

    def loss(log_slope):
        eta = np.exp(log_slope[0]) * x
        return np.mean(np.logaddexp(0, eta) - y * eta)

    slope = fit_calibration(r, "temperature").slopes[0]
    assert loss([np.log(slope)]) <= minimize(loss, (0.0,), bounds=[(-6.9, 6.9)]).fun + 1e-9


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("method", METHODS)
def test_the_cut_on_scores_decides_as_the_cut_on_probabilities(seed, method):
    """Cell by cell, on the samples and on others."""
    r, other = _problem(seed), _problem(seed + 1000)
    rule = calibrated_cut(r, method)
    map_, cut = fit_calibration(r, method), rule.details["certificate"]["cut"]
    for c in range(r.predictions.n_classes):
        for scores in (r.predictions.scores[:, c], other.predictions.scores[:, 0].astype(r.predictions.scores.dtype)):
            expected = (map_.of_class(c, scores) >= cut) & (r.predictions.support[c] > 0)
            assert ((scores >= rule.score_thresholds[c]) == expected).all()


@pytest.mark.parametrize("seed", range(30))
def test_isotonic_cut_at_half_its_f1_is_the_best_micro_f1(seed):
    """The blocks of isotonic regression are the hulls of the joint optimum."""
    r = _problem(seed)
    rule = calibrated_cut(r, "isotonic")
    assert rule.details["value"] == pytest.approx(best_micro_f_beta(r).details["value"], abs=1e-12)
    assert f_beta(r.counts(rule), average="micro")[0] == pytest.approx(rule.details["value"], abs=1e-12)


def test_null_error_is_what_calibrated_labels_have():
    rng = np.random.default_rng(1)
    scores = rng.random(500)
    null = null_error(_ranked(scores, rng.random(500) < scores), 0, seed=3)
    errors = [reliability(_ranked(scores, rng.random(500) < scores), 0).error for _ in range(300)]
    assert null.mean == pytest.approx(np.mean(errors), rel=0.06)
    assert null.limit == pytest.approx(np.quantile(errors, 0.95), rel=0.1)


def test_null_error_of_groups_of_cells_is_that_of_cells():
    rng = np.random.default_rng(1)
    r = _ranked(rng.random(4000), rng.random(4000) < 0.5)
    single, grouped = null_error(r, 0), null_error(r, 0, most_drawn=100)
    assert grouped.mean == pytest.approx(single.mean, rel=0.08)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("method", METHODS)
def test_the_threshold_is_the_smallest_score_that_reaches_the_cut(seed, method):
    r = _problem(seed)
    map_, dtype = fit_calibration(r, method), r.predictions.scores.dtype
    for cut in (0.05, 0.3, 0.8):
        for c, threshold in enumerate(map_.score_thresholds(cut, dtype)):
            if np.isfinite(threshold):
                below = np.nextafter(threshold, np.asarray(-np.inf, dtype))
                at_and_below = map_.of_class(c, np.array([threshold, below]))
                assert at_and_below[0] >= cut > at_and_below[1]
