"""The bootstrap over units: which weights, which metrics, which intervals."""

from dataclasses import fields

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, unit_sums
from dashboard.core.bootstrap import METRICS, bootstrap
from dashboard.core.headline import Headline, headline_at
from dashboard.core.percentile_interval import Interval
from dashboard.core.unit_weights import MULTINOMIAL, POISSON, UNITS_PER_BLOCK, weight_blocks
from dashboard.core.units import unit_codes


@pytest.fixture
def predictions():
    rng = np.random.default_rng(8)
    labels = (rng.random((300, 4)) < [0.4, 0.2, 0.1, 0.0]).astype(np.int8)
    labels[rng.random(labels.shape) < 0.05] = -1
    labels[7] = -1
    return Predictions(rng.normal(size=labels.shape) + labels, labels)


def all_weights(*arguments):
    return np.concatenate([weights for _, weights in weight_blocks(*arguments)], axis=1)


def test_multinomial_weights_draw_as_many_units_as_there_are():
    n_units = UNITS_PER_BLOCK + 100
    weights = all_weights(n_units, 150, 0, MULTINOMIAL)
    assert weights.shape == (150, n_units)
    assert (weights.sum(axis=1) == n_units).all()
    assert weights.var() == pytest.approx(1, abs=0.02)
    assert np.abs(np.corrcoef(weights[:50, :50])[np.triu_indices(50, 1)]).max() < 0.8


def test_poisson_weights_have_mean_and_variance_one():
    weights = all_weights(500, 400, 0, POISSON)
    assert weights.mean() == pytest.approx(1, abs=0.01)
    assert weights.sum(axis=1).var() == pytest.approx(500, rel=0.3)


def test_weights_are_the_same_for_the_same_seed():
    assert np.array_equal(all_weights(50, 9, 3), all_weights(50, 9, 3))
    assert not np.array_equal(all_weights(50, 9, 3), all_weights(50, 9, 4))


def test_every_field_of_the_headline_can_be_resampled():
    assert {field.name for field in fields(Headline)} <= set(METRICS)


def test_replicates_value_is_the_headline(predictions):
    found = bootstrap(predictions, {"half": predictions.scores >= 0}, unit_codes(None, 300), 20)
    figures = headline_at(RankedScores.from_predictions(predictions), 0.5, rowwise=True)
    for field in fields(Headline):
        assert found.value("half", field.name) == pytest.approx(getattr(figures, field.name), abs=1e-12), field.name


def test_interval_of_the_mean_is_that_of_theory():
    """Exact match of independent samples is a mean of coin flips: its standard error is known."""
    rng = np.random.default_rng(1)
    p = Predictions(np.where(rng.random((2000, 1)) < 0.3, 1.0, -1.0), np.ones((2000, 1), np.int8))
    interval = bootstrap(p, {"a": p.scores >= 0}, unit_codes(None, 2000), 2000).interval("a", "exact_match")
    share = (p.scores >= 0).mean()
    expected = np.sqrt(share * (1 - share) / 2000)
    assert interval.standard_error == pytest.approx(expected, rel=0.06)
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * expected, rel=0.06)


def test_interval_over_units_is_wider_than_over_their_samples(predictions):
    """Ten copies of each sample say no more than one."""
    copies = predictions.take(np.repeat(np.arange(300), 10))
    decided = {"half": copies.scores >= 0}
    over_units = bootstrap(copies, decided, np.repeat(np.arange(300), 10), 500).interval("half", "micro_f1")
    over_samples = bootstrap(copies, decided, unit_codes(None, 3000), 500).interval("half", "micro_f1")
    assert over_units.standard_error == pytest.approx(over_samples.standard_error * np.sqrt(10), rel=0.15)


def test_difference_is_paired(predictions):
    decided = {"a": predictions.scores >= 0, "b": predictions.scores >= 0.01}
    found = bootstrap(predictions, decided, unit_codes(None, 300), 300)
    assert found.difference("a", "a", "micro_f1").standard_error == 0
    apart = np.hypot(*(found.interval(name, "micro_f1").standard_error for name in "ab"))
    assert found.difference("a", "b", "micro_f1").standard_error < apart / 3


def test_sets_computed_apart_are_still_paired(predictions):
    units = unit_codes(None, 300)
    both = bootstrap(predictions, {"a": predictions.scores >= 0, "b": predictions.scores >= 1}, units, 50)
    alone = bootstrap(predictions, {"b": predictions.scores >= 1}, units, 50)
    assert np.array_equal(both.values("b", "macro_f1"), alone.values("b", "macro_f1"))


