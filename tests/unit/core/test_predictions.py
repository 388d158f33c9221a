import numpy as np
import pytest

from dashboard.core import Predictions

SCORES = np.array([[0.2, -1.0], [3.0, 0.5], [-2.0, 0.0]], dtype=np.float32)
LABELS = np.array([[1, 0], [-1, 0], [1, 0]], dtype=np.int8)


def make(**changes):
    return Predictions(**{"scores": SCORES, "labels": LABELS} | changes)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_predictions_keep_the_dtype_of_the_scores(dtype):
    assert make(scores=SCORES.astype(dtype)).scores.dtype == dtype


def test_predictions_widen_float16():
    assert make(scores=SCORES.astype(np.float16)).scores.dtype == np.float32


def test_predictions_accept_the_other_byte_order():
    p = make(scores=SCORES.astype(">f8"))
    assert p.scores.dtype == np.float64
    assert p.scores.dtype.isnative
    np.testing.assert_array_equal(p.scores, SCORES)


def test_predictions_are_read_only_without_copying():
    p = make()
    with pytest.raises(ValueError, match="read-only"):
        p.scores[0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        p.labels[0, 0] = 1
    assert np.shares_memory(p.scores, SCORES)
    assert np.shares_memory(p.labels, LABELS)
    assert SCORES.flags.writeable


@pytest.mark.parametrize(
    "scores, message",
    [
        (SCORES[0], "shape"),
        (SCORES.astype(int), "float32 or float64, got int64"),
        (np.full((3, 2), np.nan), "NaN"),
        (SCORES.astype(str), "float32 or float64"),
        (SCORES.astype(complex), "float32 or float64"),
    ],
)
def test_predictions_refuse_scores(scores, message):
    with pytest.raises(ValueError, match=message):
        make(scores=scores)


@pytest.mark.parametrize("labels", [LABELS + 1, LABELS - 1, LABELS * 0.5, np.full((3, 2), np.nan), LABELS.astype(str)])
def test_predictions_refuse_labels_other_than_1_0_and_unknown(labels):
    with pytest.raises(ValueError, match="labels must be"):
        make(labels=labels)


def test_predictions_refuse_labels_of_another_shape():
    with pytest.raises(ValueError, match=r"\(3, 2\), got \(2, 3\)"):
        make(labels=LABELS.T)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_predictions_read_labels_of_any_number_type(dtype):
    labels = np.abs(LABELS)
    np.testing.assert_array_equal(make(labels=labels.astype(dtype)).labels, labels)


@pytest.mark.parametrize("value", [-0.01, 1.01, np.inf])
def test_predictions_refuse_probabilities_outside_0_and_1(value):
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        make(scores=np.where(SCORES == 3, value, 0.5), score_kind="probabilities")


def test_predictions_accept_infinite_logits():
    assert make(scores=np.where(SCORES == 3, np.inf, -np.inf)).scores[1, 0] == np.inf


def test_predictions_refuse_another_score_kind():
    with pytest.raises(ValueError, match="score_kind must be one of"):
        make(score_kind="sigmoid")


@pytest.mark.parametrize("names, message", [(["a"], "2 classes, got 1"), (["a", "a"], "distinct")])
def test_predictions_refuse_class_names(names, message):
    with pytest.raises(ValueError, match=message):
        make(class_names=names)


def test_predictions_refuse_columns_of_another_length():
    with pytest.raises(ValueError, match=r"site must have shape \(3,\), got \(2,\)"):
        make(columns={"site": ["x", "y"]})


def test_support_and_prevalence_leave_unknown_cells_out():
    p = make()
    assert p.support.tolist() == [2, 0]
    assert p.n_known.tolist() == [2, 3]
    assert p.prevalence.tolist() == [1, 0]


def test_prevalence_of_a_class_without_known_cells_is_nan():
    assert np.isnan(make(labels=np.full((3, 2), -1)).prevalence).all()


def test_support_counts_across_blocks():
    labels = np.zeros((70_000, 1), dtype=np.int8)
    labels[[0, 65_535, 65_536, 69_999]] = 1
    assert Predictions(np.zeros((70_000, 1)), labels).support.tolist() == [4]


def test_take_keeps_scores_labels_ids_and_columns_together():
    p = make(sample_ids=["a", "b", "c"], columns={"site": np.array(["x", "y", "z"])}, class_names=["m", "n"])
    q = p.take([2, 0])
    np.testing.assert_array_equal(q.scores, SCORES[[2, 0]])
    np.testing.assert_array_equal(q.labels, LABELS[[2, 0]])
    assert q.sample_ids.tolist() == ["c", "a"]
    assert q.columns["site"].tolist() == ["z", "x"]
    assert q.class_names == ("m", "n")


def test_take_of_a_mask_keeps_the_kind():
    q = make(scores=np.full((3, 2), 0.5), score_kind="probabilities").take(np.array([True, False, True]))
    assert (q.n_samples, q.score_kind) == (2, "probabilities")


def test_digest_is_a_recorded_value():
    """Stored in links and reviews: it must never change for the same data."""
    assert make().digest == "a0dd272b5f19d5c0ebe8527bd4e3b2f571c0a37bad5c18c2415bb6da6cabcf4d"


def test_digest_does_not_depend_on_the_memory_order():
    assert make(scores=np.asfortranarray(SCORES), labels=np.asfortranarray(LABELS)).digest == make().digest


@pytest.mark.parametrize(
    "changes",
    [
        {"scores": SCORES + np.float32(1)},
        {"scores": SCORES.astype(np.float64)},
        {"labels": np.abs(LABELS)},
        {"scores": np.full((3, 2), 0.5), "score_kind": "probabilities"},
        {"class_names": ["a", "b"]},
        {"sample_ids": ["a", "b", "c"]},
        {"columns": {"site": ["x", "y", "z"]}},
    ],
)
def test_digest_depends_on_all_content(changes):
    assert make(**changes).digest != make().digest


def test_digest_depends_on_the_score_kind_alone():
    half = np.full((3, 2), 0.5)
    assert make(scores=half).digest != make(scores=half, score_kind="probabilities").digest


def test_the_digest_of_what_is_tuned_on_leaves_ids_and_columns_out():
    """Stored in thresholds.json: it must never change for the same scores and labels."""
    assert make().tuning_digest == "af866d4ff004c8fb496d72909bbdc9cf2a68aef8a44ba8c1c5eaf4332343af5c"
    assert make(sample_ids=["a", "b", "c"], columns={"site": ["x", "y", "z"]}).tuning_digest == make().tuning_digest
    assert make(scores=np.asfortranarray(SCORES)).tuning_digest == make().tuning_digest


@pytest.mark.parametrize(
    "changes",
    [
        {"scores": SCORES + np.float32(1)},
        {"scores": SCORES.astype(np.float64)},
        {"labels": np.abs(LABELS)},
        {"scores": np.full((3, 2), 0.5), "score_kind": "probabilities"},
        {"class_names": ["a", "b"]},
    ],
)
def test_the_digest_of_what_is_tuned_on_depends_on_all_of_it(changes):
    assert make(**changes).tuning_digest != make().tuning_digest
    half = make(scores=np.full((3, 2), 0.5))
    assert half.tuning_digest != make(scores=half.scores, score_kind="probabilities").tuning_digest


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_predictions_may_be_empty(shape):
    p = Predictions(np.zeros(shape), np.zeros(shape, dtype=int))
    assert (p.n_samples, p.n_classes) == shape
    assert len(p.digest) == 64


def test_without_cells_makes_them_unknown_and_nothing_else():
    p = Predictions([[0.1, 0.2], [0.3, 0.4]], [[1, 0], [1, -1]], class_names=["a", "b"])
    left = p.without_cells(np.array([[True, False], [False, False]]))
    assert left.labels.tolist() == [[-1, 0], [1, -1]] and left.class_names == ("a", "b")
    assert p.labels.tolist() == [[1, 0], [1, -1]]


def test_without_cells_of_none_is_itself():
    p = Predictions([[0.1]], [[1]])
    assert p.without_cells(np.array([[False]])) is p
