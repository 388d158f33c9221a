"""Where decisions lie on charts for documents."""

import numpy as np
import pytest

from dashboard.core import Counts
from dashboard.figures import theme
from dashboard.figures.operating_points import add_class_rings, add_level, add_place, add_ring

COUNTS = Counts(*(np.array([each]) for each in ([3, 0, 1], [1, 0, 1], [1, 2, 0], [5, 8, 8])))


def _figure():
    return theme.empty_figure(x_title="recall", y_title="precision")


def test_rings_lie_at_recall_and_precision_in_the_colours_of_the_curves():
    figure = _figure()
    add_class_rings(figure, COUNTS, [2, 0, 1], ("a<b>", "b", "c"), name="these")
    ring = figure.data[0]  # class "b" predicts nothing: no precision, no ring
    assert ring.x.tolist() == [1.0, 0.75] and ring.y.tolist() == [0.5, 0.75]
    assert list(ring.marker.color) == [theme.colour(0), theme.colour(1)]
    assert ring.cliponaxis is False  # whole where precision or recall is 1
    assert "a&lt;b&gt;" in ring.text[1] and "F1 0.750" in ring.text[1]


def test_a_ring_outside_widens_the_axes():
    figure = _figure()
    figure.update_xaxes(range=[0.6, 0.7])
    add_ring(figure, 0.5, 0.4, name="these")
    low, high = figure.layout.xaxis.range
    assert low < 0.5 and high == 0.7


def test_a_level_reaches_across_and_says_its_value():
    figure = _figure()
    add_level(figure, 0.75, name="micro-F1", index=0)
    line = figure.data[0]
    assert line.name == "micro-F1 0.750" and tuple(line.x) == theme.UNIT_RANGE and tuple(line.y) == (0.75, 0.75)


def test_a_place_is_a_line_with_its_name():
    figure = _figure()
    add_place(figure, 0.3, name="these <b>")
    assert figure.layout.shapes[0].x0 == pytest.approx(0.3)
    assert figure.layout.annotations[0].text == "these &lt;b&gt;"
