import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.inputs.columns import binned, ordered_groups, read_column


def groups(values, bins="values"):
    return read_column(np.asarray(values), "group", bins, name="age").tolist()


def test_read_column_missing_is_a_group_of_its_own():
    assert groups(np.array(["F", None, "M", ""], dtype=object)) == ["F", "(missing)", "M", "(missing)"]


def test_read_column_whole_numbers_are_groups_without_a_point():
    assert groups([1.0, 2.0, np.nan]) == ["1", "2", "(missing)"]


def test_read_column_booleans_are_groups():
    assert groups([True, False]) == ["True", "False"]


def test_read_column_text_keeps_long_texts_whole():
    text = "word " * 100
    assert read_column(np.array([text, None], dtype=object), "text", "values", name="t").tolist() == [text, ""]


def test_read_column_lists_are_shown_as_text():
    cells = np.empty(2, dtype=object)
    cells[0], cells[1] = ["a", "b"], np.array([1, 2])
    assert groups(cells) == ["['a', 'b']", "[1 2]"]


def test_read_column_missing_units_are_each_a_unit():
    units = read_column(np.array(["p1", None, "p1", None], dtype=object), "unit", "values", name="patient")
    assert units.tolist() == ["p1", "(missing) row 2", "p1", "(missing) row 4"]


def test_read_column_refuses_a_matrix():
    with pytest.raises(InputError, match=r"one value per sample, found shape \(2, 2\)"):
        groups(np.zeros((2, 2)))


def test_binned_round_intervals_hold_their_lower_end():
    assert groups([0, 19, 20, 39.5, 95], "round") == ["0 to <20", "0 to <20", "20 to <40", "20 to <40", "80 to <100"]


def test_binned_round_ends_are_the_numbers_that_their_names_say():
    assert groups([0.0, 0.3, 0.29, 0.6, 0.7], "round")[1:3] == ["0.3 to <0.4", "0.2 to <0.3"]


def test_binned_uses_at_most_eight_round_intervals():
    assert len(set(groups(np.arange(80.0), "round"))) == 8
    assert len(set(groups(np.arange(81.0), "round"))) == 5


def test_binned_quantiles_make_groups_of_equal_size():
    names, counts = np.unique(binned(np.arange(100.0), "quantile", name="x"), return_counts=True)
    assert len(names) == 4
    assert counts.max() - counts.min() <= 2


def test_binned_the_last_quantile_interval_is_closed():
    assert groups([1, 2, 3, 4], "quantile")[-1] == "3 to 4"


def test_binned_missing_is_a_group_of_its_own():
    assert groups([1, np.nan, 3], "round")[1] == "(missing)"


@pytest.mark.parametrize("bins", ["round", "quantile"])
@pytest.mark.parametrize(
    "values",
    [[5.0, 5.0], [np.nan, np.nan], [-1e308, 1e308], [0.0, 5e-324], [1e16, 1e16 + 2], [np.inf, 1.0], [-0.3, 0.3]],
)
def test_binned_copes_with_odd_numbers(bins, values):
    assert len(groups(values, bins)) == 2


def test_binned_every_value_lies_in_its_interval():
    values = np.random.default_rng(0).normal(size=500).round(2)
    for value, name in zip(values, groups(values, "round"), strict=True):
        low, high = name.split(" to <")
        assert float(low) <= value < float(high)


def test_binned_names_the_row_of_a_text():
    with pytest.raises(InputError, match="'old' in row 2"):
        groups(np.array(["12", "old"], dtype=object), "round")


def test_ordered_groups_counts_as_people_do():
    found = ["100 to <120", "(missing)", "20 to <40", "-20 to <0", "3", "b", "20 to <40"]
    assert ordered_groups(found) == ["-20 to <0", "3", "20 to <40", "100 to <120", "b", "(missing)"]
