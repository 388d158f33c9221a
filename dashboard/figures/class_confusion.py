"""True against predicted classes as a heat map. Knows no thresholds: it gets the counts."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.figures import theme

MOST_NUMBERS = 12  # classes; with more the numbers would not fit their cells
_DARK = 0.55  # share from which on a cell is dark in a light theme and in a dark one
_SCALE = [[0.0, "rgba(128, 128, 128, 0.06)"], [1.0, "rgba(0, 114, 178, 1)"]]


def cooccurrence_figure(counts: np.ndarray, positives: np.ndarray, names: Sequence[str]) -> go.Figure:
    """Share of the positives of each class (row) for which each class (column) is predicted; 0 without positives.

    counts: (n, n) samples, rows true, columns predicted; positives: (n, n), of how many.
    """
    share = counts / np.maximum(positives, 1)
    labels = [theme.shortened(name, 14) for name in names]
    places = list(range(len(names)))
    height = max(260, 90 + 30 * len(names))
    figure = theme.empty_figure(x_title="predicted", y_title="true", height=height)
    figure.add_trace(
        go.Heatmap(
            z=share,
            x=places,
            y=places,
            text=[[f"{n:,}" for n in row] for row in counts.tolist()],
            zmin=0,
            zmax=1,
            colorscale=_SCALE,
            xgap=2,
            ygap=2,
            hovertemplate="true %{y}, predicted %{x}<br>%{text} samples, %{z:.1%} of positives<extra></extra>",
            colorbar={"title": {"text": "share"}, "tickformat": ".0%", "thickness": 12},
        )
    )
    if len(names) <= MOST_NUMBERS:
        figure.add_traces([_numbers(counts, share <= _DARK, None), _numbers(counts, share > _DARK, "white")])
    ticks = {"tickvals": places, "ticktext": labels, "showgrid": False, "automargin": True, "constrain": "domain"}
    edges = [-0.5, len(names) - 0.5]
    figure.update_xaxes(ticks, range=edges, side="top", tickangle=-45 if len(names) > 6 else 0)
    figure.update_yaxes(ticks, range=edges[::-1])
    return figure


def _numbers(counts: np.ndarray, cells: np.ndarray, colour: str | None) -> go.Scatter:
    """Numbers on some cells; colour None: the page's. The heat map's own are dark on the dark page's pale cells."""
    rows, columns = np.nonzero(cells)
    return go.Scatter(
        x=columns.tolist(),
        y=rows.tolist(),
        text=[f"{n:,}" for n in counts[rows, columns].tolist()],
        mode="text",
        textfont={"size": 11} | ({"color": colour} if colour else {}),
        hoverinfo="skip",
        showlegend=False,
    )


def cooccurrence_alt(counts: np.ndarray, positives: np.ndarray, names: Sequence[str]) -> str:
    """What the map shows, in words: the largest share off the diagonal."""
    share = np.where(np.eye(len(names), dtype=bool), -1.0, counts / np.maximum(positives, 1))
    opening = f"Heat map of true against predicted classes, {len(names)} by {len(names)}."
    if len(names) < 2:
        return opening
    true, predicted = np.unravel_index(int(share.argmax()), share.shape)
    return (
        f"{opening} The largest share off the diagonal: {names[predicted]} is predicted for "
        f"{share[true, predicted]:.0%} of the positives of {names[true]}."
    )
