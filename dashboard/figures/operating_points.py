"""Where given decisions lie on a chart that knows no threshold: rings on curves, lines across it. For documents, in
which nothing moves.
"""

import numpy as np
import plotly.graph_objects as go

from dashboard.core import Counts, metrics
from dashboard.escape import for_plotly
from dashboard.figures import theme

RING = {"symbol": "circle-open", "size": 18}
RING_WIDTH = 2.5


def add_class_rings(figure: go.Figure, counts: Counts, classes, class_names, *, name: str) -> None:
    """Precision and recall of some classes, a row of counts, on the precision-recall chart; undefined ones are absent.

    classes: indices in the order of the chart's curves.
    """
    classes = np.asarray(classes, dtype=np.intp)
    recall, precision, f1 = (
        metric(counts, zero_division=np.nan)[0][classes]
        for metric in (metrics.recall, metrics.precision, metrics.f_beta)
    )
    shown = np.flatnonzero(~(np.isnan(recall) | np.isnan(precision)))
    texts = [
        f"<b>{for_plotly(class_names[classes[i]])}</b><br>{name}<br>recall {recall[i]:.3f}<br>"
        f"precision {precision[i]:.3f}<br>F1 {f1[i]:.3f}"
        for i in shown
    ]
    marker = RING | {"color": [theme.colour(int(i)) for i in shown], "line": {"width": RING_WIDTH}}
    figure.add_trace(_points(recall[shown], precision[shown], texts, marker, name))


def add_ring(figure: go.Figure, x: float, y: float, *, name: str) -> None:
    """One point, in the colour of text."""
    text = f"<b>{name}</b><br>{x:.3f}, {y:.3f}"
    figure.add_trace(_points([x], [y], [text], RING | {"color": theme.GREY, "line": {"width": RING_WIDTH}}, name))
    for axis, value in (("xaxis", x), ("yaxis", y)):
        low, high = figure.layout[axis].range
        room = 0.04 * (high - low)
        figure.update_layout({axis: {"range": [min(low, value - room), max(high, value + room)]}})


def add_level(figure: go.Figure, value: float, *, name: str, index: int) -> None:
    """A dotted line across the whole chart: a value that no place on the x axis stands for."""
    low, high = figure.layout.xaxis.range
    line = {"color": theme.colour(index), "dash": "dot", "width": 1.5}
    figure.add_trace(
        go.Scatter(
            x=[low, high], y=[value, value], mode="lines", line=line, name=f"{name} {value:.3f}", hoverinfo="skip"
        )
    )


def add_place(figure: go.Figure, x: float, *, name: str) -> None:
    """A dashed line from top to bottom at one threshold of all classes."""
    figure.add_vline(x, line={"color": theme.GREY, "dash": "dash", "width": 2})
    figure.add_annotation(
        x=x, y=1, yref="paper", text=for_plotly(name), showarrow=False, xanchor="left", yanchor="top", xshift=4
    )


def _points(x, y, texts, marker, name) -> go.Scatter:
    return go.Scatter(
        x=np.asarray(x, dtype=np.float64),
        y=np.asarray(y, dtype=np.float64),
        mode="markers",
        marker=marker,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        name=name,
        cliponaxis=False,  # a precision of 1 lies on the edge
    )
