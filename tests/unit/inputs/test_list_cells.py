import numpy as np
import pytest

from dashboard.inputs.list_cells import looks_like_list, numbers_in, parsed_list


@pytest.mark.parametrize("cell", ["[1, 2]", "a|b", [1], np.array([1.0]), ()])
def test_looks_like_list_is_true_of_lists_and_text_of_lists(cell):
    assert looks_like_list(cell)


@pytest.mark.parametrize("cell", ["cat", "1.5", 3, None, "[open"])
def test_looks_like_list_is_false_of_single_values(cell):
    assert not looks_like_list(cell)


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ('["cat", "a, b"]', ["cat", "a, b"]),
        ("['cat', 'a, b']", ["cat", "a, b"]),
        ("['it\\'s']", ["it's"]),
        ("[0.5 1.  -2e3]", ["0.5", "1.", "-2e3"]),
        ("[1, null]", [1, None]),
        ("cat | dog|", ["cat", "dog"]),
        ("cat", ["cat"]),
        ("[]", []),
        ("", []),
        (np.array([1, 2]), [1, 2]),
        (7, [7]),
    ],
)
def test_parsed_list_reads_each_notation(cell, items):
    assert parsed_list(cell) == items


@pytest.mark.parametrize(
    "cell", ["[[1], [2]]", '[{"a": 1}]', "[" * 50_000 + "]", "['open, 2]", [[1]], np.zeros((2, 2))]
)
def test_parsed_list_refuses_what_is_no_plain_list(cell):
    with pytest.raises(ValueError, match="plain list"):
        parsed_list(cell)


def test_numbers_in_reads_text_and_missing_as_numbers():
    assert numbers_in(["1.5", 2, True]) == [1.5, 2, 1]
    assert np.isnan(numbers_in([None, "", "nan"])).all()


@pytest.mark.parametrize("items", [["cat"], [10**400]])
def test_numbers_in_is_none_where_an_item_is_no_number(items):
    assert numbers_in(items) is None
