"""Curves and shares keep their numbers, one legend entry per variant, and few enough points."""

import numpy as np
import pytest

from dashboard.figures.loss_shape import (
    BY_LARGEST,
    n_points,
    shape_alt,
    shape_figure,
    shape_table,
    share_alt,
    share_figure,
    share_table,
)

LOGITS = np.linspace(-4, 4, 5)
BCE = np.logaddexp(0, np.stack([LOGITS, -LOGITS]))
SLOPE = np.stack([1 / (1 + np.exp(-LOGITS)), 1 / (1 + np.exp(-LOGITS)) - 1])


@pytest.fixture
def table():
    return shape_table({"BCE": (LOGITS, BCE, SLOPE), "<b>triple": (LOGITS, 3 * BCE, 3 * SLOPE)})


def test_table_has_a_row_per_variant_target_and_logit(table):
    assert len(table) == 20
    rows = table[(table["variant"] == "BCE") & (table["y"] == 1)]
    np.testing.assert_array_equal(rows["loss"], BCE[1])
    np.testing.assert_array_equal(rows["gradient"], SLOPE[1])


def test_figure_draws_loss_and_gradient_for_both_targets(table):
    figure = shape_figure(table)
    assert [note.text for note in figure.layout.annotations] == [
        f"<b>{what}</b>, y = {y}" for what, y in (("loss", 1), ("loss", 0), ("gradient", 1), ("gradient", 0))
    ]
    assert [(trace.xaxis, trace.yaxis) for trace in figure.data] == [
        (f"x{k}", f"y{k}") for k in ("", "2", "3", "4")
    ] * 2
    assert [trace.showlegend for trace in figure.data] == [True, False, False, False] * 2
    np.testing.assert_allclose(figure.data[7].y, 3 * SLOPE[0], rtol=1e-6)
    assert figure.data[4].name == "&lt;b&gt;triple"
    assert len({trace.line.color for trace in figure.data}) == 2


def test_by_largest_makes_multiples_equal(table):
    figure = shape_figure(table, scale=BY_LARGEST)
    for one, three in zip(figure.data[:4], figure.data[4:], strict=True):
        np.testing.assert_allclose(one.y, three.y, rtol=1e-6)
    assert max(figure.data[0].y) == 1


@pytest.mark.parametrize("n_losses", range(1, 9))
def test_points_are_odd_and_within_the_limit(n_losses):
    assert n_points(n_losses) % 2 == 1
    assert 4 * n_losses * n_points(n_losses) <= 5_000


def test_alt_names_the_steepest_gradients(table):
    assert "BCE: -0.982 at logit -4 for y = 1 and 0.982 at logit 4 for y = 0" in shape_alt(table)
    assert shape_alt(shape_table({})).startswith("An empty chart")
    assert shape_figure(shape_table({})).layout.height


def test_shares_are_drawn_over_the_middles_of_their_bins():
    shares = np.array([[0.1, 0.2], [0.3, 0.4]])
    table = share_table({"BCE": shares, "none": shares * np.nan}, np.array([0, 0.5, 1]), np.array([[5, 6], [7, 0]]))
    assert table["cells of"].tolist() == ["negatives"] * 2 + ["positives"] * 2
    assert table["cells"].tolist() == [5, 6, 7, 0]
    assert table["BCE"].tolist() == [0.1, 0.2, 0.3, 0.4]
    figure = share_figure(table, ["BCE", "none"])
    assert figure.data[0].x.tolist() == [0.25, 0.75]
    np.testing.assert_allclose(figure.data[1].y, [0.3, 0.4], rtol=1e-6)
    alt = share_alt(table, ["BCE", "none"])
    assert "BCE: 70.0% on positives, the most, 40.0%, on positives that score 0.50 to 1.00" in alt
    assert "none: no gradient" in alt
