"""Slope charts and the chart of the sum: what is drawn where, names as text, and words for those who do not see it."""

import numpy as np
import pytest

from dashboard.figures.difference_parts import parts_alt, parts_figure, parts_table
from dashboard.figures.slope import IN_USE, OWN_BEST, largest_changes, slope_alt, slope_figure, slope_table

NAN = float("nan")


@pytest.fixture
def table():
    in_use, own_best = ([0.1, 0.5, NAN], [0.4, 0.3, NAN]), ([0.2, 0.5, NAN], [0.2, 0.6, NAN])
    return slope_table(["<b>x</b>", "y", "z"], in_use, own_best)


def test_largest_changes_come_first_and_undefined_ones_not_at_all():
    assert largest_changes([0.1, -0.5, NAN, 0.0, 0.5]).tolist() == [1, 4, 0, 3]
    assert largest_changes([0.1, -0.5, NAN], most=1).tolist() == [1]
    assert largest_changes([]).tolist() == []


def test_table_has_both_sides_of_each_class_together(table):
    assert table["class"].tolist() == ["<b>x</b>", "<b>x</b>", "y", "y", "z", "z"]
    assert table["at"].tolist() == [IN_USE, OWN_BEST] * 3
    assert table["B - A"].tolist() == pytest.approx([0.3, 0.0, -0.2, 0.1, NAN, NAN], nan_ok=True)


def test_a_line_goes_from_a_to_b_twice(table):
    line = slope_figure(table, value="F1").data[0]
    assert line.x == (0.0, 1.0, None, 1.5, 2.5, None)
    assert line.y == (0.1, 0.4, None, 0.2, 0.2, None)


def test_names_are_text(table):
    line = slope_figure(table, value="F1").data[0]
    assert "<b>x" not in line.name
    assert "&lt;b&gt;x" in line.name and "&lt;b&gt;x" in line.text[0]


def test_own_best_is_left_out_where_nobody_has_it():
    table = slope_table(["x"], ([0.1], [0.2]), ([NAN], [NAN]))
    assert slope_figure(table, value="F1").layout.xaxis.ticktext == ("A", "B")


def test_nothing_to_draw_is_said():
    table = slope_table(["x"], ([NAN], [NAN]), ([NAN], [NAN]))
    assert "No class has a value" in slope_figure(table, value="F1").layout.annotations[-1].text
    assert slope_alt(table) == "An empty chart: no class has a value."
    assert slope_figure(table.iloc[:0], value="F1").data == ()


def test_alt_names_the_largest_change(table):
    said = slope_alt(table)
    assert "B is higher in 1 and lower in 1 of 2 classes, most in <b>x</b>, from 0.100 to 0.400" in said


def test_points_of_the_sum_stand_at_their_values_and_bars_end_at_the_limits():
    parts = {"total": (0.3, 0.2, 0.4), "threshold": (0.1, -0.1, 0.15), "ranking": (0.2, 0.1, 0.3)}
    table = parts_table({"macro": parts, "micro": parts})
    points = parts_figure(table, value="F1").data
    assert [trace.name for trace in points] == ["macro", "micro"]
    assert points[0].x == pytest.approx([0.3, 0.1, 0.2])
    assert points[0].x - points[0].error_x.arrayminus == pytest.approx([0.2, -0.1, 0.1])
    assert points[0].x + points[0].error_x.array == pytest.approx([0.4, 0.15, 0.3])
    assert np.diff(points[0].y) == pytest.approx(-1.0)
    assert "macro: total +0.300 (+0.200 to +0.400), threshold +0.100" in parts_alt(table)


def test_the_sum_is_drawn_without_intervals_too():
    unknown = dict.fromkeys(("total", "threshold", "ranking"), (NAN, NAN, NAN))
    low, high = parts_figure(parts_table({"macro": unknown}), value="F1").layout.xaxis.range
    assert low < 0 < high
