import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores
from dashboard.inputs.column_facts import is_saturated
from dashboard.inputs.input_check import check_predictions

RNG = np.random.default_rng(0)
N = 200


def predictions(**changed):
    """Three sound classes; each argument replaces the scores or labels of class 1."""
    labels = (RNG.random((N, 3)) < 0.4).astype(np.int8)
    labels[:, 0] |= labels.sum(axis=1) == 0
    scores = RNG.normal(size=(N, 3)) + 2 * labels
    if "scores" in changed:
        scores[:, 1] = changed["scores"](scores, labels)
    if "labels" in changed:
        labels[:, 1] = changed["labels"](labels)
    return Predictions(scores, labels, class_names=("a", "b", "c"))


def found(p):
    return {finding.kind: finding.class_names for finding in check_predictions(p).findings}


def test_check_predictions_sound_data_has_no_finding():
    assert found(predictions()) == {}


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("constant", {"scores": lambda s, y: 1.5}),
        ("duplicated", {"scores": lambda s, y: s[:, 0]}),
        ("worse than chance", {"scores": lambda s, y: -s[:, 1]}),
        ("saturated", {"scores": lambda s, y: 20 * s[:, 1]}),
        ("no positives", {"labels": lambda y: 0}),
        ("no negatives", {"labels": lambda y: 1}),
        ("hardly known", {"labels": lambda y: np.where(np.arange(N) % 5 < 2, y[:, 1], -1)}),
    ],
)
def test_check_predictions_names_the_class_with_a_fault(kind, changed):
    p = predictions(**changed)
    expected = ("b",)
    assert found(p)[kind] == expected


@pytest.mark.parametrize(
    ("scores", "labels", "kind", "sentence"),
    [
        ([[0.5], [0.5]], [[1], [0]], "logits", "1 of 1 class has the same score in every sample"),
        ([[2, 2], [2, 2]], [[1, 0], [0, 1]], "logits", "2 of 2 classes have the same score in every sample"),
        ([[1.0], [0.5]], [[1], [0]], "probabilities", "1 of 1 class has scores equal to 0 or 1 (50.0% of all scores)"),
        ([[50.0], [0.5]], [[1], [0]], "logits", "1 of 1 class has scores whose sigmoid is exactly 0 or 1 in float32"),
    ],
)
def test_check_predictions_says_it_in_words(scores, labels, kind, sentence):
    found = check_predictions(Predictions(np.array(scores, dtype=float), labels, kind)).findings
    assert any(finding.sentence.startswith(sentence) for finding in found)


def test_check_predictions_half_known_is_no_finding():
    p = predictions(labels=lambda y: np.where(np.arange(N) % 2 == 0, y[:, 1], -1))
    assert "hardly known" not in found(p)


def test_check_predictions_constant_classes_are_not_called_duplicates():
    p = Predictions(np.zeros((4, 2)), np.array([[0, 1], [1, 0], [0, 1], [1, 1]]))
    assert "duplicated" not in found(p)


def test_check_predictions_says_the_first_of_equal_columns():
    p = predictions(scores=lambda s, y: s[:, 0])
    assert check_predictions(p).classes["same_as"].tolist() == ["", "a", ""]


def test_check_predictions_minus_zero_equals_zero():
    scores = np.array([[0.0, -0.0], [1.0, 1.0]])
    assert "duplicated" in found(Predictions(scores, np.array([[0, 1], [1, 0]])))


def test_check_predictions_counts_samples_without_a_positive_label():
    labels = np.array([[0, 0], [-1, 0], [1, 0], [-1, -1]])
    check = check_predictions(Predictions(RNG.normal(size=(4, 2)), labels))
    assert check.n_without_label == 3
    assert "3 of 4 samples have no positive label." in [finding.sentence for finding in check.findings]


def test_check_predictions_counts_cells_per_class():
    labels = np.array([[1, 0], [-1, 0], [1, 1], [0, -1]])
    classes = check_predictions(Predictions(RNG.normal(size=(4, 2)), labels)).classes
    assert classes["positives"].tolist() == [2, 1]
    assert classes["negatives"].tolist() == [1, 2]
    assert classes["unknown"].tolist() == [1, 1]
    assert classes["prevalence"].tolist() == [2 / 3, 1 / 3]


def test_check_predictions_gives_the_roc_auc_of_core():
    p = predictions()
    assert check_predictions(p).classes["roc_auc"].tolist() == RankedScores.from_predictions(p).roc_auc().tolist()


def test_check_predictions_uses_the_ranking_given():
    p, other = predictions(), predictions(scores=lambda s, y: -s[:, 1])
    assert "worse than chance" in {f.kind for f in check_predictions(p, RankedScores.from_predictions(other)).findings}


def test_check_predictions_shape_dtype_kind_and_memory():
    check = check_predictions(predictions())
    assert (check.n_samples, check.n_classes, check.dtype, check.score_kind) == (N, 3, "float64", "logits")
    assert check.memory_bytes == N * 3 * 9


def test_check_predictions_finds_duplicates_across_blocks_of_columns(monkeypatch):
    monkeypatch.setattr("dashboard.inputs.column_facts.CELLS_AT_ONCE", 2 * N)
    p = predictions(scores=lambda s, y: s[:, 0])
    scores = np.column_stack([p.scores, p.scores[:, 0]])
    p = Predictions(scores, np.column_stack([p.labels, p.labels[:, 0]]))
    assert check_predictions(p).classes["same_as"].tolist() == ["", "class 0", "", "class 0"]


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_is_saturated_probabilities_at_the_ends(value):
    assert is_saturated(np.array([value, 0.5]), "probabilities").tolist() == [True, False]


def test_is_saturated_logits_by_their_float32_sigmoid():
    logits = np.array([-800, -80.0, 16.0, 17.0, np.inf, -np.inf])
    assert is_saturated(logits, "logits").tolist() == [True, False, False, True, True, True]


def test_check_predictions_one_sample():
    check = check_predictions(Predictions([[1.5]], [[1]]))
    assert {finding.kind for finding in check.findings} == {"no negatives", "constant"}


@pytest.mark.parametrize(("scores", "kind", "doubted"), [((0.0, 1.0), "logits", True), ((0.0, 1.01), "logits", False)])
def test_check_predictions_doubts_logits_between_zero_and_one(scores, kind, doubted):
    p = Predictions(np.array([scores, scores[::-1]]), np.array([[1, 0], [0, 1]]), kind)
    kinds = [finding.kind for finding in check_predictions(p).findings]
    assert ("kind in doubt" in kinds) == doubted


def test_check_predictions_does_not_doubt_probabilities():
    p = Predictions(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([[1, 0], [0, 1]]), "probabilities")
    assert "kind in doubt" not in [finding.kind for finding in check_predictions(p).findings]
