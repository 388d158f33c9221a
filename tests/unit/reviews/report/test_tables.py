"""Cells as people read them."""

import numpy as np
import pytest

from dashboard.reviews.report.tables import CHANGE, COUNT, RATE, SHARE, TEXT, THRESHOLD, Column, Estimate, cell_text


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (0.7314, RATE, "0.731"),
        (1.0, RATE, "1.000"),
        (float("nan"), RATE, "undefined"),
        (None, RATE, "–"),
        (12, RATE, "12"),
        (1_500, COUNT, "1,500"),
        (0.000123456, SHARE, "0.000123"),
        (0.17334, THRESHOLD, "0.1733"),
        (2.31e-5, THRESHOLD, "2.31e-05"),
        (float("nan"), THRESHOLD, "never"),
        ("always", THRESHOLD, "always"),
        (0.04, CHANGE, "+0.040"),
        (-3, CHANGE, "-3"),
        (Estimate(0.7, 0.65, 0.751), RATE, "0.700 [0.650, 0.751]"),
        (Estimate(0.7), RATE, "0.700"),
        (Estimate(float("nan"), 0.1, 0.2), RATE, "undefined [0.100, 0.200]"),
        ("=1", TEXT, "=1"),
    ],
)
def test_a_cell(value, kind, shown):
    assert cell_text(value, kind) == shown


def test_columns_of_arrays_hold_plain_numbers():
    column = Column("n", np.array([1, 1_000]), COUNT)
    assert column.texts() == ["1", "1,000"] and [type(value) for value in column.plain_values()] == [int, int]
