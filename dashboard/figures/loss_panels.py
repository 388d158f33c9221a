"""Panels side by side in one chart with one legend, two in a row also on a phone. Knows nothing of losses."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.figures import theme

GAP, HEAD, FOOT = 0.12, 30, 34  # part of the width; pixels above and below a panel
PANEL = 210  # pixels high


def axes_of(number: int) -> dict[str, str]:
    """What a trace of the number-th panel says of its axes."""
    return {"xaxis": f"x{number + 1 if number else ''}", "yaxis": f"y{number + 1 if number else ''}"}


def panels_figure(titles: Sequence[str], *, x_title: str, x_range, n_entries: int) -> go.Figure:
    """Empty panels from left to right and top to bottom, all with the same x-axis. n_entries: of the legend."""
    n_rows = (len(titles) + 1) // 2
    high = n_rows * (PANEL + HEAD + FOOT)
    legend = 30 + 12 * n_entries
    figure = theme.empty_figure(x_title="", y_title="", height=high + legend)
    axis = figure.layout.xaxis.to_plotly_json() | {"title": None}
    layout = {"margin": {"l": 10, "r": 10, "t": 0, "b": legend}}
    for number in range(len(titles)):
        row, column = divmod(number, 2)
        suffix = str(number + 1) if number else ""
        top = row * (PANEL + HEAD + FOOT) + HEAD
        start = column * (1 + GAP) / 2
        is_bottom = number + 2 >= len(titles)
        place = {"domain": [start, start + (1 - GAP) / 2], "anchor": f"y{suffix}", "range": x_range, "nticks": 6}
        layout[f"xaxis{suffix}"] = axis | place | {"title": {"text": x_title if is_bottom else ""}}
        place = {"domain": [1 - (top + PANEL) / high, 1 - top / high], "anchor": f"x{suffix}", "nticks": 6}
        layout[f"yaxis{suffix}"] = axis | place | {"range": None, "automargin": True}
        figure.add_annotation(_title(titles[number], start, 1 - top / high))
    return figure.update_layout(layout)


def _title(text, x, y) -> dict:
    place = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False}
    return place | {"text": text, "x": x, "y": y, "font": {"size": 13}}
