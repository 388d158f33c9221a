import numpy as np
import pytest

from dashboard.core import Counts, metrics

NAN = np.nan
# Four classes by hand: ordinary, never predicted, without positives and predictions, without positives but predicted.
COUNTS = Counts(*(np.array([row]) for row in ([6, 0, 0, 0], [2, 0, 0, 3], [4, 5, 0, 0], [8, 5, 9, 7])))


def counts(tp, fp, fn, tn):
    return Counts(*(np.array([[value]]) for value in (tp, fp, fn, tn)))


@pytest.mark.parametrize(
    "metric, expected",
    [
        (metrics.precision, [6 / 8, NAN, NAN, 0]),
        (metrics.recall, [6 / 10, 0, NAN, NAN]),
        (metrics.f_beta, [12 / 18, 0, NAN, 0]),
        (metrics.jaccard, [6 / 12, 0, NAN, 0]),
        (metrics.specificity, [8 / 10, 1, 1, 7 / 10]),
        (metrics.matthews_corrcoef, [(48 - 8) / np.sqrt(8 * 10 * 10 * 12), NAN, NAN, NAN]),
        (metrics.hamming_loss, [6 / 20, 5 / 10, 0, 3 / 10]),
    ],
)
def test_metric_by_hand(metric, expected):
    np.testing.assert_allclose(metric(COUNTS, zero_division=NAN), [expected], rtol=1e-14)
    np.testing.assert_allclose(metric(COUNTS), [np.nan_to_num(expected)], rtol=1e-14)
    np.testing.assert_allclose(metric(COUNTS, zero_division=1.0), [np.nan_to_num(expected, nan=1)], rtol=1e-14)
    undefined = np.isnan(expected).sum()
    assert metrics.n_undefined(metric, COUNTS).tolist() == [undefined]


def test_f_beta_weighs_recall_by_beta_squared():
    c = counts(1, 1, 3, 0)
    assert metrics.f_beta(c, beta=2)[0, 0] == pytest.approx(5 / (5 + 4 * 3 + 1))
    assert metrics.f_beta(c, beta=0.5)[0, 0] == pytest.approx(1.25 / (1.25 + 0.25 * 3 + 1))


def test_f_beta_of_zero_is_precision():
    np.testing.assert_array_equal(metrics.f_beta(COUNTS, beta=0), metrics.precision(COUNTS))


@pytest.mark.parametrize("beta", [-0.5, np.inf, NAN])
def test_f_beta_refuses_beta(beta):
    with pytest.raises(ValueError, match="beta must be at least 0"):
        metrics.f_beta(COUNTS, beta=beta)


def test_micro_sums_the_counts_first():
    assert metrics.precision(COUNTS, average="micro").tolist() == [6 / 11]


def test_macro_counts_undefined_classes_as_zero_division_says():
    assert metrics.precision(COUNTS, average="macro").tolist() == [0.75 / 4]
    assert metrics.precision(COUNTS, average="macro", zero_division=1.0).tolist() == [2.75 / 4]
    assert metrics.precision(COUNTS, average="macro", zero_division=NAN).tolist() == [0.75 / 2]


def test_weighted_weighs_by_known_positives():
    assert metrics.recall(COUNTS, average="weighted").tolist() == pytest.approx([(10 * 0.6 + 5 * 0) / 15])


def test_weighted_without_any_positive_is_the_plain_mean():
    c = Counts(*(np.array([row]) for row in ([0, 0], [0, 1], [0, 0], [4, 3])))
    assert metrics.specificity(c, average="weighted").tolist() == [(1 + 3 / 4) / 2]


@pytest.mark.filterwarnings("error")
def test_averages_of_nothing_defined_are_nan_without_a_warning():
    c = counts(0, 0, 0, 5)
    for average in ("micro", "macro", "weighted"):
        assert np.isnan(metrics.f_beta(c, average=average, zero_division=NAN)).tolist() == [True]


def test_averages_take_each_threshold_by_itself():
    c = Counts(*(np.array(rows) for rows in ([[1, 0], [1, 1]], [[0, 0], [0, 1]], [[0, 1], [0, 0]], [[1, 1], [1, 0]])))
    assert metrics.precision(c, average="macro", zero_division=NAN).tolist() == [1, 0.75]
    assert metrics.n_undefined(metrics.precision, c).tolist() == [1, 0]


def test_n_undefined_passes_parameters_on():
    assert metrics.n_undefined(metrics.f_beta, counts(0, 0, 3, 1), beta=0).tolist() == [1]
    assert metrics.n_undefined(metrics.f_beta, counts(0, 0, 3, 1), beta=1).tolist() == [0]


@pytest.mark.parametrize("metric", [metrics.precision, metrics.matthews_corrcoef])
def test_average_samples_names_sample_metrics(metric):
    with pytest.raises(ValueError, match="sample_metrics"):
        metric(COUNTS, average="samples")


def test_average_of_another_name_is_refused():
    with pytest.raises(ValueError, match="got 'mean'"):
        metrics.recall(COUNTS, average="mean")


def test_a_single_hit_among_many_is_not_watered_down():
    """An epsilon in the denominator would give 0.909 here."""
    assert metrics.f_beta(counts(1, 0, 0, 10**8)).tolist() == [[1.0]]


def test_matthews_corrcoef_of_huge_counts_does_not_overflow():
    """The product of the margins of 80 million pooled cells is 10^31; int64 ends at 10^19."""
    c = counts(4_000_000_000, 3_000_000_000, 1_000_000_000, 900_000_000_000)
    tp, fp, fn, tn = 4, 3, 1, 900
    expected = (tp * tn - fp * fn) / np.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
    assert metrics.matthews_corrcoef(c)[0, 0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("scale", [1, 7, 10**11])
def test_matthews_corrcoef_reaches_its_ends_exactly(scale):
    assert metrics.matthews_corrcoef(counts(3 * scale, 0, 0, 5 * scale)) == 1
    assert metrics.matthews_corrcoef(counts(0, 3 * scale, 5 * scale, 0)) == -1
    assert metrics.matthews_corrcoef(counts(2 * scale, 4 * scale, 3 * scale, 6 * scale)) == 0


@pytest.mark.filterwarnings("error")
def test_metrics_of_no_classes_and_no_thresholds():
    for shape in ((0, 3), (2, 0), (0, 0)):
        c = Counts(*(np.zeros(shape, dtype=np.int64) for _ in range(4)))
        assert metrics.f_beta(c).shape == shape
        assert metrics.f_beta(c, average="micro").shape == shape[:1]
        assert np.isnan(metrics.f_beta(c, average="macro")).tolist() == [True] * shape[0]
