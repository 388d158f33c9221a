"""How every chart looks: layout, colours, dashes, symbols, greys, notes. Knows nothing of metrics or data.

Colours are the placeholders of Streamlit's own plotly template: its frontend puts the colours of the current theme
(light or dark, `.streamlit/config.toml`) in their place. `with_palette` does so for a figure shown anywhere else.
"""

import textwrap

import numpy as np
import plotly.graph_objects as go
import plotly.io

from dashboard.escape import for_plotly

GREY = "rgba(128, 128, 128, 0.9)"
PALE_GREY = "rgba(128, 128, 128, 0.55)"
OKABE_ITO = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7A5195", "#8C510A", "#4D7F17",
)  # fmt: skip
PLACEHOLDERS = tuple(f"#{i:06d}" for i in range(1, 11))
DASHES = ("solid", "9px,3px", "9px,3px,2px,3px", "4px,2px")  # short enough for a legend; "dot" is for no skill
READER_SYMBOLS = ("star", "triangle-up", "square", "cross", "hexagon", "bowtie", "hourglass", "pentagon")
BEST_SYMBOLS = ("diamond", "diamond-tall", "diamond-wide", "diamond-x")
UNIT_RANGE = (-0.02, 1.02)


def colour(index: int) -> str:
    """The colour of the index-th class or line; ten, then again from the first (with another dash)."""
    return PLACEHOLDERS[index % len(PLACEHOLDERS)]


def dash(index: int) -> str:
    return DASHES[index % len(DASHES)]


def empty_figure(*, x_title: str, y_title: str, height: int = 440) -> go.Figure:
    """Axes on the page's background, legend below, ready for traces."""
    axis = {"showgrid": True, "gridcolor": "rgba(128, 128, 128, 0.18)", "zeroline": False, "ticks": "outside"}
    return go.Figure(
        layout={
            "xaxis": axis | {"title": {"text": x_title}, "range": UNIT_RANGE},
            "yaxis": axis | {"title": {"text": y_title}, "range": UNIT_RANGE},
            "height": height,
            "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
            "paper_bgcolor": "rgba(0, 0, 0, 0)",
            "plot_bgcolor": "rgba(0, 0, 0, 0)",
            "legend": {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "title": {}},
            "showlegend": True,
            "hovermode": "closest",
            "hoverlabel": {"align": "left", "namelength": -1},
            "uirevision": "constant",
        }
    )


def fit_legend(figure: go.Figure) -> None:
    """Make the figure higher by what its legend needs beyond a few entries, so that the plot keeps its size."""
    n_entries = sum(trace.showlegend is not False for trace in figure.data)
    figure.update_layout(height=figure.layout.height + 12 * max(0, n_entries - 5))


def with_room(low: float, high: float) -> list[float]:
    """The range of an axis: 2 % of room on either side, 1 where both ends are equal; finite whatever they are."""
    room = 0.02 * high - 0.02 * low or 1.0  # in this order, since high - low may overflow
    most = float(np.finfo(np.float64).max)
    return [max(low, room - most) - room, min(high, most - room) + room]


def add_note(figure: go.Figure, sentences, *, centred: bool) -> None:
    """Write sentences into the chart, in the middle of an empty one, else small in the lower left corner."""
    if not sentences:
        return
    lines = [line for sentence in sentences for line in textwrap.wrap(sentence, 44)]
    place = (
        {"x": 0.5, "y": 0.5, "xanchor": "center", "yanchor": "middle", "align": "center", "font": {"size": 14}}
        if centred
        else {"x": 0.01, "y": 0.01, "xanchor": "left", "yanchor": "bottom", "align": "left", "font": {"size": 11}}
    )
    text = "<br>".join(for_plotly(line) for line in lines)
    figure.add_annotation(text=text, xref="paper", yref="paper", showarrow=False, **place)


def shortened(text: str, length: int = 24) -> str:
    """The text for a legend, escaped and cut to a length that fits a narrow window."""
    return for_plotly(text if len(text) <= length else text[: length - 1].rstrip() + "…")


def compact(*columns) -> np.ndarray:
    """Columns side by side, (n, n_columns), in float32 unless a count would lose a digit: what a hover text shows."""
    side_by_side = np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
    finite = np.abs(side_by_side[np.isfinite(side_by_side)])
    return side_by_side if finite.size and finite.max() > 2**24 else side_by_side.astype(np.float32)


def with_palette(figure: go.Figure, palette=OKABE_ITO) -> go.Figure:
    """The same figure with real colours, for a report or a notebook."""
    text = figure.to_json()
    for placeholder, replacement in zip(PLACEHOLDERS, palette, strict=True):
        text = text.replace(f'"{placeholder}"', f'"{replacement}"')
    return plotly.io.from_json(text)
