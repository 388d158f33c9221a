import numpy as np
import pytest

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.labels import count_values, label_values_of, read_labels, value_text
from dashboard.inputs.mapping import LabelMapping
from dashboard.inputs.matrix import Matrix


def matrix(values, **names):
    return Matrix("'labels.csv' (labels)", np.asarray(values), **names)


def read(found, **mapping):
    return read_labels(matrix(found), LabelMapping(**mapping))


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.0, "1"), (True, "1"), ("1.0", "1"), (" yes ", "yes"), (np.nan, "NaN"), (None, "NaN"), ("", "NaN")],
)
def test_value_text_names_equal_values_alike(value, text):
    assert value_text(value) == text


def test_value_text_keeps_a_fraction():
    assert value_text(0.25) == "0.25"


def test_count_values_counts_each_value_of_numbers():
    assert count_values(np.array([[1, 0, np.nan], [-1, 0, 0.5]])) == {"1": 1, "0": 2, "-1": 1, "NaN": 1, "0.5": 1}


def test_count_values_counts_each_value_of_text_and_numbers_written_as_text():
    values = np.array([["1", "maybe", None], [1, "maybe", "0"]], dtype=object)
    assert count_values(values) == {"1": 2, "0": 1, "NaN": 1, "maybe": 2}


def test_count_values_sums_up_many_values_as_a_range():
    assert count_values(np.linspace(0.1, 0.9, 200).reshape(20, 10)) == {"0.1 to 0.9": 200}


def test_count_values_counts_beyond_one_block():
    values = np.zeros((150_000, 2), dtype=np.int8)
    values[140_000] = 1
    assert count_values(values) == {"1": 2, "0": 299_998}


@pytest.mark.parametrize("value", ["-1", "NaN"])
def test_label_values_of_presets_minus_one_and_missing_to_unknown_beside_zero_and_one(value):
    values = np.array([[1.0, 0, float(value)]])
    meanings = {found.value: found.meaning for found in label_values_of(values, LabelMapping())}
    assert meanings == {"1": "positive", "0": "negative", value: "unknown"}


def test_label_values_of_leaves_minus_one_open_without_zero():
    meanings = {found.value: found.meaning for found in label_values_of(np.array([[1, -1]]), LabelMapping())}
    assert meanings == {"1": "positive", "-1": None}


def test_label_values_of_shows_what_was_chosen():
    found = label_values_of(np.array([[1, -1]]), LabelMapping(values={"-1": "negative"}))
    assert [(value.value, value.count, value.meaning) for value in found] == [
        ("1", 1, "positive"),
        ("-1", 1, "negative"),
    ]


def test_read_labels_gives_int8():
    assert read([[True, False]]).labels.dtype == np.int8


@pytest.mark.parametrize(("meaning", "expected"), [("negative", 0), ("unknown", -1), ("positive", 1)])
def test_read_labels_takes_the_chosen_meaning(meaning, expected):
    assert read([[1, -1, 0]], values={"-1": meaning}).labels.tolist() == [[1, expected, 0]]


@pytest.mark.parametrize("as_text", [False, True])
def test_read_labels_minus_one_that_never_stands_beside_zero_in_a_class_needs_a_choice(as_text):
    values = np.array([[1, -1], [0, -1], [0, 1]])
    values = values.astype(str).astype(object) if as_text else values
    with pytest.raises(ChoiceNeeded, match="holds 2 times -1 and never 0 in the same class"):
        read(values)
    assert read(values, values={"-1": "negative"}).labels.tolist() == [[1, 0], [0, 0], [0, 1]]
    values[0, 0] = -1  # beside a 0: unknown there, so in all classes
    assert read(values).labels.tolist() == [[-1, -1], [0, -1], [0, 1]]


def test_read_labels_minus_one_without_zero_needs_a_choice():
    with pytest.raises(ChoiceNeeded, match="holds 2 times -1 and never 0"):
        read([[1, -1], [np.nan, -1]])


def test_read_labels_reads_words():
    values = np.array([["yes", "No"], ["TRUE", None]], dtype=object)
    assert read(values).labels.tolist() == [[1, 0], [1, -1]]


def test_read_labels_names_row_column_and_value_of_an_unknown_word():
    values = np.array([["1", "0"], ["0", "maybe"]], dtype=object)
    with pytest.raises(
        InputError, match=r"row 2, column 'dog' of 'labels.csv' \(labels\) holds 'maybe' \(1 such cell\)"
    ):
        read_labels(matrix(values, class_names=("cat", "dog")), LabelMapping())


def test_read_labels_takes_the_meaning_of_a_word():
    values = np.array([["1", "0"], ["0", "maybe"]], dtype=object)
    assert read(values, values={"maybe": "unknown"}).labels.tolist() == [[1, 0], [0, -1]]


def test_read_labels_names_row_column_and_value_of_a_number_outside():
    with pytest.raises(InputError, match=r"row 1, column 3 of .* holds '2'"):
        read([[0, 1, 2]])


def test_read_labels_takes_the_meaning_of_a_number():
    assert read([[0, 1, 2]], values={"2": "positive"}).labels.tolist() == [[0, 1, 1]]


def test_read_labels_soft_labels_need_a_cut():
    with pytest.raises(ChoiceNeeded, match=r"holds 2 of them: choose from which value"):
        read([[0, 0.4, 0.6, 1]])


def test_read_labels_soft_labels_are_positive_from_the_cut_on():
    assert read([[0, 0.4, 0.6, 1]], soft_cut=0.6).labels.tolist() == [[0, 0, 1, 1]]


def test_read_labels_keeps_soft_labels_with_unknown_as_nan():
    soft = read([[0, 0.4, np.nan, -1]], soft_cut=0.5).soft
    assert soft[0, :2].tolist() == [0, 0.4]
    assert np.isnan(soft[0, 2:]).all()


def test_read_labels_hard_labels_have_no_soft_ones():
    assert read([[0.0, 1.0]]).soft is None


@pytest.mark.parametrize("cut", [0, -0.5, 1.5])
def test_read_labels_refuses_a_cut_outside(cut):
    with pytest.raises(InputError, match="must lie above 0"):
        read([[0, 0.5]], soft_cut=cut)


def test_read_labels_beyond_one_block():
    values = np.zeros((150_000, 1), dtype=np.float32)
    values[140_000] = np.nan
    labels = read(values).labels
    assert (labels[140_000, 0], labels.sum()) == (-1, -1)
