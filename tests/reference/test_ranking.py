"""RankedScores against scikit-learn, slow obvious versions and recorded numbers, over many seeds.

Sums of at most 40 ratios differ by rounding only: 1e-12 is far above that and far below one misplaced cell (1/40).
"""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as sk

from dashboard.core import Predictions, RankedScores, ThresholdSet
from tests.reference.problems import as_ranks, known_cells, pooled_cells, random_predictions

SEEDS = range(200)
VALUES = json.loads((Path(__file__).parent / "values.json").read_text())
close = {"rtol": 0, "atol": 1e-12}


@pytest.fixture(scope="module")
def fixture() -> RankedScores:
    data = VALUES["metric_fixture"]
    return RankedScores.from_predictions(Predictions(data["scores"], data["targets"], "probabilities"))


def ranked(seed, **options):
    return RankedScores.from_predictions(random_predictions(seed, **options))


def has_both(y):
    return 0 < y.sum() < len(y)


def thresholds_around(scores):
    """Every distinct score, the floats next to it, and both infinities, in the dtype of the scores."""
    infinity = scores.dtype.type(np.inf)
    around = [scores, np.nextafter(scores, infinity), np.nextafter(scores, -infinity), [infinity, -infinity]]
    return np.unique(np.concatenate(around).astype(scores.dtype))


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_equal_comparing_every_cell(seed):
    r = ranked(seed)
    p = r.predictions
    thresholds = thresholds_around(p.scores.ravel())
    c = r.counts_at_scores(thresholds)
    predicted = p.scores[None] >= thresholds[:, None, None]
    for counts, decided, label in ((c.tp, True, 1), (c.fp, True, 0), (c.fn, False, 1), (c.tn, False, 0)):
        assert counts.dtype == np.int64
        np.testing.assert_array_equal(counts, ((predicted == decided) & (p.labels == label)).sum(axis=1))


@pytest.mark.parametrize("seed", SEEDS)
def test_counts_agree_with_the_decisions_of_a_threshold_set(seed):
    r = ranked(seed)
    p = r.predictions
    rng = np.random.default_rng(seed)
    ts = ThresholdSet.from_unit(p, rng.choice([0, 0.1, 0.5, 0.8, 1, np.nan], p.n_classes))
    c, predicted = r.counts(ts), ts.predict(p)
    np.testing.assert_array_equal(c.tp[0], (predicted & (p.labels == 1)).sum(axis=0))
    np.testing.assert_array_equal(c.fp[0], (predicted & (p.labels == 0)).sum(axis=0))
    np.testing.assert_array_equal(r.counts(ts.thresholds[None, :]).tp, c.tp)


@pytest.mark.parametrize("seed", SEEDS)
def test_cuts_equal_comparing_every_known_cell(seed):
    r = ranked(seed)
    for c in range(r.predictions.n_classes):
        y, scores = known_cells(r.predictions, c)
        cuts, at_positives = r.cuts(c), r.positive_cuts(c)
        np.testing.assert_array_equal(cuts.scores, np.unique(scores)[::-1])
        np.testing.assert_array_equal(at_positives.scores, np.unique(scores[y == 1])[::-1])
        for found in (cuts, at_positives):
            kept = scores >= found.scores[:, None]
            np.testing.assert_array_equal(found.tp, (kept & (y == 1)).sum(axis=1))
            np.testing.assert_array_equal(found.fp, (kept & (y == 0)).sum(axis=1))


