import numpy as np
import pytest

from dashboard.errors import InputError
from dashboard.inputs.join import join_classes, join_samples
from dashboard.inputs.matrix import Matrix


def matrix(source, n_samples=2, names=None, ids=None, n_classes=None):
    ids = None if ids is None else np.array(list(ids), dtype=object)
    n_samples = n_samples if ids is None else len(ids)
    n_classes = len(names) if names is not None else n_classes
    return Matrix(source, np.zeros((n_samples, n_classes)), None if names is None else tuple(names), ids)


def test_join_classes_by_name_in_the_order_of_the_scores():
    columns, others, names, _ = join_classes(matrix("S", names="abc"), matrix("L", names="cab"))
    assert (columns.tolist(), others.tolist(), names) == ([0, 1, 2], [1, 2, 0], ("a", "b", "c"))


def test_join_classes_says_that_the_order_differs():
    notices = join_classes(matrix("S", names="ab"), matrix("L", names="ba"))[3]
    assert notices == ["L has the classes in another order than S; they were joined by name."]


def test_join_classes_lists_what_either_side_lacks():
    columns, others, names, notices = join_classes(matrix("S", names="abx"), matrix("L", names="ayzb"))
    assert (columns.tolist(), others.tolist(), names) == ([0, 1], [0, 3], ("a", "b"))
    assert notices == [
        "1 class of S left out, not found in L: 'x'.",
        "2 classes of L left out, not found in S: 'y', 'z'.",
    ]


def test_join_classes_lists_the_first_five_and_counts_the_others():
    notices = join_classes(matrix("S", names="a"), matrix("L", names="abcdefgh"))[3]
    assert notices == ["7 classes of L left out, not found in S: 'b', 'c', 'd', 'e', 'f' and 2 more."]


def test_join_classes_without_a_common_name_is_an_error():
    with pytest.raises(InputError, match="S names 'a', 'b' and L 'x', 'y'"):
        join_classes(matrix("S", names="ab"), matrix("L", names="xy"))


@pytest.mark.parametrize("which", ["scores", "labels"])
def test_join_classes_without_names_on_one_side_takes_those_of_the_other(which):
    named, unnamed = matrix("N", names="ab"), matrix("U", n_classes=2)
    pair = (unnamed, named) if which == "labels" else (named, unnamed)
    columns, others, names, notices = join_classes(*pair)
    assert (columns.tolist(), others.tolist(), names, notices) == ([0, 1], [0, 1], ("a", "b"), [])


def test_join_classes_counted_columns_take_the_names_of_the_other():
    assert join_classes(matrix("S", names="01"), matrix("L", names="ab"))[2] == ("a", "b")


def test_join_classes_other_numbers_of_unnamed_columns_are_an_error():
    with pytest.raises(InputError, match=r"found \(2, 3\) and \(2, 2\)"):
        join_classes(matrix("S", n_classes=3), matrix("L", names="ab"))


def test_join_classes_says_transposed():
    with pytest.raises(InputError, match="one of them is transposed"):
        join_classes(matrix("S", n_classes=3), matrix("L", n_samples=3, n_classes=2))


def test_join_samples_by_id_in_the_order_of_the_scores():
    rows, others, notices = join_samples(matrix("S", names="a", ids="pqr"), matrix("L", names="a", ids="rpq"))
    assert (rows.tolist(), others.tolist(), notices) == ([0, 1, 2], [1, 2, 0], [])


def test_join_samples_lists_what_either_side_lacks():
    rows, others, notices = join_samples(matrix("S", names="a", ids="pqr"), matrix("L", names="a", ids="rxq"))
    assert (rows.tolist(), others.tolist()) == ([1, 2], [2, 0])
    assert notices == ["1 sample of S left out, not found in L: 'p'.", "1 sample of L left out, not found in S: 'x'."]


def test_join_samples_without_a_common_id_is_an_error():
    with pytest.raises(InputError, match="none of 'p', 'q' in S is among 'x', 'y' in L"):
        join_samples(matrix("S", names="a", ids="pq"), matrix("L", names="a", ids="xy"))


def test_join_samples_by_order_when_only_one_has_ids_and_says_so():
    rows, others, notices = join_samples(matrix("S", names="a", ids="pq"), matrix("L", names="a", n_samples=2))
    assert (rows.tolist(), others.tolist()) == ([0, 1], [0, 1])
    assert notices == ["S has sample ids and L has none; rows were matched by their order."]


def test_join_samples_two_rows_more_ask_for_ids():
    with pytest.raises(InputError, match="add an id column to both files so that"):
        join_samples(matrix("S", names="a", n_samples=2), matrix("L", names="a", n_samples=4))


def test_join_classes_same_rows_other_columns_say_columns():
    with pytest.raises(InputError, match="choose one column per class in both"):
        join_classes(matrix("S", n_classes=4), matrix("L", n_classes=3))


def test_join_samples_one_row_more_hints_at_a_header():
    with pytest.raises(InputError, match="may be a header"):
        join_samples(matrix("S", names="a", n_samples=2), matrix("L", names="a", n_samples=3))
