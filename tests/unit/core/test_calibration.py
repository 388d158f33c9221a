"""Calibration of edge cases, pooled tables and fits on another part."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores
from dashboard.core.calibration import (
    METHODS,
    calibrated,
    calibrated_unseen,
    calibration_losses,
    fit_calibration,
    null_error,
    reliability,
)
from dashboard.core.cross_fitting import cross_fit
from dashboard.core.folds import stratified_folds
from dashboard.core.logistic_fits import Cells, platt
from dashboard.core.per_class_need import COMPARED, HALF, JOINT, ONE_MICRO, PER_CLASS, PLATT, per_class_need
from dashboard.core.policies import calibrated_cut, parse_policy
from dashboard.core.scale import sigmoid
from tests.app.conftest import degenerate_datasets


def _ranked(scores, labels, kind="logits"):
    return RankedScores.from_predictions(Predictions(np.asarray(scores), np.asarray(labels), kind))


@pytest.fixture
def predictions():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=(400, 3)) * 3
    labels = (rng.random(scores.shape) < sigmoid(scores / 2 - [0, 1, 2])).astype(np.int8)
    labels[rng.random(labels.shape) < 0.1] = -1
    return Predictions(scores, labels)


def test_pooled_table_is_that_of_one_class_with_all_cells(predictions):
    r = RankedScores.from_predictions(predictions)
    flat = _ranked(predictions.scores.reshape(-1, 1), predictions.labels.reshape(-1, 1))
    for binning in ("mass", "width"):
        pooled, single = reliability(r, None, 7, binning), reliability(flat, 0, 7, binning)
        assert pooled.n.tolist() == single.n.tolist()
        assert pooled.positives.tolist() == single.positives.tolist()
        assert pooled.mean_score == pytest.approx(single.mean_score, abs=1e-12)


def test_bins_of_equal_mass_keep_ties_together():
    table = reliability(_ranked([[0.0]] * 5 + [[1.0]] * 4 + [[2.0]], [[0]] * 5 + [[1]] * 5), 0, 4)
    assert table.n.tolist() == [5, 4, 1] or table.n.tolist() == [5, 5]
    assert table.n.sum() == 10


def test_the_last_bin_holds_the_score_1():
    table = reliability(_ranked([[1.0], [0.0]], [[1], [0]], "probabilities"), 0, 10, "width")
    assert table.high.tolist() == [0.1, 1.0] and table.n.tolist() == [1, 1]


def test_intervals_hold_the_share(predictions):
    table = reliability(RankedScores.from_predictions(predictions), 1)
    low, high = table.interval
    assert ((low <= table.share) & (table.share <= high)).all()


def test_large_wrong_logits_have_a_finite_log_loss():
    assert calibration_losses(_ranked([[50.0], [-40.0]], [[0], [1]])).log_loss[0] == pytest.approx(45)


def test_a_certain_wrong_score_has_an_infinite_log_loss():
    assert calibration_losses(_ranked([[1.0], [0.0]], [[0], [0]], "probabilities")).log_loss[0] == np.inf


def test_a_ranking_upside_down_gets_slope_0():
    r = _ranked(np.arange(20.0)[:, None], (np.arange(20)[:, None] < 10).astype(int))
    found = fit_calibration(r, "platt")
    assert found.slopes[0] == 0
    assert found.of_class(0, np.array([0.0, 9.0])).tolist() == pytest.approx([0.5, 0.5])


def test_temperature_of_a_class_of_one_label_stays_1():
    assert fit_calibration(_ranked([[1.0], [2.0]], [[0], [0]]), "temperature_per_class").slopes.tolist() == [1]


def test_calibrating_overconfident_logits_lowers_the_log_loss_on_other_samples(predictions):
    folds = stratified_folds(predictions, np.arange(400))
    before = calibration_losses(RankedScores.from_predictions(predictions)).pooled_log_loss
    for method in METHODS[::2]:
        unseen = RankedScores.from_predictions(calibrated_unseen(predictions, method, folds))
        assert calibration_losses(unseen).pooled_log_loss < before


def test_each_sample_is_calibrated_without_its_fold(predictions):
    folds = stratified_folds(predictions, np.arange(400))
    unseen = calibrated_unseen(predictions, "platt", folds)
    fitted = fit_calibration(RankedScores.from_predictions(predictions.take(folds != 2)), "platt")
    expected = calibrated(fitted, predictions.take(folds == 2))
    assert unseen.scores[folds == 2].tolist() == expected.scores.tolist()


def test_fits_of_groups_of_neighbours_are_those_of_single_cells():
    rng = np.random.default_rng(0)
    x = np.sort(rng.normal(size=30_000) * 2 - 1)
    y = rng.random(30_000) < sigmoid(x / 2)
    single, grouped = ([Cells.of(x[y == label], most) for label in (True, False)] for most in (30_000, 1_000))
    assert len(grouped[0].logits) == 1_000 and grouped[0].n == y.sum()
    assert platt(*grouped) == pytest.approx(platt(*single), abs=1e-5)


def test_unknown_method_is_refused(predictions):
    with pytest.raises(ValueError, match="method must be one of"):
        fit_calibration(RankedScores.from_predictions(predictions), "beta")


def test_need_is_what_cross_fitting_each_policy_gives(predictions):
    units = np.arange(400)
    folds = stratified_folds(predictions, units)
    need = per_class_need(predictions, folds, units)
    for name in COMPARED:
        figures = cross_fit(predictions, parse_policy(name), folds).headline
        assert (need.micro_f1[name], need.macro_f1[name]) == (figures.micro_f1, figures.macro_f1)
    assert need.gain(JOINT, "micro", HALF) == need.micro_f1[JOINT] - need.micro_f1[HALF]
    interval = need.gains[JOINT, "micro_f1"]
    assert interval.low <= need.gain(JOINT, "micro", ONE_MICRO) <= interval.high
    lead = need.leads[PLATT, "macro_f1"]
    assert lead.low <= need.gain(PER_CLASS, "macro", PLATT) <= lead.high


@pytest.mark.parametrize("name", degenerate_datasets())
@pytest.mark.parametrize("method", METHODS)
def test_legal_but_empty_data(name, method):
    p = degenerate_datasets()[name].first_run
    r = RankedScores.from_predictions(p)
    q = calibrated(fit_calibration(r, method), p)
    assert np.isfinite(q.scores).all()
    assert calibrated_cut(r, method).predict(p).shape == p.scores.shape
    for binning in ("mass", "width"):
        assert reliability(r, None, 10, binning).n.sum() == p.n_known.sum()
        assert null_error(r, None, 10, binning).mean >= 0 or not p.n_known.sum()
    folds = stratified_folds(p, np.arange(p.n_samples))
    assert set(per_class_need(p, folds, np.arange(p.n_samples)).micro_f1) == set(COMPARED)
