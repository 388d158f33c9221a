"""Labels beside points are free of each other, of the marks, and inside the plot, on a phone and on a desk."""

from itertools import combinations

import numpy as np
import pytest

from dashboard.figures import theme
from dashboard.figures.point_labels import LINE, MARK, PLOT_SIZES, Box, add_point_labels

NAMES = ("0.5 everywhere", "best global", "per-class best", "joint best", "reader A")


def drawn(points, texts):
    figure = theme.empty_figure(x_title="x", y_title="y")
    figure.update_xaxes(range=[0.0, 1.0])
    figure.update_yaxes(range=[0.0, 1.0])
    add_point_labels(figure, *np.transpose(points), texts)
    return figure.layout.annotations


def boxes(annotations, size):
    """The labels' rectangles, from what the figure says; letters of 6.6 pixels."""
    return [
        Box(
            note.x * size[0] + note.ax,
            (1 - note.y) * size[1] + note.ay,
            6.6 * max(map(len, note.text.split("<br>"))),
            LINE * len(note.text.split("<br>")),
        )
        for note in annotations
    ]


@pytest.mark.parametrize("size", PLOT_SIZES)
@pytest.mark.parametrize("seed", range(100))
def test_labels_overlap_nothing_and_are_not_cut_off(seed, size):
    rng = np.random.default_rng(seed)
    points = 0.06 + 0.88 * rng.random((len(NAMES), 2))
    if seed % 3 == 0:
        points[1:4] = points[0] + 0.03 * (rng.random((3, 2)) - 0.5)
    points = np.clip(points, 0.06, 0.94)
    annotations = drawn(points, NAMES)
    found = boxes(annotations, size)
    marks = [Box(x * size[0], (1 - y) * size[1], MARK - 4, MARK - 4) for x, y in points]
    assert all(a.overlap(b) == 0 for a, b in combinations(found, 2))
    assert all(label.overlap(mark) == 0 for label in found for mark in marks)
    assert all(label.outside(*size) == 0 for label in found)


def test_points_in_one_place_share_a_label():
    annotations = drawn([(0.5, 0.5), (0.2, 0.2), (0.501, 0.5)], ["a", "b", "c"])
    assert [note.text for note in annotations] == ["a<br>c", "b"]


def test_label_is_escaped():
    assert drawn([(0.5, 0.5)], ["<b>"])[0].text == "&lt;b&gt;"
