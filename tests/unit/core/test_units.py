"""Codes of units, with and without a column that names them."""

import numpy as np
import pytest

from dashboard.core.units import compact_units, n_units, unit_codes


def test_unit_codes_without_a_column_are_the_samples():
    assert unit_codes(None, 3).tolist() == [0, 1, 2]
    assert n_units(unit_codes(None, 0)) == 0


def test_unit_codes_same_value_same_unit():
    assert unit_codes(["b", "a", "b"], 3).tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    "values",
    [
        ["a", "", "a", ""],
        np.array([1.5, np.nan, 1.5, np.nan]),
        np.array(["a", None, "a", float("nan")], dtype=object),
    ],
)
def test_unit_codes_a_missing_unit_is_one_of_its_own(values):
    codes = unit_codes(values, 4)
    assert codes[0] == codes[2]
    assert len(set(codes.tolist())) == 3


def test_unit_codes_need_one_value_per_sample():
    with pytest.raises(ValueError, match=r"units must have shape \(3,\), got \(2,\)"):
        unit_codes(["a", "b"], 3)


def test_compact_units_closes_gaps_and_keeps_the_order():
    assert compact_units(np.array([7, 3, 7]), 3).tolist() == [1, 0, 1]
    with pytest.raises(ValueError, match="whole numbers"):
        compact_units(np.array([0.5, 1.0]), 2)
