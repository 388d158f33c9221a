import numpy as np
import pytest

from dashboard.core import Counts, Predictions, RankedScores, ThresholdSet, metrics
from dashboard.core.groups import group_counts, reader_group_counts

NAMES = ("tp", "fp", "fn", "tn")


def problem(n=2_000, n_classes=11, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.choice(np.array([-1, 0, 1], np.int8), (n, n_classes), p=[0.1, 0.6, 0.3])
    p = Predictions(np.round(rng.normal(size=(n, n_classes)), 1), labels)
    thresholds = ThresholdSet.from_unit(p, rng.uniform(0.3, 0.8, n_classes))
    decided = rng.choice(np.array([-1, 0, 1], np.int8), labels.shape)
    return p, thresholds, decided, rng.integers(0, 7, n)


def assert_equal(found: Counts, expected: Counts):
    for name in NAMES:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


@pytest.mark.parametrize(
    "shape", [(2_000, 11), (5, 1), (1, 8), (40, 3_000), (900, 1_030), (300_000, 2), (3, 512), (7, 513)]
)
def test_group_counts_are_the_counts_of_each_groups_samples(shape):
    p, thresholds, _, groups = problem(*shape)
    found = group_counts(p, thresholds, groups, 8)
    assert found.tp.shape == (8, shape[1]) and found.tp.dtype == np.int64
    for group in range(8):
        expected = Counts.from_predicted(p.take(groups == group), thresholds.predict(p)[groups == group])
        assert_equal(Counts(*(getattr(found, name)[[group]] for name in NAMES)), expected)


def test_group_counts_add_up_to_the_counts_of_all_samples():
    p, thresholds, _, groups = problem()
    found = group_counts(p, thresholds, groups, 7)
    total = RankedScores.from_predictions(p).counts(thresholds)
    assert_equal(Counts(*(getattr(found, name).sum(axis=0, keepdims=True) for name in NAMES)), total)


def test_reader_group_counts_leave_out_what_was_not_decided():
    p, _, decided, groups = problem()
    found = reader_group_counts(p, decided, groups, 7)
    for group in range(7):
        expected = Counts.from_reader(p.take(groups == group), decided[groups == group])
        assert_equal(Counts(*(getattr(found, name)[[group]] for name in NAMES)), expected)


def test_metrics_apply_to_a_row_per_group():
    p, thresholds, _, groups = problem()
    found = group_counts(p, thresholds, groups, 7)
    one = RankedScores.from_predictions(p.take(groups == 3)).counts(thresholds)
    assert metrics.f_beta(found, average="macro")[3] == metrics.f_beta(one, average="macro")[0]


def test_more_samples_of_a_group_than_a_byte_counts_are_counted():
    n = 5_000
    p = Predictions(np.ones((n, 1)), np.ones((n, 1), np.int8))
    found = group_counts(p, ThresholdSet.from_unit(p, 0.5), np.zeros(n, int), 1)
    assert found.tp.tolist() == [[n]]


def test_infinite_thresholds_decide_all_or_nothing():
    p, _, _, groups = problem(50, 2)
    found = group_counts(p, ThresholdSet.from_scores(p, [np.inf, -np.inf]), groups, 7)
    assert not found.tp[:, 0].any() and not (found.fn + found.tn)[:, 1].any()


def test_no_sample_counts_nothing():
    p = Predictions(np.empty((0, 3)), np.empty((0, 3), np.int8))
    found = group_counts(p, ThresholdSet.from_unit(p, 0.5), np.empty(0, int), 2)
    assert found.tp.shape == (2, 3) and not found.tn.any()


@pytest.mark.parametrize("groups", [[0, 1, 2], [0, -1], [0.0, 1.0], [0]])
def test_groups_that_do_not_fit_are_refused(groups):
    p = Predictions(np.zeros((2, 1)), np.zeros((2, 1), np.int8))
    with pytest.raises(ValueError, match="groups must"):
        group_counts(p, ThresholdSet.from_unit(p, 0.5), groups, 2)


def test_thresholds_of_other_scores_are_refused():
    p, _, _, groups = problem()
    other = Predictions(p.scores.astype(np.float32), p.labels)
    with pytest.raises(ValueError, match="threshold set is for"):
        group_counts(p, ThresholdSet.from_unit(other, 0.5), groups, 7)


@pytest.mark.parametrize("order", "CF")
def test_the_order_in_memory_does_not_matter(order):
    p, thresholds, decided, groups = problem(1_000, 700)
    other = Predictions(np.asarray(p.scores, order=order), np.asarray(p.labels, order=order))
    assert_equal(group_counts(other, thresholds, groups, 7), group_counts(p, thresholds, groups, 7))
    reordered = np.asarray(decided, order=order)
    assert_equal(reader_group_counts(other, reordered, groups, 7), reader_group_counts(p, decided, groups, 7))
