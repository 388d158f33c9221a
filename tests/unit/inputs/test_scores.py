import numpy as np
import pytest

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.mapping import ScoreMapping
from dashboard.inputs.matrix import Matrix
from dashboard.inputs.scores import checked_scores, suggest_score_kind


def check(values, kind="logits", **names):
    return checked_scores(Matrix("'scores.npy' (scores)", np.asarray(values), **names), ScoreMapping(kind))


def test_suggest_score_kind_beyond_the_unit_interval_suggests_logits_and_says_why():
    suggestion = suggest_score_kind(np.array([[0.2, -3.5], [0.1, 4.0]]), "scores.npy")
    assert (suggestion.kind, suggestion.suggested) == (None, "logits")
    assert suggestion.reason == "The values reach from -3.5 to 4, beyond [0, 1]."


def test_suggest_score_kind_within_the_unit_interval_suggests_probabilities():
    suggestion = suggest_score_kind(np.array([[0.25, 0.5]]), "scores.npy")
    assert suggestion.suggested == "probabilities"
    assert suggestion.reason == "All 2 values lie in [0, 1], from 0.25 to 0.5."


def test_suggest_score_kind_the_ends_of_the_unit_interval_are_probabilities():
    assert suggest_score_kind(np.array([[0.0, 1.0]]), "scores.npy").suggested == "probabilities"


def test_suggest_score_kind_looks_at_the_last_row():
    values = np.full((70_000, 2), 0.5)
    values[-1, -1] = 1.5
    assert suggest_score_kind(values, "scores.npy").suggested == "logits"


def test_suggest_score_kind_suggests_nothing_without_numbers():
    assert suggest_score_kind(np.array([["a"]]), "scores.npy").suggested is None


def test_checked_scores_undeclared_kind_is_a_choice_with_the_reason():
    with pytest.raises(ChoiceNeeded, match=r"All 1 values lie in \[0, 1\].*they look like probabilities") as needed:
        check([[0.5]], None)
    assert needed.value.option == "score_kind"
    assert list(needed.value.choices) == ["logits", "probabilities"]


def test_checked_scores_logits_within_the_unit_interval_bring_a_notice():
    assert "lie in [0, 1]" in check([[0.5, 0.25]])[1][0]


def test_checked_scores_logits_from_0_to_1_bring_a_notice():
    assert "lie in [0, 1]" in " ".join(check([[0.0, 0.5, 1.0]])[1])


def test_checked_scores_plain_logits_bring_no_notice():
    assert check([[0.5, -0.25]])[1] == []


@pytest.mark.parametrize("value", [-0.25, 1.5, np.inf])
def test_checked_scores_probability_outside_names_row_column_and_value(value):
    with pytest.raises(InputError, match=rf"found {value:g} in row 2, column 'dog' of 'scores.npy' \(scores\)"):
        check([[0.5, 0.5], [0.5, value]], "probabilities", class_names=("cat", "dog"))


def test_checked_scores_names_count_and_first_place_of_nan():
    with pytest.raises(InputError, match=r"found 2 of 4, the first in row 1, column 2 "):
        check([[0.5, np.nan], [np.nan, 1]])


def test_checked_scores_names_the_row_of_the_file_and_the_id():
    matrix = Matrix("scores", np.array([[0.5], [np.nan]]), None, np.array(["a", "b"], dtype=object))
    with pytest.raises(InputError, match=r"row 2 \(id 'b'\)"):
        checked_scores(matrix.take(np.array([1, 0]), np.array([0])), ScoreMapping("logits"))


def test_checked_scores_infinite_logits_are_kept_with_a_notice():
    values, notices = check([[np.inf, -2], [-np.inf, 0]])
    assert np.isinf(values).sum() == 2
    assert "2 infinite logits" in notices[0]


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (np.int8, np.float32),
        (np.uint16, np.float32),
        (np.float16, np.float32),
        (np.int32, np.float64),
        (np.int64, np.float64),
    ],
)
def test_checked_scores_widens_exactly(dtype, expected):
    values = check(np.array([[100, 2], [3, 4]], dtype=dtype))[0]
    assert values.dtype == expected
    assert values.tolist() == [[100, 2], [3, 4]]


def test_checked_scores_keeps_the_array_itself():
    scores = np.array([[2.0, -1.0]], dtype=np.float32)
    assert check(scores)[0] is scores


def test_checked_scores_keeps_the_largest_integers_that_float64_holds():
    assert check(np.array([[2**53, -(2**53)]]))[0].tolist() == [[2.0**53, -(2.0**53)]]


def test_checked_scores_refuses_integers_that_float64_cannot_hold():
    with pytest.raises(InputError, match=r"found 9007199254740993 in row 1, column 2"):
        check(np.array([[1, 2**53 + 1]]))


@pytest.mark.parametrize(
    "values", [np.array([[True]]), np.array([[1j]]), np.array([["2020-01-01"]], dtype="datetime64[D]")]
)
def test_checked_scores_refuses_other_types(values):
    with pytest.raises(InputError, match="Scores must be"):
        check(values)


def test_checked_scores_names_text_in_a_number_column():
    values = np.array([[1.5, "2.5"], ["-1", "oops"]], dtype=object)
    with pytest.raises(InputError, match=r"found 'oops' in row 2, column 'dog'"):
        check(values, class_names=("cat", "dog"))


def test_checked_scores_reads_numbers_written_as_text():
    assert check(np.array([[1.5, "2.5"], ["-1", "3e2"]], dtype=object))[0].tolist() == [[1.5, 2.5], [-1, 300]]


def test_checked_scores_missing_cell_among_text_counts_as_nan():
    with pytest.raises(InputError, match=r"missing \(NaN\), found 1 of 2"):
        check(np.array([["1.5", "NA"]], dtype=object))


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_checked_scores_refuses_nothing(shape):
    with pytest.raises(InputError, match="at least one sample and one class"):
        check(np.zeros(shape))


@pytest.mark.parametrize("kind", ["logits", "probabilities"])
def test_checked_scores_decisions_bring_a_notice(kind):
    assert "only 0 and 1" in check([[0.0, 1.0]], kind)[1][0]
