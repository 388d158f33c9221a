"""What every chart shares."""

import numpy as np
import plotly.graph_objects as go

from dashboard.figures import theme


def test_compact_keeps_counts_exact():
    big = 2**24 + 1
    assert int(theme.compact([0.5], [big])[0, 1]) == big
    assert int(theme.compact([0.5], [big - 2])[0, 1]) == big - 2
    assert theme.compact([0.5], [big - 2]).dtype == np.float32


def test_compact_keeps_infinity():
    assert theme.compact([np.inf, 0.5], [1, 2])[0, 0] == np.inf


def test_shortened_cuts_before_it_escapes():
    assert theme.shortened("<" * 30, 5) == "&lt;" * 4 + "…"
    assert theme.shortened("short") == "short"


def test_with_palette_replaces_every_placeholder_and_leaves_the_figure_alone():
    figure = go.Figure(go.Scatter(x=[1], y=[1], line_color=theme.colour(0), marker_color=[theme.colour(9)]))
    real = theme.with_palette(figure)
    assert (real.data[0].line.color, real.data[0].marker.color[0]) == (theme.OKABE_ITO[0], theme.OKABE_ITO[9])
    assert figure.data[0].line.color == theme.PLACEHOLDERS[0]


def test_colours_repeat_with_another_dash():
    looks = [(theme.colour(i), theme.dash(i)) for i in range(20)]
    assert len(set(looks)) == 20


def test_note_is_escaped_and_wrapped():
    figure = theme.empty_figure(x_title="x", y_title="y")
    theme.add_note(figure, ["<b> " + "word " * 20], centred=True)
    text = figure.layout.annotations[0].text
    assert text.startswith("&lt;b&gt;")
    assert max(len(line) for line in text.split("<br>")) < 60


def test_fit_legend_grows_with_the_entries_shown():
    few, many = (theme.empty_figure(x_title="x", y_title="y") for _ in range(2))
    many.add_traces([go.Scatter(x=[0], y=[0]) for _ in range(15)])
    many.add_traces([go.Scatter(x=[0], y=[0], showlegend=False) for _ in range(15)])
    for figure in (few, many):
        theme.fit_legend(figure)
    assert many.layout.height == few.layout.height + 120
