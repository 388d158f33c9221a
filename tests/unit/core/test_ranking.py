import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, ThresholdSet, sorting

SCORES = np.array([[3.0, 1.0], [2.0, 1.0], [2.0, 0.0], [1.0, -1.0], [0.0, 5.0]])
LABELS = np.array([[1, 0], [0, 0], [1, 0], [-1, 0], [0, -1]])


@pytest.fixture
def r():
    return RankedScores.from_predictions(Predictions(SCORES, LABELS))


def one_class(scores, labels, dtype=np.float64):
    p = Predictions(np.array(scores, dtype=dtype)[:, None], np.array(labels, dtype=int)[:, None])
    return RankedScores.from_predictions(p)


def test_from_predictions_keeps_the_predictions_unchanged(r):
    np.testing.assert_array_equal(r.predictions.scores, SCORES)
    np.testing.assert_array_equal(r.predictions.labels, LABELS)


def test_positives_and_negatives_are_the_known_scores_ascending(r):
    assert (r.positives(0).tolist(), r.negatives(0).tolist()) == ([2, 3], [0, 2])
    assert (r.positives(1).tolist(), r.negatives(1).tolist()) == ([], [-1, 0, 1, 1])


@pytest.mark.parametrize("name", ["positives", "negatives"])
def test_positives_and_negatives_are_read_only_in_the_dtype_of_the_scores(name):
    found = getattr(one_class([1, 2, 3], [0, 1, 0], np.float32), name)(0)
    assert found.dtype == np.float32
    assert not found.flags.writeable


def test_unknown_cells_beside_infinite_scores_do_not_leak():
    """Unknown cells are sorted out as +inf; a known +inf must stay, once."""
    r = one_class([np.inf, np.inf, np.inf, 1, -np.inf], [1, 0, -1, -1, 0])
    assert (r.positives(0).tolist(), r.negatives(0).tolist()) == ([np.inf], [-np.inf, np.inf])


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("n_threads", [1, 3])
def test_from_predictions_joins_its_blocks(monkeypatch, order, n_threads):
    monkeypatch.setattr(sorting, "BLOCK", 16)  # three rows of five classes
    rng = np.random.default_rng(0)
    scores, labels = rng.standard_normal((101, 5)), rng.integers(-1, 2, (101, 5))
    p = Predictions(np.array(scores, order=order), np.array(labels, order=order))
    r = RankedScores.from_predictions(p, n_threads=n_threads)
    for c in range(5):
        np.testing.assert_array_equal(r.positives(c), np.sort(scores[labels[:, c] == 1, c]))
        np.testing.assert_array_equal(r.negatives(c), np.sort(scores[labels[:, c] == 0, c]))


def test_predicted_at_joins_its_blocks():
    """More positives than one search block, with ties across its border."""
    rng = np.random.default_rng(0)
    scores, labels = np.round(rng.standard_normal(20_000) * 40), rng.integers(0, 2, 20_000)
    cuts = one_class(scores, labels).positive_cuts(0)
    np.testing.assert_array_equal(cuts.scores, np.unique(scores[labels == 1])[::-1])
    np.testing.assert_array_equal(cuts.fp, [(scores[labels == 0] >= s).sum() for s in cuts.scores])


def test_counts_of_a_scalar_have_one_row(r):
    c = r.counts(0.5)  # logit 0
    assert (c.tp.tolist(), c.fp.tolist(), c.fn.tolist(), c.tn.tolist()) == ([[2, 0]], [[2, 3]], [[0, 0]], [[0, 1]])


def test_counts_of_one_dimension_apply_to_all_classes(r):
    np.testing.assert_array_equal(r.counts([0.5, 1, 0]).fp, [[2, 3], [0, 0], [2, 4]])


def test_counts_of_two_dimensions_have_a_column_per_class(r):
    np.testing.assert_array_equal(r.counts([[0.5, 1.0], [1.0, 0.5]]).fp, [[2, 0], [0, 3]])


def test_counts_of_a_threshold_set_use_its_scores(r):
    ts = ThresholdSet.from_scores(r.predictions, [2.0, 1.0])
    c = r.counts(ts)
    assert (c.tp.tolist(), c.fp.tolist()) == ([[2, 0]], [[1, 2]])


def test_counts_refuse_a_threshold_set_of_other_scores(r):
    other = Predictions(SCORES.astype(np.float32), LABELS)
    with pytest.raises(ValueError, match="float32"):
        r.counts(ThresholdSet.from_unit(other, 0.5))


@pytest.mark.parametrize("shape", [(2, 1), (2, 3), (1, 2, 2)])
def test_counts_refuse_other_shapes(r, shape):
    with pytest.raises(ValueError, match=r"\(n_thresholds, 2\), got"):
        r.counts(np.full(shape, 0.5))


def test_counts_refuse_thresholds_off_the_scale(r):
    with pytest.raises(ValueError, match=r"\[0, 1\], got 1.5"):
        r.counts(1.5)


def test_counts_of_nan_predict_nothing(r):
    assert r.counts(np.nan).fp.tolist() == [[0, 0]]


def test_counts_at_scores_refuse_nan(r):
    with pytest.raises(ValueError, match="NaN"):
        r.counts_at_scores(np.nan)


def test_counts_at_scores_include_infinite_scores():
    r = one_class([-np.inf, 0, np.inf], [1, 1, 1])
    assert r.counts_at_scores([-np.inf, np.finfo(float).min, np.finfo(float).max, np.inf]).tp.T.tolist() == [
        [3, 2, 1, 1]
    ]


