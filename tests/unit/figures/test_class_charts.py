"""The precision-recall and the ROC chart by structure: what is drawn, and that nothing heavy or active gets in."""

from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from dashboard.core import Counts
from dashboard.core.intervals import binomial_interval
from dashboard.figures import theme
from dashboard.figures.class_curves import FAINT, trace_names
from dashboard.figures.curves import precision_recall_tables, roc_tables
from dashboard.figures.precision_recall import PRECISION_RECALL, iso_f1_line, precision_recall_figure
from dashboard.figures.readers import reader_table
from dashboard.figures.roc import ROC, roc_figure
from tests.unit.figures.builders import (
    TIED_LABELS,
    TIED_SCORES,
    class_cuts,
    n_points,
    notes,
    random_classes,
    trace_named,
)

CHARTS = [(precision_recall_tables, precision_recall_figure), (roc_tables, roc_figure)]
HOSTILE = "<b>%{x}</b> #000001 $x$"


@pytest.fixture(scope="module")
def many():
    return random_classes(n_samples=20_000)


@pytest.fixture(scope="module")
def tied():
    return class_cuts(TIED_SCORES, TIED_LABELS, names=["a"])


def readers_of(class_names, *, tp=2, fp=1, fn=1, tn=2):
    counts = Counts(*(np.full((1, len(class_names)), n, dtype=np.int64) for n in (tp, fp, fn, tn)))
    return reader_table({"Dr. X": counts, "Dr. Y": counts}, class_names)


@pytest.mark.parametrize(("tables_of", "figure_of"), CHARTS)
def test_a_dozen_long_curves_fit_the_budget(many, tables_of, figure_of):
    figure = figure_of(tables_of(many), readers=readers_of([c.name for c in many]))
    assert 3_000 < n_points(figure) <= 5_000
    assert len(figure.to_json()) < 300_000


@pytest.mark.parametrize(("tables_of", "figure_of"), CHARTS)
def test_only_svg_scatter_and_no_line_of_a_threshold(many, tables_of, figure_of):
    figure = figure_of(tables_of(many))
    assert {type(trace) for trace in figure.data} == {go.Scatter}
    assert not figure.layout.shapes


def test_drawn_steps_hold_the_average_precision(many):
    tables = precision_recall_tables(many, points=None)
    figure = precision_recall_figure(tables)
    for _, row in tables.summary.iterrows():
        trace = trace_named(figure, row["class"] + " ·")
        assert trace.line.shape == "vh"
        x, y = (np.asarray(values, dtype=np.float64) for values in (trace.x, trace.y))
        assert (np.diff(x) * y[1:]).sum() == pytest.approx(row["average precision"], abs=1e-5)


def test_steps_start_at_recall_zero(tied):
    trace = trace_named(precision_recall_figure(precision_recall_tables(tied)), "a ·")
    assert (trace.x[0], trace.y[0]) == (0, 1)
    assert trace.customdata[0].tolist() == trace.customdata[1].tolist()


def test_hover_shows_threshold_and_counts(tied):
    trace = trace_named(precision_recall_figure(precision_recall_tables(tied)), "a ·")
    assert trace.customdata[2].tolist() == pytest.approx([0.8, 0.8, 2 / 3, 2 / 3, 2, 1, 1])
    assert "fn %{customdata[6]:,d}" in trace.hovertemplate
    assert "logit" not in trace.hovertemplate


def test_hover_of_logits_shows_the_logit_too():
    figure = roc_figure(roc_tables(class_cuts([2.0, 1.0], [1, 0], score_kind="logits", names=["a"])))
    assert "(logit %{customdata[1]:.3f})" in trace_named(figure, "a ·").hovertemplate


def test_roc_is_drawn_with_straight_lines_over_chance(tied):
    figure = roc_figure(roc_tables(tied))
    assert trace_named(figure, "a ·").line.shape == "linear"
    assert list(trace_named(figure, "chance").y) == [0, 1]


def test_best_point_is_a_diamond_in_the_colour_of_the_class(many):
    tables = precision_recall_tables(many[:3])
    best = trace_named(precision_recall_figure(tables), "best F1")
    assert best.marker.symbol == "diamond"
    assert list(best.marker.color) == [theme.colour(i) for i in range(3)]
    assert list(best.x) == tables.summary["recall of best F1"].tolist()
    assert list(best.y) == tables.summary["precision of best F1"].tolist()


