import numpy as np
import pytest

from dashboard.inputs.columns import MISSING
from dashboard.inputs.groups import Groups


def test_groups_are_in_the_order_a_person_counts():
    groups = Groups.of(np.array(["10", MISSING, "2", "10"], dtype=object))
    assert groups.names == ("2", "10", MISSING)
    assert groups.codes.tolist() == [1, 2, 0, 1]
    assert groups.sizes.tolist() == [1, 2, 1]


def test_rows_are_those_of_the_group():
    groups = Groups.of(np.array(["b", "a", "b"]))
    assert groups.rows("b").tolist() == [0, 2]
    with pytest.raises(ValueError):
        groups.rows("c")


def test_values_with_the_same_text_are_one_group():
    groups = Groups.of(np.array([1, "1", 2], dtype=object))
    assert groups.names == ("1", "2")
    assert groups.codes.tolist() == [0, 0, 1]


def test_no_sample_has_no_group():
    assert Groups.of(np.array([], dtype=object)).names == ()


def test_largest_makes_the_smallest_groups_one():
    groups = Groups.of(np.array(list("aabbbcd")))
    assert groups.largest(4) is groups
    few = groups.largest(3)
    assert few.names == ("a", "b", "2 other groups")
    assert few.sizes.tolist() == [2, 3, 2]
    assert few.codes.tolist() == [0, 0, 1, 1, 1, 2, 2]