def test_counts_at_scores_compare_float64_thresholds_exactly_with_float32_scores():
    r = one_class([0.1], [1], np.float32)
    score = float(np.float32(0.1))
    assert r.counts_at_scores([score, np.nextafter(score, 1)]).tp.T.tolist() == [[1, 0]]


def test_counts_of_no_thresholds_are_empty(r):
    assert r.counts([]).tp.shape == (0, 2)


def test_minus_zero_is_zero():
    r = one_class([-0.0, 0.0], [1, 0])
    assert r.cuts(0).scores.tolist() == [0]
    assert r.counts_at_scores([-0.0, 0.0]).fp.T.tolist() == [[1, 1]]


def test_average_precision_by_hand():
    """Positives at ranks 1 and, tied with a negative, 2-3: 1/2 * 1/1 + 1/2 * 2/3."""
    assert one_class([3, 2, 2, 0], [1, 0, 1, 0]).average_precision()[0] == pytest.approx(5 / 6)


def test_average_precision_of_equal_scores_is_the_prevalence():
    assert one_class(np.ones(8), [1, 0, 0, 0, 1, 0, 0, 0]).average_precision("macro") == pytest.approx(0.25)


def test_average_precision_skips_undefined_classes(r):
    assert np.isnan(r.average_precision()).tolist() == [False, True]
    assert r.average_precision("macro") == r.average_precision()[0]


def test_average_precision_hands_out_its_own_array(r):
    r.average_precision()[0] = 7
    assert r.average_precision()[0] < 1


def test_roc_auc_counts_ties_half():
    assert one_class([2, 2, 1, 0], [1, 0, 1, 0]).roc_auc()[0] == pytest.approx((0.5 + 1 + 0 + 1) / 4)


@pytest.mark.parametrize("name", ["average_precision", "roc_auc"])
def test_areas_refuse_other_averages(r, name):
    with pytest.raises(ValueError, match="sample_metrics"):
        getattr(r, name)("samples")
    with pytest.raises(ValueError, match="average must be one of"):
        getattr(r, name)("mean")


def test_best_f_beta_stores_the_midpoint():
    best = one_class([4, 3, 1, 0], [1, 1, 0, 0]).best_f_beta()
    assert (best.dropped[0], best.kept[0], best.score_thresholds[0], best.value[0]) == (1, 3, 2, 1)


def test_best_f_beta_of_equal_cuts_is_the_highest():
    """Keeping {4} or {4, 3, 2, 1} both give 2/3."""
    best = one_class([4, 3, 2, 1], [1, 0, 0, 1]).best_f_beta()
    assert (best.dropped[0], best.kept[0]) == (3, 4)


def test_best_f_beta_that_keeps_everything_stores_the_lowest_score():
    """Nothing is known of lower scores, so the interval is open but the threshold is the last score seen."""
    best = one_class([2, 1], [1, 1]).best_f_beta()
    assert (best.dropped[0], best.kept[0], best.score_thresholds[0]) == (-np.inf, 1, 1)


def test_best_f_beta_without_positives_predicts_nothing(r):
    best = r.best_f_beta()
    assert best.states == ("optimum", "undefined: no known positives")
    assert np.isnan(best.value[1])
    assert (best.dropped[1], best.kept[1], best.score_thresholds[1]) == (1, np.inf, np.inf)


def test_best_f_beta_has_the_dtype_of_the_scores():
    best = one_class([2, 1], [1, 0], np.float32).best_f_beta()
    assert {array.dtype for array in (best.score_thresholds, best.dropped, best.kept)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("beta", [-1, np.inf, np.nan])
def test_best_f_beta_refuses_beta(r, beta):
    with pytest.raises(ValueError, match="beta must be"):
        r.best_f_beta(beta)


DEGENERATE = {
    "no samples": np.zeros((0, 2)),
    "no classes": np.zeros((3, 0)),
    "one sample": np.ones((1, 1)),
    "no positives": np.zeros((4, 1)),
    "no negatives": np.ones((4, 1)),
    "all unknown": -np.ones((4, 2)),
}


@pytest.mark.parametrize("labels", DEGENERATE.values(), ids=DEGENERATE.keys())
@pytest.mark.parametrize("score", [0.0, np.inf, -np.inf])
@pytest.mark.filterwarnings("error")
def test_degenerate_input_neither_raises_nor_warns(labels, score):
    r = RankedScores.from_predictions(Predictions(np.full(labels.shape, score), labels))
    n_classes, n_known = labels.shape[1], (labels >= 0).sum(axis=0)
    no_positives = (labels == 1).sum(axis=0) == 0
    np.testing.assert_array_equal(np.isnan(r.average_precision()), no_positives)
    np.testing.assert_array_equal(r.roc_auc(), np.full(n_classes, np.nan))  # no class here has both
    for average in ("micro", "macro", "weighted"):
        assert np.isnan(r.average_precision(average)) == no_positives.all()
        assert np.isnan(r.roc_auc(average))
    best = r.best_f_beta()
    np.testing.assert_array_equal(np.isnan(best.value), no_positives)
    c = r.counts([0, 0.5, 1, np.nan])
    np.testing.assert_array_equal(c.tp + c.fp + c.fn + c.tn, np.tile(n_known, (4, 1)))
    for i in range(n_classes):
        precision, recall, thresholds = r.precision_recall_curve(i)
        assert len(precision) == len(recall) == len(thresholds) + 1 == (n_known[i] > 0) + 1
        false_positive_rate, _, thresholds = r.roc_curve(i)
        assert len(false_positive_rate) == len(thresholds) == (n_known[i] > 0) + 1
        assert len(r.positives(i)) + len(r.negatives(i)) == n_known[i]
