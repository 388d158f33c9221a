"""What each pair of variants differs by, a dot per seed: in all, by threshold and by ranking.

Takes numbers; knows nothing of runs and of how a difference is taken apart.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme

PARTS = ("total", "threshold", "ranking")
_SYMBOLS = {"total": "circle", "threshold": "diamond", "ranking": "square"}
_STEP = 0.24  # between the parts of a pair; pairs are 1 apart


def seed_table(pairs: Mapping[str, Mapping[str, Mapping[int, float]]]) -> pd.DataFrame:
    """A row per pair, part and seed; pairs: "B against A" -> part of PARTS -> seed -> B - A."""
    rows = [
        (pair, part, seed, float(value))
        for pair, parts in pairs.items()
        for part in PARTS
        for seed, value in parts[part].items()
    ]
    return pd.DataFrame(rows, columns=["pair", "part", "seed", "B - A"])


def seed_figure(table: pd.DataFrame, *, value: str) -> go.Figure:
    """Pairs from top to bottom, three rows of dots in each and a bar at their mean."""
    pairs = list(dict.fromkeys(table["pair"]))
    figure = theme.empty_figure(x_title=f"{value}, B - A", y_title="", height=110 + 92 * max(1, len(pairs)))
    for number, part in enumerate(PARTS):
        rows = table[(table["part"] == part) & table["B - A"].notna()]
        heights = np.array([len(pairs) - 1 - pairs.index(pair) for pair in rows["pair"]]) + _STEP * (1 - number)
        figure.add_trace(_dots(rows, heights, part, number))
        means = rows.assign(height=heights).groupby("height")["B - A"].mean()
        figure.add_trace(_means(means, part, number))
    ticks = list(range(len(pairs)))[::-1]
    # Names stand above their dots: beside the chart they would leave a phone no room for it.
    figure.update_yaxes(range=[-0.6, len(pairs) - 0.3], tickvals=ticks, showticklabels=False, showgrid=False, ticks="")
    for pair, place in zip(pairs, ticks, strict=True):
        figure.add_annotation(**_name(pair, place))
    figure.update_xaxes(range=_span(table["B - A"]), nticks=7)
    return figure.add_vline(x=0.0, line={"color": theme.GREY, "width": 1.5, "dash": "dot"})


def seed_alt(table: pd.DataFrame) -> str:
    """Plain text: the mean of each part of each pair, and its ends over the seeds."""
    said = []
    for pair, rows in table.groupby("pair", sort=False):
        parts = []
        for part in PARTS:
            values = rows.loc[rows["part"] == part, "B - A"].dropna()
            if len(values):
                parts.append(f"{part} {values.mean():+.3f} ({values.min():+.3f} to {values.max():+.3f})")
        said.append(f"{pair}: {', '.join(parts) or 'undefined'}")
    return f"Differences by seed. {'. '.join(said)}." if said else "An empty chart: there is no pair of variants."


def _dots(rows, heights, part, number) -> go.Scatter:
    texts = [
        f"<b>{for_plotly(row['pair'])}</b><br>{part}, seed {row['seed']}: {row['B - A']:+.4f}"
        for row in rows.to_dict("records")
    ]
    return go.Scatter(
        x=rows["B - A"].to_numpy(np.float64),
        y=heights,
        mode="markers",
        marker={"color": theme.colour(number), "size": 9, "symbol": _SYMBOLS[part], "opacity": 0.75},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        name=part,
        legendgroup=part,
        uid=f"seeds-{part}",
    )


def _means(means, part, number) -> go.Scatter:
    return go.Scatter(
        x=means.to_numpy(np.float64),
        y=means.index.to_numpy(np.float64),
        mode="markers",
        marker={"symbol": "line-ns-open", "size": 16, "color": theme.colour(number), "line": {"width": 2}},
        hovertemplate=f"mean of {part}: %{{x:+.4f}}<extra></extra>",
        legendgroup=part,
        showlegend=False,
        uid=f"mean-{part}",
    )


def _name(pair, place) -> dict:
    where = {"x": 0.0, "xref": "paper", "xanchor": "left", "y": place + 2 * _STEP, "yanchor": "middle"}
    return where | {"text": theme.shortened(pair, 60), "showarrow": False, "font": {"size": 12}}


def _span(values) -> list[float]:
    ends = [*values.dropna(), 0.0]
    low, high = min(ends), max(ends)
    return theme.with_room(low - 0.05 * (high - low), high + 0.05 * (high - low))
