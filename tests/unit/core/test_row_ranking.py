import warnings

import numpy as np
import pytest

from dashboard.core import Predictions
from dashboard.core.row_ranking import (
    RowMean,
    coverage_error,
    label_ranking_average_precision,
    one_error,
    precision_at_k,
    ranking_loss,
)

ALL = [coverage_error, label_ranking_average_precision, one_error, ranking_loss, lambda p: precision_at_k(p, 1)]


def one_row(scores, labels):
    return Predictions(np.array([scores], dtype=np.float64), [labels])


def test_a_row_is_hand_computed():
    p = one_row([4, 3, 2, 1], [0, 1, 0, 1])
    assert label_ranking_average_precision(p).value == (1 / 2 + 2 / 4) / 2
    assert coverage_error(p).value == 4
    assert ranking_loss(p).value == 3 / 4
    assert one_error(p).value == 1
    assert precision_at_k(p, 2).value == 1 / 2


def test_ties_count_against_the_ranking_in_any_order_of_columns():
    for labels in ([1, 0], [0, 1]):
        p = one_row([2, 2], labels)
        assert label_ranking_average_precision(p).value == 0.5
        assert coverage_error(p).value == 2
        assert ranking_loss(p).value == 1
        assert one_error(p).value == 1
        assert precision_at_k(p, 1).value == 0


def test_tied_positives_fill_the_places_after_the_negatives():
    assert precision_at_k(one_row([5, 2, 2, 2, 1], [0, 1, 0, 1, 1]), 3).value == pytest.approx(1 / 3)


def test_unknown_cells_are_not_ranked():
    known, with_unknown = one_row([3, 1], [0, 1]), one_row([3, 9, 1, 3, -np.inf], [0, -1, 1, -1, -1])
    for metric in ALL:
        assert metric(with_unknown) == metric(known)


def test_a_row_without_labels_or_without_negatives_keeps_scikit_learns_convention():
    for labels, coverage in (([0, 0], 0), ([1, 1], 2)):
        p = one_row([2, 1], labels)
        assert label_ranking_average_precision(p).value == 1
        assert ranking_loss(p).value == 0
        assert coverage_error(p).value == coverage


def test_one_error_counts_or_leaves_out_rows_without_labels():
    p = Predictions(np.array([[2.0, 1.0], [2.0, 1.0]]), [[0, 0], [1, 0]])
    assert one_error(p) == RowMean(0.5, 2, 0)
    assert one_error(p, count_rows_without_labels=False) == RowMean(0.0, 1, 1)


def test_precision_at_k_divides_by_the_known_cells_of_a_row_that_has_fewer():
    assert precision_at_k(one_row([3, 2, 1], [1, -1, -1]), 3).value == 1


def test_rows_without_a_known_cell_are_left_out_and_counted():
    p = Predictions(np.array([[2.0, 1.0], [2.0, 1.0]]), [[-1, -1], [0, 1]])
    assert coverage_error(p) == RowMean(2.0, 1, 1)


def test_infinite_scores_are_ranked():
    p = one_row([np.inf, -np.inf, 0, -np.inf], [1, 1, 0, 0])
    assert coverage_error(p).value == 4
    assert ranking_loss(p).value == 2 / 4


def test_a_mean_over_several_blocks_uses_every_row():
    scores = np.tile([[2.0, 1.0], [1.0, 2.0]], (3000, 1))
    assert one_error(Predictions(scores, np.tile([1, 0], (6000, 1)))) == RowMean(0.5, 6000, 0)


@pytest.mark.parametrize("metric", ALL)
@pytest.mark.parametrize("shape", [(0, 3), (2, 2), (1, 1)])
def test_nothing_known_is_nan_without_a_warning(metric, shape):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = metric(Predictions(np.zeros(shape), np.full(shape, -1)))
    assert np.isnan(found.value)
    assert (found.n_rows_used, found.n_rows_left_out) == (0, shape[0])


@pytest.mark.parametrize("k", [0, 3])
def test_k_outside_the_classes_is_refused(k):
    with pytest.raises(ValueError, match=r"1\.\.2"):
        precision_at_k(one_row([2, 1], [1, 0]), k)


def test_progress_rises_to_one():
    heard = []
    coverage_error(Predictions(np.zeros((5000, 2)), np.zeros((5000, 2))), progress=heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
