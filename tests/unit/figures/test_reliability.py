"""The reliability diagram: points that grow with their bins, names as text, and words for those who do not see it."""

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores
from dashboard.core.reliability import reliability
from dashboard.core.scale import logit
from dashboard.figures.reliability import LOGIT, SIZES, reliability_alt, reliability_figure, reliability_frame


@pytest.fixture
def table():
    rng = np.random.default_rng(2)
    scores = rng.random((300, 1)) ** 3
    labels = (rng.random((300, 1)) < scores).astype(np.int8)
    return reliability(RankedScores.from_predictions(Predictions(scores, labels, "probabilities")), 0, 10, "width")


def test_area_of_a_point_grows_with_the_cells_of_its_bin(table):
    points = reliability_figure(reliability_frame({"as given": table}), x_title="score").data[1]
    area = np.array(points.marker.size) ** 2 - SIZES[0] ** 2
    assert area == pytest.approx((SIZES[1] ** 2 - SIZES[0] ** 2) * table.n / table.n.sum())


def test_bars_end_at_the_limits_of_the_share(table):
    points = reliability_figure(reliability_frame({"as given": table}), x_title="score").data[1]
    low, high = table.interval
    assert points.y - points.error_y.arrayminus == pytest.approx(low)
    assert points.y + points.error_y.array == pytest.approx(high)


def test_logit_axes_keep_every_point_its_limits_and_the_diagonal(table):
    frame = reliability_frame({"as given": table})
    figure = reliability_figure(frame, x_title="score", axis=LOGIT)
    diagonal, points = figure.data
    assert points.x == pytest.approx(logit(table.mean_score))
    assert diagonal.x == pytest.approx(diagonal.y)
    inner = (table.share > 0) & (table.share < 1)
    assert points.y[inner] == pytest.approx(logit(table.share[inner]))
    high = table.interval[1]
    assert (points.y + points.error_y.array)[high < 1] == pytest.approx(logit(high[high < 1]))
    low_end, high_end = figure.layout.yaxis.range
    assert (low_end < points.y).all()
    assert (points.y < high_end).all()
    ticks = dict(zip(figure.layout.xaxis.ticktext, figure.layout.xaxis.tickvals, strict=True))
    assert ticks["0.01"] == pytest.approx(logit(0.01))


def test_on_logit_axes_a_share_of_nothing_stands_at_the_edge():
    labels = np.zeros((50, 1), dtype=np.int8)
    none = reliability(RankedScores.from_predictions(Predictions(np.full((50, 1), 1e-9), labels, "probabilities")), 0)
    figure = reliability_figure(reliability_frame({"as given": none}), x_title="score", axis=LOGIT)
    points = figure.data[1]
    assert np.isfinite([*points.x, *points.y, *points.error_y.array, *points.error_y.arrayminus]).all()
    assert points.y[0] == points.x[0] == figure.data[0].y[0]
    reliability_figure(reliability_frame({}), x_title="score", axis=LOGIT)


def test_a_name_is_escaped(table):
    points = reliability_figure(reliability_frame({"<b>x": table}), x_title="score").data[1]
    assert "<b>x" not in points.name
    assert all("<b>x" not in text.replace("<b>&lt;b&gt;x", "") for text in points.text)


def test_words_name_the_bin_farthest_from_the_diagonal(table):
    at = int(np.argmax(np.abs(table.share - table.mean_score)))
    said = reliability_alt(reliability_frame({"as given": table}))
    assert f"mean score {table.mean_score[at]:.3f} with a share of positives of {table.share[at]:.3f}" in said


def test_without_a_known_label_the_chart_says_so():
    frame = reliability_frame({})
    figure = reliability_figure(frame, x_title="score")
    assert "No label is known" in figure.layout.annotations[0].text
    assert reliability_alt(frame) == "An empty chart: no label is known."