def test_a_class_without_positives_has_no_interval(predictions):
    found = bootstrap(predictions, {"a": predictions.scores >= 0}, unit_codes(None, 300), 50)
    interval = found.interval("a", "class_f1")
    assert np.isnan([interval.low[3], interval.high[3], interval.standard_error[3]]).all()
    assert not np.isnan(interval.low[:3]).any()
    assert found.interval("a", "macro_f1").low > 0


def test_a_class_lost_from_a_replicate_is_left_out_of_its_macro_mean():
    """The second class has a single positive, and about a third of the replicates do not hold it."""
    labels = np.zeros((50, 2), np.int8)
    labels[::2, 0], labels[7, 1] = 1, 1
    p = Predictions(labels.astype(float), labels)
    found = bootstrap(p, {"all right": labels == 1}, unit_codes(None, 50), 100)
    assert (found.values("all right", "macro_f1") == 1).all()
    assert 20 < np.isnan(found.values("all right", "class_f1")[:, 1]).sum() < 55


def test_blocks_of_units_samples_and_classes_add_up(predictions, monkeypatch):
    units = np.random.default_rng(0).integers(0, 20, 300)  # units longer than a chunk
    decided = {"a": predictions.scores >= 0, "b": predictions.scores >= 1}
    whole = bootstrap(predictions, decided, units, 30)
    monkeypatch.setattr(unit_sums, "CELLS_PER_CHUNK", 100)
    monkeypatch.setattr(unit_sums, "CLASSES_PER_PASS", 3)
    in_parts = bootstrap(predictions, decided, units, 30)
    for name in decided:
        for metric in METRICS:
            np.testing.assert_allclose(whole.values(name, metric), in_parts.values(name, metric), atol=1e-12)


def test_known_cells_are_counted_alike_whether_one_is_unknown_or_none(predictions):
    labels = np.maximum(predictions.labels, 0)
    units = np.random.default_rng(0).integers(0, 20, 301)
    p = Predictions(np.vstack([predictions.scores, np.ones((1, 4))]), np.vstack([labels, np.full((1, 4), -1, np.int8)]))
    decided = p.scores >= 0
    whole = Predictions(predictions.scores, labels)
    found = [bootstrap(each, {"a": decided[: each.n_samples]}, units[: each.n_samples], 30) for each in (p, whole)]
    for name in ("tp", "fp", "fn", "tn"):
        one, none = (getattr(each.sums["a"].counts, name) for each in found)
        assert one.dtype == none.dtype == np.int64 and (one == none).all()


def test_figure_is_value_and_interval(predictions):
    found = bootstrap(predictions, {"a": predictions.scores >= 0}, unit_codes(None, 300), 50)
    for metric in METRICS:
        value, interval = found.figure("a", metric)
        np.testing.assert_array_equal(value, found.value("a", metric))
        np.testing.assert_array_equal(interval.low, found.interval("a", metric).low)


def test_sums_too_large_for_float32_stay_exact():
    weights = np.full((1, 3), 1.0, np.float32)
    columns = np.array([[2**24 - 1], [2], [2]], np.float32)
    assert unit_sums._product(weights, columns)[0, 0] == 2**24 + 3


def test_one_unit_has_no_interval(predictions):
    found = bootstrap(predictions, {"a": predictions.scores >= 0}, np.zeros(300, dtype=int), 20)
    assert np.isnan(found.interval("a", "micro_f1").low)


def test_no_sample_has_no_interval():
    p = Predictions(np.zeros((0, 2)), np.zeros((0, 2), np.int8))
    found = bootstrap(p, {"a": p.scores >= 0}, unit_codes(None, 0), 20)
    assert np.isnan(found.interval("a", "exact_match").low)


def test_bootstrap_tells_how_far_it_is(predictions):
    heard = []
    bootstrap(predictions, {"a": predictions.scores >= 0}, unit_codes(None, 300), 20, progress=heard.append)
    assert heard[-1] == 1.0


def test_bootstrap_says_what_decisions_must_be(predictions):
    with pytest.raises(ValueError, match=r"a must be bool of shape \(300, 4\), got int64"):
        bootstrap(predictions, {"a": np.zeros((300, 4), dtype=np.int64)}, unit_codes(None, 300), 20)


def test_interval_is_numpys_percentile_and_skips_nan():
    values = np.random.default_rng(0).normal(size=(101, 2))
    values[:5, 1] = np.nan
    found = Interval.of(values)
    np.testing.assert_allclose(found.low, np.nanquantile(values, 0.025, axis=0), atol=1e-14)
    np.testing.assert_allclose(found.high, np.nanquantile(values, 0.975, axis=0), atol=1e-14)
    np.testing.assert_allclose(found.standard_error, np.nanstd(values, axis=0, ddof=1), atol=1e-14)