@pytest.mark.parametrize("seed", SEEDS)
def test_precision_recall_curve_equals_scikit_learn(seed):
    r = ranked(seed, infinite=False)
    for c in range(r.predictions.n_classes):
        y, scores = known_cells(r.predictions, c)
        precision, recall, thresholds = r.precision_recall_curve(c)
        if not y.any():  # scikit-learn sets recall to 1, warns, and needs a sample; for us 0 of 0 is undefined
            assert not precision[:-1].any()
            assert np.isnan(recall[:-1]).all()
            assert (precision[-1], recall[-1]) == (1, 0)
            continue
        expected = sk.precision_recall_curve(y, scores, drop_intermediate=False)
        np.testing.assert_allclose(precision, expected[0], **close)
        np.testing.assert_allclose(recall, expected[1], **close)
        np.testing.assert_array_equal(thresholds, expected[2])
        assert thresholds.dtype == scores.dtype


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
def test_roc_curve_equals_scikit_learn(seed):
    r = ranked(seed, infinite=False)
    for c in range(r.predictions.n_classes):
        y, scores = known_cells(r.predictions, c)
        if len(y):
            for found, expected in zip(r.roc_curve(c), sk.roc_curve(y, scores, drop_intermediate=False), strict=True):
                np.testing.assert_allclose(found, expected, **close)


@pytest.mark.parametrize("seed", SEEDS)
def test_average_precision_equals_scikit_learn(seed):
    """scikit-learn calls AP without positives 0 and counts it in "macro"; we say NaN and skip it."""
    r = ranked(seed)
    cells = [known_cells(r.predictions, c) for c in range(r.predictions.n_classes)]
    expected = np.array([sk.average_precision_score(y, as_ranks(s)) if y.any() else np.nan for y, s in cells])
    np.testing.assert_allclose(r.average_precision(), expected, **close)
    defined = ~np.isnan(expected)
    if defined.any():
        assert r.average_precision("macro") == pytest.approx(expected[defined].mean(), rel=0, abs=1e-12)
        weights = r.predictions.support[defined]
        weighted = np.average(expected[defined], weights=weights)
        assert r.average_precision("weighted") == pytest.approx(weighted, rel=0, abs=1e-12)
        y, scores = pooled_cells(r.predictions)
        micro = sk.average_precision_score(y, as_ranks(scores))
        assert r.average_precision("micro") == pytest.approx(micro, rel=0, abs=1e-12)
    else:
        assert all(np.isnan(r.average_precision(average)) for average in ("macro", "weighted", "micro"))


