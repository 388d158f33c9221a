"""Curves of training hold every report's numbers, few enough points, and say where each variant stands."""

import numpy as np
import pytest

from dashboard.figures.training_curves import (
    MOST_POINTS,
    own_losses_alt,
    own_losses_figure,
    thinned,
    training_alt,
    training_figure,
    training_table,
)

METRICS = ("bce", "loss", "validation_loss")


def _row(variant, seed, epoch, value):
    return {
        "variant": variant,
        "seed": seed,
        "epoch": epoch,
        "bce": value,
        "loss": 10 * value,
        "validation_loss": 20 * value,
    }


@pytest.fixture
def table():
    rows = [
        _row(variant, seed, epoch, 1 / (1 + epoch + seed + number))
        for seed in (0, 1)
        for epoch in range(4)
        for number, variant in enumerate(("bce", "<b>focal"))
    ]
    return training_table(rows, METRICS)


def test_a_line_per_variant_and_seed_with_every_value(table):
    figure = training_figure(table, "bce", title="BCE", n_epochs=10)
    assert len(figure.data) == 4
    np.testing.assert_allclose(figure.data[0].y, [1, 1 / 2, 1 / 3, 1 / 4], rtol=1e-6)
    np.testing.assert_allclose(figure.data[3].y, [1 / 3, 1 / 4, 1 / 5, 1 / 6], rtol=1e-6)
    assert figure.data[3].name == "&lt;b&gt;focal"
    assert figure.layout.xaxis.range[1] > 10


def test_one_legend_entry_per_variant_and_the_last_seed_stands_out(table):
    lines = training_figure(table, "bce", title="BCE", n_epochs=3).data
    assert [line.showlegend for line in lines] == [False, False, True, True]
    assert [line.opacity < 1 for line in lines] == [True, True, False, False]
    assert lines[0].line.color == lines[2].line.color != lines[1].line.color


def test_undefined_values_are_left_out_and_nothing_known_is_said(table):
    table.loc[table["epoch"] == 0, "bce"] = np.nan
    assert training_figure(table, "bce", title="BCE", n_epochs=3).data[0].x.tolist() == [1, 2, 3]
    table["bce"] = np.nan
    for nothing in (table, table.iloc[:0]):
        figure = training_figure(nothing, "bce", title="BCE", n_epochs=3)
        assert figure.layout.annotations[0].text == "Nothing is known yet."
        assert training_alt(nothing, "bce", title="BCE").startswith("An empty chart")


@pytest.mark.parametrize(("n_variants", "n_seeds"), [(1, 1), (3, 3), (8, 20)])
def test_points_are_few(n_variants, n_seeds):
    rows = [
        _row(f"v{v}", seed, epoch, 1.0) for seed in range(n_seeds) for epoch in range(300) for v in range(n_variants)
    ]
    table = training_table(rows, METRICS)
    for figure in (
        training_figure(table, "bce", title="BCE", n_epochs=300),
        own_losses_figure(table, n_epochs=300),
    ):
        assert sum(len(line.x) for line in figure.data) <= MOST_POINTS
        assert all(line.x[-1] == 299 for line in figure.data)


def test_thinned_keeps_the_ends_and_the_order(table):
    assert thinned(table, 100) is table
    kept = thinned(table, 3)
    assert kept.index.tolist() == [0, 8, 15]


def test_own_losses_have_a_panel_each_of_the_last_seed(table):
    figure = own_losses_figure(table, n_epochs=3)
    assert [note.text for note in figure.layout.annotations] == ["<b>bce</b>", "<b>&lt;b&gt;focal</b>"]
    assert [(line.name, line.yaxis) for line in figure.data] == [
        ("training", "y"),
        ("validation", "y"),
        ("training", "y2"),
        ("validation", "y2"),
    ]
    np.testing.assert_allclose(figure.data[0].y, [10 / 2, 10 / 3, 10 / 4, 10 / 5], rtol=1e-6)
    np.testing.assert_allclose(figure.data[3].y, [20 / 3, 20 / 4, 20 / 5, 20 / 6], rtol=1e-6)
    assert own_losses_figure(table.iloc[:0], n_epochs=3).layout.height


def test_alt_says_where_each_variant_stands(table):
    said = training_alt(table, "bce", title="BCE")
    assert said == "BCE against the epoch, up to epoch 3. It stands at: bce 0.200, <b>focal 0.167."
    assert "bce from 10 to 4, <b>focal from 6.667 to 3.333" in own_losses_alt(table)
    assert own_losses_alt(table.iloc[:0]).endswith("not known yet.")
