"""Lines over the exact ones, gaps and crosses where there is NaN."""

import numpy as np
import pytest

from dashboard.figures.loss_numerics import FLOOR, FORMS, LOG, numerics_alt, numerics_figure, numerics_table

LOGITS = np.array([-20.0, 0.0, 20.0])


@pytest.fixture
def table():
    values, gradients = np.array([20.0, 0.7, 0.0]), np.array([np.nan, -0.5, 0.0])
    return numerics_table({(form, y): (LOGITS, values + y, gradients) for y in (1, 0) for form in FORMS})


def test_table_has_a_row_per_form_target_and_logit(table):
    assert len(table) == 18
    assert table.loc[(table["y"] == 0) & (table["form"] == FORMS[1]), "value"].tolist() == [20.0, 0.7, 0.0]


def test_lines_have_gaps_and_crosses_where_there_is_nan(table):
    figure = numerics_figure(table)
    lines, marks = figure.data[:12], figure.data[12:]
    assert [line.name for line in lines] == list(FORMS) * 4
    assert [line.showlegend for line in lines] == [True] * 3 + [False] * 9
    assert np.isnan(lines[6].y[0]) and not lines[6].connectgaps
    assert [list(mark.x) for mark in marks] == [[None], [None], [-20.0], [-20.0]]
    assert list(marks[2].y) == [0.0]


def test_log_axes_show_absolute_values_and_zeros_at_the_floor(table):
    figure = numerics_figure(table, scale=LOG)
    assert figure.layout.yaxis4.type == "log"
    assert figure.data[9].y.tolist()[1:] == [0.5, FLOOR]
    assert figure.layout.annotations[2].text == "<b>|gradient|</b>, y = 1"


def test_alt_says_the_ends_and_nan(table):
    alt = numerics_alt(table, "float16")
    assert alt.startswith("Binary cross entropy in float16")
    assert "value at logit -20 for y = 1: exact 21, BCELoss(sigmoid) 21, BCEWithLogits 21" in alt
    assert "value at logit 20 for y = 0: exact 0" in alt
    assert "NaN from |logit| 20 of the points drawn" in alt
