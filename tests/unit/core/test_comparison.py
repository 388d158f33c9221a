"""What a comparison holds whatever the data: sums, signs, zeros, and what it says of runs that do not fit."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet
from dashboard.core.comparison import compare_groups, compare_runs
from dashboard.core.differences import AVERAGES, Part
from dashboard.core.reader_comparison import compare_with_reader
from dashboard.core.run_summaries import summaries
from dashboard.core.verdicts import average_verdicts, verdicts
from dashboard.core.weighted_ranking import affordable_replicates

SUMMED = ("total", "threshold", "ranking")
BESIDE = ("average_precision", "precision_at_same_recall", "recall_at_same_precision")


def two_runs(seed=0, n_samples=200, n_classes=4):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, n_classes)) < 0.2).astype(np.int8)
    labels[rng.random(labels.shape) < 0.05] = -1
    labels[:, -1] = np.minimum(labels[:, -1], 0)  # without positives
    scores = [np.round(rng.normal(size=labels.shape) + strength * (labels == 1), 2) for strength in (1.0, 2.0)]
    return [RankedScores.from_predictions(Predictions(each, labels)) for each in scores]


def half(r, threshold=0.5):
    return ThresholdSet.from_unit(r.predictions, threshold)


def compared(a, b, function=compare_runs, **options):
    units = np.arange(a.predictions.n_samples) // 2
    return function(a, b, half(a), half(b), units, **{"n_replicates": 60} | options)


def each_differences(c):
    return [c.classes, *c.averages.values()]


@pytest.mark.parametrize("metric", ["f1", "jaccard", "f_beta"])
def test_total_is_threshold_plus_ranking_and_the_values_differ_by_it(metric):
    for d in each_differences(compared(*two_runs(), metric=metric, beta=2.0)):
        np.testing.assert_allclose(d.total.value, d.threshold.value + d.ranking.value, rtol=0, atol=1e-12)
        np.testing.assert_allclose(d.total.value, d.b - d.a, rtol=0, atol=1e-12)
        np.testing.assert_allclose(d.ranking.value, d.b_cross_fitted - d.a_cross_fitted, rtol=0, atol=1e-12)


def test_the_same_run_twice_differs_in_nothing():
    a, _ = two_runs()
    for d in each_differences(compared(a, a)):
        for name in (*SUMMED, *BESIDE):
            assert all(np.all((end == 0) | np.isnan(end)) for end in getattr(d, name)), name
    assert compared(a, a).averages["macro"].total == Part(0.0, 0.0, 0.0)


def test_swapping_the_runs_flips_the_signs():
    a, b = two_runs()
    there, back = compared(a, b), compared(b, a)
    for d, e in zip(each_differences(there), each_differences(back), strict=True):
        for name in (*SUMMED, "average_precision"):
            one, other = getattr(d, name), getattr(e, name)
            np.testing.assert_allclose(one.value, -other.value, rtol=0, atol=1e-12)
            np.testing.assert_allclose(one.low, -other.high, rtol=0, atol=1e-12)


def test_a_stretched_run_differs_by_its_threshold_alone():
    """Doubled logits: midpoints between scores double exactly, so cross-fitted decisions are the same."""
    a, _ = two_runs()
    p = a.predictions
    b = RankedScores.from_predictions(Predictions(2 * p.scores - 4, p.labels))
    for d in each_differences(compared(a, b)):
        for end in (*d.ranking, *d.average_precision):
            assert np.all((end == 0) | np.isnan(end))
    assert compared(a, b).averages["micro"].total.value != 0


def test_average_precision_of_any_rising_map_is_the_same():
    a, _ = two_runs()
    p = a.predictions
    b = RankedScores.from_predictions(Predictions(p.scores**3 + np.exp(p.scores), p.labels))
    assert all(np.all((end == 0) | np.isnan(end)) for end in compared(a, b).classes.average_precision)


def test_a_class_without_positives_is_nan_and_the_others_are_not():
    c = compared(*two_runs())
    assert c.support[-1] == 0 and (c.support[:-1] > 0).all()
    for name in (*SUMMED, "average_precision"):
        for end in getattr(c.classes, name):
            assert np.isnan(end[-1]) and not np.isnan(end[:-1]).any(), name
    assert set(c.averages) == set(AVERAGES)


def test_one_unit_has_no_interval():
    a, b = two_runs()
    c = compare_runs(a, b, half(a), half(b), np.zeros(200, dtype=int), n_replicates=20)
    assert c.n_units == 1 and np.isnan(c.averages["macro"].total.low)


def test_progress_rises_to_the_end():
    heard = []
    compared(*two_runs(), progress=heard.append)
    assert heard == sorted(heard) and heard[-1] == 1.0


def changed(a, **parts):
    p = a.predictions
    kept = {"scores": p.scores, "labels": p.labels, "class_names": p.class_names, "sample_ids": None} | parts
    return RankedScores.from_predictions(Predictions(**kept))


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"labels": np.zeros((200, 4), np.int8)}, "same labels, but row"),
        ({"class_names": list("abcd")}, "same classes"),
        ({"scores": np.zeros((3, 4)), "labels": np.zeros((3, 4), np.int8)}, "same samples, but one has 200"),
    ],
)
def test_runs_that_do_not_fit_are_refused(parts, said):
    a, _ = two_runs()
    with pytest.raises(ValueError, match=said):
        compared(a, changed(a, **parts))


def test_samples_in_another_order_are_refused():
    a, _ = two_runs()
    with pytest.raises(ValueError, match="row 1 is 0 in one and 199"):
        compared(changed(a, sample_ids=np.arange(200)), changed(a, sample_ids=np.arange(200)[::-1]))


@pytest.mark.parametrize(("metric", "said"), [("precision", "policy must be given"), ("roc", "metric must be one of")])
def test_a_metric_without_a_best_threshold_is_refused(metric, said):
    with pytest.raises(ValueError, match=said):
        compared(*two_runs(), metric=metric)


def test_groups_partition_the_counts_and_one_group_is_the_whole():
    a, b = two_runs()
    whole = compared(a, b)
    units = np.arange(200) // 2
    found = compare_groups(a, b, half(a), half(b), units, np.full(200, "all"), n_replicates=60)
    assert found["all"].averages["macro"].ranking == whole.averages["macro"].ranking
    parts = compare_groups(a, b, half(a), half(b), units, np.where(units < 50, "x", "y"), n_replicates=60)
    assert list(parts) == ["x", "y"]
    assert np.array_equal(parts["x"].support + parts["y"].support, whole.support)
    rows = np.arange(100)
    alone = RankedScores.from_predictions(a.predictions.take(rows))
    np.testing.assert_array_equal(parts["x"].classes.a_average_precision, alone.average_precision())


def test_a_reader_has_a_total_and_precision_at_its_recall_alone():
    a, _ = two_runs()
    p = a.predictions
    decided = (p.scores > 1).astype(np.int8)
    decided[:20] = -1
    c = compare_with_reader(a, decided, half(a), np.arange(200), n_replicates=60)
    kept = RankedScores.from_predictions(p.take(np.arange(20, 200)))
    run = compare_runs(kept, kept, half(kept, 1 / (1 + np.exp(-1.001))), half(kept), np.arange(180), n_replicates=60)
    np.testing.assert_allclose(c.classes.total.value, run.classes.total.value, rtol=0, atol=1e-12)
    assert np.isnan(c.classes.ranking.value).all() and np.isnan(c.averages["micro"].threshold.value)
    assert (c.classes.precision_at_same_recall.value[:-1] >= 0).all()  # the reader cuts the run's own scores


def test_a_reader_of_other_samples_is_refused():
    a, _ = two_runs()
    with pytest.raises(ValueError, match="must have decided the cells"):
        compare_with_reader(a, np.zeros((3, 4), np.int8), half(a), np.arange(200))


def test_summaries_agree_with_the_comparison():
    a, b = two_runs()
    decided = (a.predictions.scores > 1).astype(np.int8)
    units = np.arange(200) // 2
    rows = summaries({"a": a, "b": b}, {"a": half(a), "b": half(b)}, {"x": decided}, units, n_replicates=60)
    macro, micro = (compared(a, b).averages[name] for name in ("macro", "micro"))
    assert list(rows) == ["a", "b", "x"] and rows["x"].is_reader
    assert (rows["a"].macro_f1.value, rows["b"].micro_f1.value) == (macro.a, micro.b)
    assert rows["b"].best_macro_f1.value == macro.b_cross_fitted
    assert rows["a"].macro_average_precision.value == pytest.approx(a.average_precision("macro"), abs=1e-12)
    assert rows["a"].macro_f1.low <= macro.a <= rows["a"].macro_f1.high
    assert np.isnan(rows["x"].best_micro_f1.value) and rows["x"].micro_f1.value > 0


def with_parts(c, **parts):
    given = {name: Part(*(np.full(4, end) for end in ends)) for name, ends in parts.items()}
    return replace(c, classes=replace(c.classes, **given))


ZERO, PLUS, MINUS = (0.0, -0.01, 0.01), (0.05, 0.02, 0.08), (-0.05, -0.08, -0.02)


@pytest.mark.parametrize(
    ("total", "threshold", "ranking", "area", "margin", "kind", "figure"),
    [
        (PLUS, ZERO, PLUS, PLUS, None, "better ranking", "average_precision"),
        (MINUS, ZERO, MINUS, MINUS, None, "worse ranking", "average_precision"),
        (PLUS, PLUS, ZERO, ZERO, None, "mostly the threshold", "threshold"),
        (PLUS, PLUS, PLUS, ZERO, None, "cannot tell", "average_precision"),
        (ZERO, PLUS, ZERO, ZERO, None, "cannot tell", "average_precision"),
        (PLUS, ZERO, ZERO, ZERO, None, "cannot tell", "average_precision"),
        (ZERO, ZERO, ZERO, ZERO, 0.02, "no difference", "total"),
        (ZERO, ZERO, ZERO, ZERO, 0.005, "cannot tell", "average_precision"),
        (PLUS, ZERO, ZERO, ZERO, 0.02, "cannot tell", "average_precision"),
        (ZERO, ZERO, ZERO, PLUS, 0.02, "better ranking", "average_precision"),
    ],
)
def test_verdicts(total, threshold, ranking, area, margin, kind, figure):
    c = with_parts(compared(*two_runs()), total=total, threshold=threshold, ranking=ranking, average_precision=area)
    found = verdicts(c, margin)[0]
    assert (found.kind, found.figure, found.n_positives) == (kind, figure, c.support[0])
    assert (found.value, found.low, found.high) == tuple(getattr(c.classes, figure)[i][0] for i in range(3))


def test_verdicts_of_the_undefined_and_of_averages():
    c = compared(*two_runs())
    last = verdicts(c, 1.0)[-1]
    assert last.kind == "cannot tell" and np.isnan(last.value) and last.n_positives == 0
    found = average_verdicts(c)
    assert found["macro"].figure == "average_precision" and found["micro"].figure in ("ranking", "threshold")
    with pytest.raises(ValueError, match="margin"):
        verdicts(c, -1.0)


def test_large_data_get_fewer_replicates():
    assert affordable_replicates(1000, 1000) == 1000
    assert affordable_replicates(80_000_000, 1000) == 200
    assert affordable_replicates(80_000_000, 50) == 50
