"""The map of true against predicted classes: what is drawn, in which order, and in words."""

import numpy as np

from dashboard.figures.class_confusion import MOST_NUMBERS, cooccurrence_alt, cooccurrence_figure

COUNTS = np.array([[8, 2], [3, 0]])
POSITIVES = np.array([[10, 5], [6, 0]])


def test_the_shade_is_the_share_of_the_positives_whose_other_label_is_known():
    heat, pale, dark = cooccurrence_figure(COUNTS, POSITIVES, ["ant", "bee"]).data
    assert np.array(heat.z).tolist() == [[0.8, 0.4], [0.5, 0.0]]
    assert [list(row) for row in heat.text] == [["8", "2"], ["3", "0"]]
    assert (heat.zmin, heat.zmax) == (0, 1)
    assert (dark.text, dark.x, dark.y) == (("8",), (0,), (0,))
    assert sorted(zip(pale.text, pale.x, pale.y, strict=True)) == [("0", 1, 1), ("2", 1, 0), ("3", 0, 1)]


def test_true_classes_run_downwards_and_names_are_escaped():
    figure = cooccurrence_figure(COUNTS, POSITIVES, ["<b>ant</b>", "bee"])
    low, high = figure.layout.yaxis.range
    assert low > high
    assert "<b>" not in figure.layout.xaxis.ticktext[0]


def test_numbers_are_left_out_where_they_would_not_fit():
    n = MOST_NUMBERS + 1
    few, many = (cooccurrence_figure(np.ones((k, k)), np.ones((k, k)), ["x"] * k).data for k in (n - 1, n))
    assert (len(few), len(many)) == (3, 1)


def test_alt_names_the_largest_share_off_the_diagonal():
    assert "ant is predicted for 50% of the positives of bee" in cooccurrence_alt(COUNTS, POSITIVES, ["ant", "bee"])
    assert "1 by 1" in cooccurrence_alt(COUNTS[:1, :1], POSITIVES[:1, :1], ["ant"])
