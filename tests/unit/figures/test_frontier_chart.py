"""The frontier's table exactly, its figure and handles by structure."""

import numpy as np
import pytest

from dashboard.figures.frontier_chart import (
    CURVE,
    frontier_alt,
    frontier_figure,
    frontier_handles,
    frontier_table,
    inside,
    named_number,
)
from dashboard.figures.handles import POINT

NAMED = [("0.5 everywhere", 0.70, 0.40), ("<b>joint</b>", 0.80, 0.50)]


@pytest.fixture
def table():
    return frontier_table(np.array([0.6, 0.75, 0.8]), np.array([0.6, 0.55, 0.5]), NAMED)


def test_table_holds_the_points_in_order_then_the_named_ones(table):
    assert table["point"].tolist()[:3] == ["point 1 of 3", "point 2 of 3", "point 3 of 3"]
    assert table["micro-F1"].tolist() == [0.6, 0.75, 0.8, 0.7, 0.8]
    assert table["on the curve"].tolist() == [True] * 3 + [False] * 2


def test_figure_has_the_curve_and_a_trace_per_named_point(table):
    figure = frontier_figure(table)
    assert [trace.uid for trace in figure.data] == [CURVE, "named-0", "named-1"]
    assert list(figure.data[0].x) == [0.6, 0.75, 0.8]
    assert list(figure.data[0].customdata[1]) == ["point 2 of 3", 0.75, 0.55]
    assert "<b>joint" not in str(figure.data[2].text)
    low, high = figure.layout.yaxis.range
    assert low < 0.4
    assert high > 0.6


def test_each_trace_has_a_handle_that_names_its_columns(table):
    handles = frontier_handles(table)
    assert [(each.id, each.trace, each.kind) for each in handles] == [
        (CURVE, CURVE, POINT),
        ("named-0", "named-0", POINT),
        ("named-1", "named-1", POINT),
    ]
    assert handles[0].columns == ("point", "micro-F1", "macro-F1")
    assert named_number(handles[2].id, 2) == 1
    assert named_number(CURVE, 2) is None
    assert named_number("named-2", 2) is None


def test_what_lies_outside_the_axis_is_told(table):
    assert inside(table["micro-F1"], 0.6)
    assert not inside(table["micro-F1"], 0.2)
    assert inside(np.array([0.5]), 0.5)


def test_alt_says_the_ends(table):
    assert "micro-F1 0.600 with macro-F1 0.600" in frontier_alt(table)
    assert "0.5 everywhere 0.700 and 0.400" in frontier_alt(table)


def test_an_empty_frontier_draws_nothing():
    table = frontier_table(np.array([]), np.array([]), [])
    assert not frontier_figure(table).data
    assert frontier_handles(table) == []
    assert frontier_alt(table) == "An empty chart."
