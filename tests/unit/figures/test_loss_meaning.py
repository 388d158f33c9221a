"""A curve per loss over the diagonal, with a mark where its output is 0.5."""

import numpy as np
import pytest

from dashboard.figures.loss_meaning import at_half, meaning_alt, meaning_figure, meaning_table

OUTPUT = np.linspace(0, 1, 201)


@pytest.fixture
def table():
    doubled = OUTPUT / (OUTPUT + 2 * (1 - OUTPUT))  # pos_weight 2
    return meaning_table({"plain": (OUTPUT, OUTPUT), "<b>weighted": (doubled, OUTPUT)})


def test_mark_is_where_the_output_is_half(table):
    figure = meaning_figure(table)
    marks = [trace for trace in figure.data if trace.mode == "markers"]
    assert [mark.x[0] for mark in marks] == pytest.approx([1 / 2, 1 / 3], abs=1e-9)
    assert [mark.y[0] for mark in marks] == [0.5, 0.5]


def test_names_are_text(table):
    assert not any("<b>" in (trace.name or "") for trace in meaning_figure(table).data)


def test_what_is_no_probability_is_left_out():
    table = meaning_table({"smoothed": (np.array([-0.05, 0.0, np.nan, 1.0, 1.05]), np.linspace(0, 1, 5))})
    assert table["true probability"].tolist() == [0.0, 1.0]


def test_a_curve_that_never_reaches_half_has_no_mark():
    table = meaning_table({"low": (OUTPUT, OUTPUT / 3)})
    assert np.isnan(at_half(table))
    assert "low never reaches 0.5" in meaning_alt(table)


def test_words_tell_where_each_reaches_half(table):
    assert "plain reaches 0.5 at a true probability of 0.500; <b>weighted reaches 0.5 at" in meaning_alt(table)


def test_no_loss_at_all():
    table = meaning_table({})
    assert meaning_figure(table).layout.annotations
    assert meaning_alt(table) == "Empty."
