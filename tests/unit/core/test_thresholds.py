import numpy as np
import pytest

from dashboard.core import Predictions, ThresholdSet

SCORES = np.array([[0.1, 2.0], [0.2, -1.0]], dtype=np.float32)


def predictions(**changes):
    return Predictions(**{"scores": SCORES, "labels": [[1, 0], [0, 1]], "class_names": ["a", "b"]} | changes)


def test_from_unit_takes_one_threshold_for_all_classes():
    ts = ThresholdSet.from_unit(predictions(), 0.5)
    np.testing.assert_array_equal(ts.score_thresholds, np.zeros(2, np.float32))
    np.testing.assert_array_equal(ts.thresholds, [0.5, 0.5])


def test_from_scores_has_the_dtype_of_the_scores():
    assert ThresholdSet.from_scores(predictions(), [0.5, 1]).score_thresholds.dtype == np.float32


def test_from_scores_rounds_up_so_that_decisions_stay():
    """float32(0.1) is above the float64 0.1: both comparisons must say so, and 0.1 + 1e-9 must drop it."""
    p = predictions()
    assert ThresholdSet.from_scores(p, 0.1).predict(p)[0, 0]
    between = float(SCORES[0, 0]) + 1e-9
    assert np.float32(between) == SCORES[0, 0]  # rounding to nearest would keep the score
    assert not ThresholdSet.from_scores(p, between).predict(p)[0, 0]


def test_from_scores_refuses_nan():
    with pytest.raises(ValueError, match="NaN"):
        ThresholdSet.from_scores(predictions(), [0.5, np.nan])


def test_from_scores_refuses_another_number_of_classes():
    with pytest.raises(ValueError, match="broadcast"):
        ThresholdSet.from_scores(predictions(), [0.5, 0.5, 0.5])


def test_score_thresholds_are_read_only_and_their_own():
    given = np.zeros(2, np.float32)
    ts = ThresholdSet.from_scores(predictions(), given)
    given[0] = 7
    assert ts.score_thresholds[0] == 0
    assert not ts.score_thresholds.flags.writeable


def test_predict_includes_the_threshold_itself():
    p = predictions()
    decided = ThresholdSet.from_scores(p, SCORES[1]).predict(p)
    np.testing.assert_array_equal(decided, [[False, True], [True, True]])


def test_predict_never_and_always():
    p = predictions()
    np.testing.assert_array_equal(ThresholdSet.from_scores(p, [np.inf, -np.inf]).predict(p), [[False, True]] * 2)


def test_thresholds_of_never_are_nan():
    assert np.isnan(ThresholdSet.from_unit(predictions(), [np.nan, 0.5]).thresholds).tolist() == [True, False]


def test_details_say_where_thresholds_come_from():
    assert ThresholdSet.from_unit(predictions(), 0.5, policy="fixed").details == {"policy": "fixed"}


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"class_names": ["a", "c"]}, "other classes"),
        ({"scores": SCORES.astype(np.float64)}, "for logits in float32, got logits in float64"),
        ({"scores": np.abs(SCORES) / 2, "score_kind": "probabilities"}, "for logits in float32, got probabilities"),
    ],
)
def test_predict_refuses_predictions_that_do_not_fit(changes, message):
    with pytest.raises(ValueError, match=message):
        ThresholdSet.from_unit(predictions(), 0.5).predict(predictions(**changes))