def test_best_point_of_the_roc_lies_at_its_rates(tied):
    best = trace_named(roc_figure(roc_tables(tied)), "best F1")
    assert (best.x[0], best.y[0]) == (2 / 3, 1)
    assert "best F1 0.750<br>at threshold 0.3" in best.text[0]


def test_readers_are_points_with_their_own_symbols(tied):
    figure = precision_recall_figure(precision_recall_tables(tied), readers=readers_of(["a"], tp=1, fn=2))
    first, second = trace_named(figure, "Dr. X"), trace_named(figure, "Dr. Y")
    assert (first.x[0], first.y[0]) == (1 / 3, 1 / 2)
    assert first.marker.symbol == "star" != second.marker.symbol
    assert first.marker.color == (theme.colour(0),)


def test_readers_points_have_the_colours_of_their_classes(many):
    figure = roc_figure(roc_tables(many[:2]), readers=readers_of([many[1].name, many[0].name]))
    assert trace_named(figure, "Dr. X").marker.color == (theme.colour(1), theme.colour(0))


def test_readers_of_other_classes_are_not_drawn(tied):
    figure = roc_figure(roc_tables(tied), readers=readers_of(["b"]))
    assert not [trace for trace in figure.data if trace.name.startswith("Dr")]


def test_reader_without_a_prediction_has_no_precision_and_no_point(tied):
    readers = readers_of(["a"], tp=0, fp=0)
    drawn = precision_recall_figure(precision_recall_tables(tied), readers=readers)
    assert not [trace for trace in drawn.data if trace.name.startswith("Dr")]
    assert trace_named(roc_figure(roc_tables(tied), readers=readers), "Dr. X").y[0] == 0


def test_no_skill_line_of_an_only_class_is_its_prevalence(tied):
    line = trace_named(precision_recall_figure(precision_recall_tables(tied)), "no skill")
    assert list(line.y) == [0.5, 0.5]
    assert (line.line.color, line.line.dash) == (theme.colour(0), "dot")


def test_no_skill_line_of_several_classes_needs_a_focus(many):
    tables = precision_recall_tables(many[:3])
    assert not [t for t in precision_recall_figure(tables).data if t.name.startswith("no skill")]
    line = trace_named(precision_recall_figure(tables, focus=many[1].name), "no skill")
    assert line.y[0] == tables.summary["prevalence"].iat[1]
    assert line.line.color == theme.colour(1)


def test_class_in_focus_is_wider_and_on_top(many):
    figure = roc_figure(roc_tables(many[:3]), focus=many[1].name)
    widths = {name: trace_named(figure, f"{name} ·").line.width for name in (c.name for c in many[:3])}
    assert widths[many[1].name] > widths[many[0].name]
    assert trace_named(figure, f"{many[1].name} ·").zorder == 1


def test_neighbouring_curves_differ_in_dash_as_well_as_in_colour(many):
    figure = roc_figure(roc_tables(many))
    lines = [trace.line for trace in figure.data if "AUC" in trace.name]
    assert len({(line.color, line.dash) for line in lines}) == len(many)
    assert all(a.dash != b.dash for a, b in pairwise(lines))


def test_iso_f1_line_has_that_f1_and_stays_in_the_square():
    recall, precision = iso_f1_line(0.6)
    assert 2 * precision * recall / (precision + recall) == pytest.approx(np.full(len(recall), 0.6))
    assert precision[0] == pytest.approx(1)
    assert recall[-1] == 1


def test_iso_f1_lines_are_labelled_and_silent(tied):
    figure = precision_recall_figure(precision_recall_tables(tied))
    assert [a.text for a in figure.layout.annotations] == ["F1 0.2", "F1 0.4", "F1 0.6", "F1 0.8"]
    assert trace_named(figure, "iso-F1").hoverinfo == "skip"


@pytest.mark.parametrize(("tables_of", "figure_of"), CHARTS)
def test_names_are_drawn_literally(tables_of, figure_of):
    classes = class_cuts(TIED_SCORES, TIED_LABELS, names=[HOSTILE])
    text = figure_of(tables_of(classes), readers=readers_of([HOSTILE])).to_json()
    assert "<b>%{x}" not in text.replace("\\u003c", "<").replace("\\u003e", ">")
    assert "&#35;000001" in text


