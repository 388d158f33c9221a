"""Metrics against one threshold: the tables to the last digit, the chart by structure."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.core import Counts
from dashboard.figures import theme
from dashboard.figures.metric import line_name, metric_figure, metric_table, optima_table
from tests.unit.figures.builders import n_points, notes, trace_named

THRESHOLDS = [0.0, 0.25, 0.5, 1.0]
LOGITS = [-np.inf, -1.0986122886681098, 0.0, np.inf]
MICRO, MACRO = ("f1", "micro"), ("f1", "macro")
VALUES = {MICRO: np.array([0.2, 0.7, 0.6, 0.0]), MACRO: np.array([0.1, 0.3, 0.5, 0.0])}


@dataclass
class Optimum:
    value: float
    threshold: float | None
    score_threshold: float


@pytest.fixture
def table():
    return metric_table(VALUES, THRESHOLDS, LOGITS, "logits")


def test_metric_table_one_row_per_line_and_threshold(table):
    assert table.columns.tolist() == ["metric", "average", "threshold", "logit", "value"]
    assert table["average"].tolist() == ["micro"] * 4 + ["macro"] * 4
    assert table["threshold"].tolist() == THRESHOLDS * 2
    assert table["value"].tolist() == [0.2, 0.7, 0.6, 0.0, 0.1, 0.3, 0.5, 0.0]


def test_metric_table_of_logits_shows_the_score_thresholds():
    table = metric_table({MICRO: np.zeros(2)}, [1.0, 1.0], [40.0, 80.0], "logits")
    assert table["logit"].tolist() == [40.0, 80.0]


def test_metric_table_of_probabilities_computes_the_logit():
    table = metric_table({MICRO: np.zeros(3)}, [0.0, 0.5, 1.0], [0.0, 0.5, 1.0], "probabilities")
    assert table["logit"].tolist() == [-np.inf, 0.0, np.inf]


def test_optima_table_shows_both_scales():
    row = optima_table({MICRO: Optimum(0.7, 0.25, -1.1)}, "logits").iloc[0]
    assert (row["metric"], row["average"], row["value"]) == ("f1", "micro", 0.7)
    assert (row["threshold"], row["logit"]) == (0.25, -1.1)


def test_optima_table_of_probabilities_computes_the_logit():
    assert optima_table({MICRO: Optimum(0.7, 0.5, 0.5)}, "probabilities")["logit"].iat[0] == 0.0


def test_optima_table_best_to_predict_nothing_is_above_both_scales():
    row = optima_table({("hamming_loss", "micro"): Optimum(0.1, None, np.inf)}, "logits").iloc[0]
    assert (row["threshold"], row["logit"]) == (np.inf, np.inf)


def test_optima_table_shows_a_crowded_optimum_near_one():
    row = optima_table({MICRO: Optimum(0.7, None, 50.0)}, "logits").iloc[0]
    assert (row["threshold"], row["logit"]) == (1.0, 50.0)


def test_metric_figure_one_line_per_average(table):
    figure = metric_figure(table)
    assert [trace.name for trace in figure.data] == ["micro-F1", "macro-F1"]
    assert list(figure.data[0].x) == THRESHOLDS
    assert list(figure.data[1].y) == [0.1, 0.3, 0.5, 0.0]


def test_metric_figure_on_the_logit_axis_leaves_out_infinite_logits(table):
    figure = metric_figure(table, axis="logit")
    assert list(figure.data[0].x) == LOGITS[1:3]
    low, high = figure.layout.xaxis.range
    assert low < LOGITS[1] < LOGITS[2] < high
    assert high - low < 1.2


def test_metric_figure_axes(table):
    layout = metric_figure(table).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("threshold", "F1")
    assert layout.xaxis.range == layout.yaxis.range == theme.UNIT_RANGE
    assert metric_figure(table, axis="logit").layout.uirevision != layout.uirevision


def test_metric_figure_marks_the_best_of_each_line(table):
    optima = optima_table({MICRO: Optimum(0.71, 0.34, -0.66), MACRO: Optimum(0.52, 0.4, -0.4)}, "logits")
    figure = metric_figure(table, optima)
    mark = trace_named(figure, "best micro-F1")
    assert (mark.x[0], mark.y[0]) == (0.34, 0.71)
    assert mark.marker.symbol.startswith("diamond")
    assert mark.marker.color == trace_named(figure, "micro-F1").line.color
    assert mark.legendgroup == trace_named(figure, "micro-F1").legendgroup
    assert "0.710 at 0.34" in mark.hovertemplate
    assert trace_named(figure, "best macro-F1").marker.symbol != mark.marker.symbol


def test_metric_figure_marks_lie_at_their_logit(table):
    optima = optima_table({MICRO: Optimum(0.71, 0.34, -0.66)}, "logits")
    assert trace_named(metric_figure(table, optima, axis="logit"), "best micro-F1").x[0] == -0.66


def test_metric_figure_best_to_predict_nothing_is_marked_at_the_right_edge():
    loss = ("hamming_loss", "micro")
    table = metric_table({loss: np.array([0.9, 0.3, 0.2, 0.1])}, THRESHOLDS, LOGITS, "logits")
    figure = metric_figure(table, optima_table({loss: Optimum(0.1, None, np.inf)}, "logits"))
    mark = trace_named(figure, "best Hamming loss")
    assert mark.x[0] == figure.layout.xaxis.range[1]
    assert "when nothing is predicted" in mark.hovertemplate


def test_metric_figure_ignores_optima_of_lines_not_drawn(table):
    figure = metric_figure(table, optima_table({("recall", "micro"): Optimum(1.0, 0.0, -np.inf)}, "logits"))
    assert len(figure.data) == 2


def test_metric_figure_averages_of_one_metric_differ_in_dash(table):
    lines = [trace.line for trace in metric_figure(table).data]
    assert lines[0].dash != lines[1].dash
    assert lines[0].color != lines[1].color


def test_metric_figure_of_two_metrics_keeps_a_colour_per_average():
    values = {(metric, average): np.zeros(4) for metric in ("f1", "recall") for average in ("micro", "macro")}
    figure = metric_figure(metric_table(values, THRESHOLDS, LOGITS, "logits"))
    looks = {trace.name: (trace.line.color, trace.line.dash) for trace in figure.data}
    assert looks["micro-F1"][0] == looks["micro-recall"][0] != looks["macro-F1"][0]
    assert looks["micro-F1"][1] == looks["macro-F1"][1] != looks["micro-recall"][1]
    assert figure.layout.yaxis.title.text == "value"


def test_metric_figure_is_small_svg_without_a_line_of_a_threshold():
    grid = np.linspace(0, 1, 401)
    values = {("f1", average): np.sqrt(grid) for average in ("micro", "macro", "weighted", "samples")}
    figure = metric_figure(metric_table(values, grid, grid, "probabilities"))
    assert {type(trace) for trace in figure.data} == {go.Scatter}
    assert n_points(figure) <= 5_000
    assert len(figure.to_json()) < 100_000
    assert not figure.layout.shapes


def test_metric_figure_without_lines_says_so():
    assert "No metric is chosen." in notes(metric_figure(metric_table({}, THRESHOLDS, LOGITS, "logits")))


def test_metric_figure_undefined_everywhere_says_so():
    values = VALUES | {("recall", "samples"): np.full(4, np.nan)}
    figure = metric_figure(metric_table(values, THRESHOLDS, LOGITS, "logits"))
    assert notes(figure) == "samples-recall is undefined at every threshold."


def test_metric_figure_of_infinite_logits_only_draws_an_axis():
    table = metric_table({MICRO: np.array([0.1, 0.2])}, [0.0, 1.0], [-np.inf, np.inf], "logits")
    assert np.isfinite(metric_figure(table, axis="logit").layout.xaxis.range).all()


@pytest.mark.parametrize(
    ("metric", "average", "name"),
    [
        ("f1", "micro", "micro-F1"),
        ("recall", "samples", "samples-recall"),
        ("subset_accuracy", "samples", "exact match"),
        ("hamming_loss", "micro", "Hamming loss"),
        ("f1", None, "F1"),
    ],
)
def test_line_name(metric, average, name):
    assert line_name(metric, average) == name


def test_metric_figure_tells_the_counts_over_all_cells_in_the_hover():
    values = {("f1", "micro"): np.array([0.4, 0.5]), ("f1", "macro"): np.array([0.3, 0.2])}
    table = metric_table(values, [0.25, 0.75], [0.25, 0.75], "probabilities")
    counts = Counts(*(np.array([[n], [n + 1]]) for n in (3, 1, 2, 10)))
    trace = next(each for each in metric_figure(table, pooled=counts).data if each.name == "all cells")
    assert trace.x.tolist() == [0.25, 0.75]
    np.testing.assert_allclose(trace.customdata, [[3 / 4, 3 / 5, 3, 1, 2], [4 / 6, 4 / 7, 4, 2, 3]], rtol=1e-6)
    assert not trace.showlegend
