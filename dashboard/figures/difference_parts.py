"""A difference as a sum: the total, what of it is threshold and what is ranking, each with its interval.

Takes numbers, knows nothing of where they come from.
"""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme

PARTS = ("total", "threshold", "ranking")
_SYMBOLS = ("circle", "diamond", "square", "triangle-up")


def parts_table(averages: Mapping[str, Mapping[str, tuple]]) -> pd.DataFrame:
    """A row per average and part; averages: name -> part of PARTS -> (value, low, high)."""
    rows = [(name, part, *map(float, parts[part])) for name, parts in averages.items() for part in PARTS]
    return pd.DataFrame(rows, columns=["average", "part", "B - A", "low", "high"])


def parts_figure(table: pd.DataFrame, *, value: str) -> go.Figure:
    """A point with its interval for each part, the total on top; an average in each colour."""
    figure = theme.empty_figure(x_title=f"{value}, B - A", y_title="", height=300)
    groups = list(table.groupby("average", sort=False))
    for number, (name, rows) in enumerate(groups):
        figure.add_trace(_points(name, rows, number, 0.3 * ((len(groups) - 1) / 2 - number)))
    places = list(range(len(PARTS)))[::-1]
    texts = ["total", "= threshold", "+ ranking"]
    figure.update_yaxes(range=[-0.6, len(PARTS) - 0.4], tickvals=places, ticktext=texts, showgrid=False)
    ends = table[["B - A", "low", "high"]].to_numpy().ravel()
    ends = [*ends[ends == ends], 0.0]
    low, high = min(ends), max(ends)
    figure.update_xaxes(range=theme.with_room(low - 0.05 * (high - low), high + 0.05 * (high - low)))
    figure.add_vline(x=0.0, line={"color": theme.GREY, "width": 1.5, "dash": "dot"})
    return figure


def parts_alt(table: pd.DataFrame) -> str:
    """Plain text: every part of every average with its interval."""
    said = []
    for name, rows in table.groupby("average", sort=False):
        parts = [f"{part} {value:+.3f} ({low:+.3f} to {high:+.3f})" for _, part, value, low, high in rows.to_numpy()]
        said.append(f"{name}: {', '.join(parts)}")
    return f"B less A, as a sum of threshold and ranking. {'. '.join(said)}."


def _points(name, rows, number, shift) -> go.Scatter:
    values = rows["B - A"].to_numpy()
    bars = {
        "type": "data",
        "symmetric": False,
        "array": rows["high"].to_numpy() - values,
        "arrayminus": values - rows["low"].to_numpy(),
        "color": theme.colour(number),
        "thickness": 1.6,
        "width": 5,
    }
    texts = [
        f"<b>{for_plotly(name)}, {part}</b><br>{value:+.3f} ({low:+.3f} to {high:+.3f})"
        for _, part, value, low, high in rows.to_numpy()
    ]
    return go.Scatter(
        x=values,
        y=[len(PARTS) - 1 - PARTS.index(part) + shift for part in rows["part"]],
        error_x=bars,
        mode="markers",
        marker={"color": theme.colour(number), "size": 10, "symbol": _SYMBOLS[number % len(_SYMBOLS)]},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        name=for_plotly(name),
        uid=name,
    )
