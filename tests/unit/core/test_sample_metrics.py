import warnings

import numpy as np
import pytest

from dashboard.core import Predictions, ThresholdSet, metrics
from dashboard.core.sample_metrics import sample_metrics, sample_metrics_at_scores, sample_metrics_from_predicted

SCORES = np.array([[0.9, 0.8, 0.1], [0.4, 0.2, 0.1], [0.7, 0.6, 0.6]])
LABELS = np.array([[1, 0, 0], [0, 0, 0], [1, -1, -1]])


def predictions(scores=SCORES, labels=LABELS):
    return Predictions(scores, labels, "probabilities")


def test_sample_metrics_are_hand_computed():
    found = sample_metrics(predictions(), 0.5)
    assert found.precision == pytest.approx((0.5 + 0 + 1) / 3)
    assert found.recall == pytest.approx((1 + 0 + 1) / 3)
    assert found.f1 == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert found.jaccard == pytest.approx((0.5 + 0 + 1) / 3)
    assert found.subset_accuracy == pytest.approx(2 / 3)


def test_cardinalities_count_known_cells_only():
    found = sample_metrics(predictions(), 0.5)
    assert (found.predicted_cardinality, found.true_cardinality) == (1.0, pytest.approx(2 / 3))


def test_n_predicted_empty_counts_samples_without_a_known_class_predicted():
    scores = np.array([[0.1, 0.9], [0.9, 0.1]])
    assert sample_metrics(predictions(scores, [[0, -1], [1, 0]]), 0.5).n_predicted_empty == 1


def test_rows_without_a_known_cell_are_left_out_and_counted():
    found = sample_metrics(predictions(labels=[[1, 0, 0], [-1, -1, -1], [1, 1, 1]]), 0.5)
    assert (found.n_rows_used, found.n_rows_left_out) == (2, 1)
    assert found.n_predicted_empty == 0


def test_a_threshold_equal_to_the_score_predicts_it():
    assert sample_metrics(predictions(), [0.6, np.nextafter(0.6, 1)]).predicted_cardinality.tolist() == [1.0, 1.0]
    assert sample_metrics(predictions(), [0.8, np.nextafter(0.8, 1)]).predicted_cardinality.tolist() == [2 / 3, 1 / 3]


def test_unordered_thresholds_keep_their_places():
    thresholds = np.array([0.9, 0.1, 0.5, 0.7, 0.0, 1.0, 0.3, 0.65])
    together = sample_metrics(predictions(), thresholds).f1
    assert together.tolist() == [sample_metrics(predictions(), t).f1[0] for t in thresholds]


def test_a_mean_is_the_same_float_beside_other_thresholds():
    rng = np.random.default_rng(0)
    p = predictions(rng.random((5000, 7)), rng.random((5000, 7)) < 0.3)
    together = sample_metrics(p, np.linspace(0, 1, 101))
    for index in (0, 13, 50, 77):
        alone = sample_metrics(p, np.linspace(0, 1, 101)[index])
        assert alone.f1[0] == together.f1[index]
        assert alone.jaccard[0] == together.jaccard[index]


def test_thresholds_per_class_and_a_threshold_set_agree():
    p, per_class = predictions(), [0.95, 0.1, 0.3]
    by_rows = sample_metrics(p, [per_class, [0.5, 0.5, 0.5]])
    by_set = sample_metrics(p, ThresholdSet.from_unit(p, per_class))
    assert by_rows.f1[0] == by_set.f1[0]
    assert by_rows.f1[1] == sample_metrics(p, 0.5).f1[0]


def test_from_predicted_agrees_with_the_threshold_that_decides_so():
    p = predictions()
    given, at_threshold = sample_metrics_from_predicted(p, p.scores >= 0.5), sample_metrics(p, 0.5)
    assert given.precision == at_threshold.precision
    assert given.n_predicted_empty == at_threshold.n_predicted_empty


def test_nan_threshold_predicts_nothing():
    assert sample_metrics(predictions(), np.nan).n_predicted_empty == 3


def test_minus_infinity_predicts_everything_even_minus_infinity():
    p = Predictions(np.array([[-np.inf, 1.0]]), [[0, 1]])
    assert sample_metrics_at_scores(p, -np.inf).predicted_cardinality == 2.0


def test_progress_rises_to_one():
    p = predictions(np.tile(SCORES, (2000, 1)), np.tile(LABELS, (2000, 1)))
    heard = []
    sample_metrics(p, 0.5, progress=heard.append)
    assert heard == sorted(heard)
    assert len(heard) > 1
    assert heard[-1] == 1.0


def test_metrics_offers_sample_metrics():
    assert metrics.sample_metrics is sample_metrics


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 2)])
def test_nothing_known_is_nan_without_a_warning(shape):
    p = predictions(np.full(shape, 0.5), np.full(shape, -1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = sample_metrics(p, np.linspace(0, 1, 9))
    assert np.isnan(found.f1).all()
    assert np.isnan(found.subset_accuracy).all()
    assert (found.n_rows_used, found.n_rows_left_out) == (0, shape[0])


def test_thresholds_of_another_number_of_classes_are_refused():
    with pytest.raises(ValueError, match=r"\(n_thresholds, 3\)"):
        sample_metrics(predictions(), np.zeros((2, 4)))


def test_decisions_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="bool of shape"):
        sample_metrics_from_predicted(predictions(), np.zeros((3, 2), dtype=bool))
