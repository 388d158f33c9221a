import pytest

from dashboard.errors import InputError
from dashboard.inputs.limits import Limits, as_size, shape_text


def test_check_shape_returns_the_bytes():
    assert Limits().check_shape((3, 4), 8, "x") == 96


def test_check_shape_refuses_too_many_bytes_with_shape_and_size():
    with pytest.raises(
        InputError, match=r"at most .* values and 1 kB, but its shape \(100, 10\) claims 1,000 values and 4 kB"
    ):
        Limits(max_array_bytes=1000).check_shape((100, 10), 4, "x")


def test_check_shape_does_not_let_an_empty_axis_hide_a_huge_one():
    with pytest.raises(InputError, match="claims"):
        Limits().check_shape((0, 10**30), 4, "x")


def test_check_shape_refuses_many_dimensions():
    with pytest.raises(InputError, match="at most 8 dimensions, but has 9"):
        Limits().check_shape((1,) * 9, 4, "x")


def test_check_table_refuses_too_many_columns():
    with pytest.raises(InputError, match="at most 20,000 columns, but has 20,001"):
        Limits().check_table(1, 20_001, "x")


def test_check_table_refuses_too_many_cells():
    with pytest.raises(InputError, match="6 rows and 2 columns make 12"):
        Limits(max_cells=10).check_table(6, 2, "x")


@pytest.mark.parametrize(
    ("n_bytes", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (40 * 10**12, "40 TB"), (2**64, "over a million TB")],
)
def test_as_size(n_bytes, text):
    assert as_size(n_bytes) == text


def test_shape_text_stays_short():
    assert shape_text((3, 10**40)) == "(3, over 10^15)"
