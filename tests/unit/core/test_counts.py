import numpy as np
import pytest

from dashboard.core import Counts, Predictions

LABELS = np.array([[1, 0, -1], [0, 0, 1], [1, 1, -1], [1, -1, 0]])
PREDICTED = np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0], [1, 1, 1]], dtype=bool)


@pytest.fixture
def p():
    return Predictions(np.zeros(LABELS.shape), LABELS)


def test_from_predicted_counts_known_cells_by_hand(p):
    c = Counts.from_predicted(p, PREDICTED)
    np.testing.assert_array_equal(c.tp, [[2, 1, 0]])
    np.testing.assert_array_equal(c.fp, [[1, 1, 1]])
    np.testing.assert_array_equal(c.fn, [[1, 0, 1]])
    np.testing.assert_array_equal(c.tn, [[0, 1, 0]])


def test_from_predicted_is_int64(p):
    c = Counts.from_predicted(p, PREDICTED)
    assert {array.dtype for array in (c.tp, c.fp, c.fn, c.tn)} == {np.dtype(np.int64)}


def test_from_predicted_counts_across_blocks():
    p = Predictions(np.zeros((70_000, 1)), np.ones((70_000, 1)))
    assert Counts.from_predicted(p, np.ones((70_000, 1), dtype=bool)).tp == [[70_000]]


@pytest.mark.parametrize("predicted", [PREDICTED.astype(int), PREDICTED[:2]])
def test_from_predicted_refuses_other_dtypes_and_shapes(p, predicted):
    with pytest.raises(ValueError, match=r"bool of shape \(4, 3\), got"):
        Counts.from_predicted(p, predicted)


def test_support_is_the_known_positives(p):
    np.testing.assert_array_equal(Counts.from_predicted(p, PREDICTED).support, [p.support])


def test_pooled_sums_over_classes(p):
    pooled = Counts.from_predicted(p, PREDICTED).pooled()
    assert [pooled.tp.tolist(), pooled.fp.tolist(), pooled.fn.tolist(), pooled.tn.tolist()] == [
        [[3]],
        [[3]],
        [[2]],
        [[1]],
    ]


def test_from_predicted_without_samples_is_zero():
    c = Counts.from_predicted(Predictions(np.zeros((0, 2)), np.zeros((0, 2))), np.zeros((0, 2), dtype=bool))
    np.testing.assert_array_equal([c.tp, c.fp, c.fn, c.tn], np.zeros((4, 1, 2)))