@pytest.mark.parametrize("seed", SEEDS)
def test_roc_auc_equals_scikit_learn(seed):
    """NaN without positives or negatives, as in scikit-learn; its averages are then NaN, ours skip the class."""
    r = ranked(seed)
    cells = [known_cells(r.predictions, c) for c in range(r.predictions.n_classes)]
    expected = np.array([sk.roc_auc_score(y, as_ranks(s)) if has_both(y) else np.nan for y, s in cells])
    np.testing.assert_allclose(r.roc_auc(), expected, **close)
    defined = ~np.isnan(expected)
    if defined.any():
        assert r.roc_auc("macro") == pytest.approx(expected[defined].mean(), rel=0, abs=1e-12)
        weighted = np.average(expected[defined], weights=r.predictions.support[defined])
        assert r.roc_auc("weighted") == pytest.approx(weighted, rel=0, abs=1e-12)
    y, scores = pooled_cells(r.predictions)
    micro = sk.roc_auc_score(y, as_ranks(scores)) if has_both(y) else np.nan
    assert r.roc_auc("micro") == pytest.approx(micro, rel=0, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("average", ["micro", "macro", "weighted", None])
def test_averaged_areas_equal_scikit_learn_where_every_class_is_defined(average):
    """Here nothing is skipped, so scikit-learn's own averages must come out."""
    n_checked = 0
    for seed in SEEDS:
        r = ranked(seed, infinite=False, unknown=False)
        y, scores = r.predictions.labels, r.predictions.scores
        if r.predictions.n_classes > 1 and all(has_both(column) for column in y.T):
            n_checked += 1
            np.testing.assert_allclose(r.roc_auc(average), sk.roc_auc_score(y, scores, average=average), **close)
            expected = sk.average_precision_score(y, scores, average=average)
            np.testing.assert_allclose(r.average_precision(average), expected, **close)
    assert n_checked > 60


def best_by_exhaustion(y, scores, beta):
    """Highest F-beta over all cuts in exact rationals, and the highest score to keep that reaches it."""
    weight, best, best_kept = Fraction(beta) ** 2, Fraction(-1), None
    for kept in np.unique(scores)[::-1]:
        predicted = scores >= kept
        tp = int((predicted & (y == 1)).sum())
        value = (1 + weight) * tp / (weight * int(y.sum()) + int(predicted.sum()))
        if value > best:
            best, best_kept = value, kept
    return float(best), best_kept


@pytest.mark.parametrize("beta", [1.0, 2.0, 0.5, 0.3, 0.0])
@pytest.mark.parametrize("seed", SEEDS[:80])
def test_best_f_beta_equals_exhaustive_search(seed, beta):
    r = ranked(seed)
    p = r.predictions
    best = r.best_f_beta(beta)
    counts = r.counts_at_scores(best.score_thresholds[None, :])
    for c in range(p.n_classes):
        y, scores = known_cells(p, c)
        lower = scores[scores < best.kept[c]]
        assert best.dropped[c] == (lower.max() if len(lower) else -np.inf)
        if not y.any():
            assert np.isnan(best.value[c])
            assert best.score_thresholds[c] == np.inf
            assert best.states[c] == "undefined: no known positives"
            continue
        value, kept = best_by_exhaustion(y, scores, beta)
        assert best.value[c] == pytest.approx(value, rel=0, abs=1e-12)
        assert best.kept[c] == kept
        assert best.states[c] == "optimum"
        tp, fp, fn = (int(count[0, c]) for count in (counts.tp, counts.fp, counts.fn))
        assert tp + fp == (scores >= kept).sum()
        reached = (1 + beta**2) * tp / ((1 + beta**2) * tp + beta**2 * fn + fp)
        assert reached == pytest.approx(value, rel=0, abs=1e-12)


@pytest.mark.parametrize("seed", SEEDS[:100])
def test_every_layout_gives_identical_results(seed):
    p = random_predictions(seed)
    base = RankedScores.from_predictions(p)
    for order, n_threads in (("C", 1), ("F", 1), ("C", 3), ("F", 3)):
        scores, labels = np.array(p.scores, order=order), np.array(p.labels, order=order)
        other = RankedScores.from_predictions(Predictions(scores, labels), n_threads=n_threads)
        np.testing.assert_array_equal(other.average_precision(), base.average_precision())
        np.testing.assert_array_equal(other.best_f_beta().score_thresholds, base.best_f_beta().score_thresholds)
        np.testing.assert_array_equal(scores, p.scores)  # ranking works on a copy


@pytest.mark.parametrize("seed", SEEDS[:100])
def test_permuting_the_samples_changes_nothing(seed):
    p = random_predictions(seed)
    order = np.random.default_rng(seed).permutation(p.n_samples)
    a, b = RankedScores.from_predictions(p), RankedScores.from_predictions(p.take(order))
    for c in range(p.n_classes):
        np.testing.assert_array_equal(a.cuts(c).tp, b.cuts(c).tp)
        np.testing.assert_array_equal(a.cuts(c).fp, b.cuts(c).fp)
    np.testing.assert_array_equal(a.average_precision(), b.average_precision())


@pytest.mark.parametrize("seed", SEEDS[:100])
def test_a_strictly_increasing_map_per_class_leaves_the_ranking_alone(seed):
    p = random_predictions(seed)
    mapped = np.stack([as_ranks(column) * (c + 1) - 7 for c, column in enumerate(p.scores.T)], axis=1)
    a, b = RankedScores.from_predictions(p), RankedScores.from_predictions(Predictions(mapped, p.labels))
    np.testing.assert_array_equal(a.average_precision(), b.average_precision())
    np.testing.assert_array_equal(a.roc_auc(), b.roc_auc())
    np.testing.assert_array_equal(a.best_f_beta().value, b.best_f_beta().value)


def test_a_map_that_differs_between_classes_changes_micro_average_precision():
    """Pooling compares scores across classes, so this one must react: the invariance test above can fail."""
    p = Predictions([[0.0, 1.0], [1.0, 2.0], [2.0, 0.0]], [[0, 1], [1, 0], [1, 0]])
    a = RankedScores.from_predictions(p)
    b = RankedScores.from_predictions(Predictions(p.scores + np.array([0.0, 10.0]), p.labels))
    assert a.average_precision("micro") != b.average_precision("micro")


@pytest.mark.parametrize("seed", SEEDS[:50])
def test_counts_of_disjoint_samples_add_up(seed):
    p = random_predictions(seed)
    half = np.arange(p.n_samples) < p.n_samples // 2
    t = np.linspace(0, 1, 7)
    whole, a, b = (RankedScores.from_predictions(part).counts(t) for part in (p, p.take(half), p.take(~half)))
    for name in ("tp", "fp", "fn", "tn"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(a, name) + getattr(b, name))


def test_logits_that_collapse_under_a_float32_sigmoid_stay_distinct():
    rng = np.random.default_rng(0)
    y = (rng.random((400, 1)) < 0.3).astype(np.int8)
    logits = (18 + rng.standard_normal((400, 1)) + y).astype(np.float32)
    collapsed = (1 / (1 + np.exp(-logits))).astype(np.float32)
    assert len(np.unique(collapsed)) < 30 < len(np.unique(logits))
    ours = RankedScores.from_predictions(Predictions(logits, y)).average_precision("macro")
    assert ours == pytest.approx(sk.average_precision_score(y, logits), rel=0, abs=1e-12)
    assert abs(ours - sk.average_precision_score(y, collapsed)) > 0.01


def test_recorded_average_precision_and_roc_auc(fixture):
    per_class = [VALUES["metrics"]["average_precision_family"][f"class_{c}"] for c in range(3)]
    np.testing.assert_allclose(fixture.average_precision()[:3], [c["sklearn_step"] for c in per_class], **close)
    np.testing.assert_allclose(fixture.roc_auc()[:3], [c["roc_auc"] for c in per_class], **close)
    assert np.isnan(fixture.average_precision()[3])  # scikit-learn 0, torchmetrics -0: class 3 has no positives
    assert np.isnan(fixture.roc_auc()[3])
    recorded = VALUES["metrics"]["mAP"]
    for average, name in (("micro", "sklearn_micro"), ("weighted", "sklearn_weighted")):
        assert fixture.average_precision(average) == pytest.approx(recorded[name], rel=0, abs=1e-12)
    macro = fixture.average_precision("macro")
    assert macro == pytest.approx(recorded["macro_over_classes_with_positives"], rel=0, abs=1e-12)
    assert macro * 3 / 4 == pytest.approx(recorded["sklearn_macro"], rel=0, abs=1e-12)
    assert fixture.roc_auc("micro") == pytest.approx(VALUES["metrics"]["roc_auc"]["sklearn_micro"], rel=0, abs=1e-12)


@pytest.mark.parametrize(
    "beta, key, value, intervals",
    [
        (1.0, "per_class_F1", "F1", "optimal_intervals_lo_exclusive_hi_inclusive"),
        (2.0, "per_class_F2", "F", "intervals"),
        (0.5, "per_class_F0.5", "F", "intervals"),
    ],
)
def test_recorded_best_f_beta_and_its_interval(fixture, beta, key, value, intervals):
    best = fixture.best_f_beta(beta)
    for c, recorded in enumerate(VALUES["optimal_thresholds_on_metric_fixture"][key]):
        highest = [float(end) for end in recorded[intervals][0]]
        assert [best.dropped[c], best.kept[c]] == highest
        assert best.dropped[c] < best.score_thresholds[c] <= best.kept[c]
        expected = recorded[value] if best.states[c] == "optimum" else np.nan
        assert best.value[c] == pytest.approx(expected, rel=0, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("zero_division", [0, 1])
def test_recorded_best_macro_f1(fixture, zero_division):
    """The optimum with one threshold per class; a class without positives adds only what 0/0 is said to be."""
    recorded = VALUES["optimal_thresholds_on_metric_fixture"][f"macro_F1_best_zero_division_{zero_division}"]
    assert np.nan_to_num(fixture.best_f_beta().value, nan=zero_division).mean() == pytest.approx(recorded, abs=1e-12)