def test_trace_names_find_the_curve_and_show_its_area(tied):
    tables = roc_tables(tied)
    names = trace_names(tables, ROC)
    assert names == {"a": "a · AUC 0.722"}
    assert trace_named(roc_figure(tables), names["a"]).line.color == theme.colour(0)


def test_trace_names_shorten_long_classes():
    tables = precision_recall_tables(class_cuts(TIED_SCORES, TIED_LABELS, names=["n" * 80]))
    assert trace_names(tables, PRECISION_RECALL)["n" * 80] == "n" * 23 + "… · AP 0.756"


@pytest.mark.parametrize(("tables_of", "figure_of"), CHARTS)
def test_empty_chart_says_why(tables_of, figure_of):
    assert "No class is chosen." in notes(figure_of(tables_of([])))
    figure = figure_of(tables_of(class_cuts([0.1, 0.2], [0, 0], names=["rare"])))
    assert "No positives, so recall is undefined: rare." in notes(figure)


@pytest.mark.parametrize(("tables_of", "figure_of"), CHARTS)
def test_one_sample_draws_or_says_why(tables_of, figure_of):
    figure = figure_of(tables_of(class_cuts([0.5], [1], names=["one"])))
    assert "one ·" in " ".join(trace.name for trace in figure.data) or "No negatives" in notes(figure)


@pytest.mark.parametrize(("tables_of", "figure_of"), CHARTS)
def test_axes_are_fixed_transparent_and_keep_the_view(tied, tables_of, figure_of):
    layout = figure_of(tables_of(tied)).layout
    assert layout.xaxis.range == layout.yaxis.range == theme.UNIT_RANGE
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0, 0, 0, 0)"
    assert layout.uirevision
    assert layout.legend.orientation == "h"


def test_axis_titles_are_the_words_of_the_field(tied):
    layout = precision_recall_figure(precision_recall_tables(tied)).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("recall", "precision")
    layout = roc_figure(roc_tables(tied)).layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("false positive rate", "recall (true positive rate)")


@pytest.mark.parametrize(
    ("figure_of", "tables_of", "x", "y"),
    [
        (precision_recall_figure, precision_recall_tables, (2, 3), (2, 3)),
        (roc_figure, roc_tables, (1, 3), (2, 3)),
    ],
)
def test_readers_points_lie_on_their_exact_intervals(tied, figure_of, tables_of, x, y):
    figure = figure_of(tables_of(tied), readers=readers_of(["a"]))
    crosses = [trace for trace in figure.data if trace.name == "95 % interval"]
    assert len(crosses) == 2 and crosses[0].error_x.color == theme.colour(0) == crosses[0].error_y.color
    for bars, middle, (k, n) in ((crosses[0].error_x, crosses[0].x[0], x), (crosses[0].error_y, crosses[0].y[0], y)):
        low, high = binomial_interval(k, n)
        assert middle == k / n and not bars.symmetric
        assert (middle - bars.arrayminus[0], middle + bars.array[0]) == (pytest.approx(low), pytest.approx(high))


def test_a_readers_legend_entry_hides_the_intervals_too(tied):
    figure = roc_figure(roc_tables(tied), readers=readers_of(["a"]))
    first, second = trace_named(figure, "Dr. X"), trace_named(figure, "Dr. Y")
    assert first.legendgroup != second.legendgroup
    crosses = [trace for trace in figure.data if trace.name == "95 % interval"]
    assert [cross.legendgroup for cross in crosses] == [first.legendgroup, second.legendgroup]
    assert not any(cross.showlegend for cross in crosses)


def test_readers_hover_says_the_intervals_and_what_they_are_of(tied):
    text = trace_named(roc_figure(roc_tables(tied), readers=readers_of(["a"])), "Dr. X").text[0]
    low, high = binomial_interval(2, 3)
    assert f"recall 0.667 ({low:.3f} to {high:.3f}), 2 of 3" in text
    assert "), 1 of 3" in text and "false positive rate 0.333" in text


def test_beside_a_class_in_focus_the_intervals_of_others_are_faint(many):
    names = [c.name for c in many[:2]]
    figure = roc_figure(roc_tables(many[:2]), readers=readers_of(names), focus=names[1])
    colours = [trace.error_x.color for trace in figure.data if trace.name == "95 % interval"]
    assert colours == [FAINT, theme.colour(1)] * 2
