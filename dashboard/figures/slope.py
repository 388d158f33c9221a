"""Slope charts: a value of each class under A and under B, at the thresholds in use and at each one's own best.

Takes arrays, knows nothing of where the values come from.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme

MOST_CLASSES = 12
IN_USE, OWN_BEST = "thresholds in use", "own best, cross-fitted"
STARTS = {IN_USE: 0.0, OWN_BEST: 1.5}  # where A stands on the x axis; B stands 1 further right


def largest_changes(change, most: int = MOST_CLASSES) -> np.ndarray:
    """Indices of the classes that change most either way, the largest first; classes without a value are left out."""
    change = np.abs(np.asarray(change, dtype=np.float64))
    order = np.argsort(-np.nan_to_num(change, nan=-1.0), kind="stable")
    return order[~np.isnan(change[order])][:most]


def slope_table(class_names: Sequence[str], in_use, own_best) -> pd.DataFrame:
    """Two rows per class, one for each of STARTS; columns class, at, A, B, B - A.

    in_use, own_best: each the values of A and of B, (n_classes,) with NaN where undefined.
    """
    tables = []
    for at, (a, b) in ((IN_USE, in_use), (OWN_BEST, own_best)):
        a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
        tables.append(pd.DataFrame({"class": list(class_names), "at": at, "A": a, "B": b, "B - A": b - a}))
    return pd.concat(tables).sort_index(kind="stable").reset_index(drop=True)


def slope_figure(table: pd.DataFrame, *, value: str) -> go.Figure:
    """A line from A to B for each class, twice side by side. value: what the y axis shows."""
    figure = theme.empty_figure(x_title="", y_title=value, height=460)
    for number, (name, rows) in enumerate(table.groupby("class", sort=False)):
        figure.add_trace(_lines(name, rows, number))
    drawn = table[table[["A", "B"]].notna().all(axis=1)]
    starts = {at: start for at, start in STARTS.items() if (drawn["at"] == at).any()} or {IN_USE: STARTS[IN_USE]}
    ticks = [start + step for start in starts.values() for step in (0.0, 1.0)]
    figure.update_xaxes(
        range=[-0.2, ticks[-1] + 0.2], tickvals=ticks, ticktext=["A", "B"] * len(starts), showgrid=False
    )
    figure.update_yaxes(range=_y_range(table))
    for at, start in starts.items():
        place = {"x": start + 0.5, "y": 1.0, "yref": "paper", "yanchor": "bottom", "showarrow": False}
        figure.add_annotation(text=for_plotly(at), font={"size": 12}, **place)
    figure.update_layout(margin={"t": 30})
    theme.fit_legend(figure)
    empty = table[["A", "B"]].isna().to_numpy().all()
    theme.add_note(figure, ["No class has a value."] if empty else [], centred=True)
    return figure


def slope_alt(table: pd.DataFrame) -> str:
    """Plain text: how many classes rise from A to B on either side, and the largest change."""
    said = []
    for at in STARTS:
        rows = table[(table["at"] == at) & table["B - A"].notna()]
        if rows.empty:
            continue
        most = rows.loc[rows["B - A"].abs().idxmax()]
        n_higher, n_lower = int((rows["B - A"] > 0).sum()), int((rows["B - A"] < 0).sum())
        said.append(
            f"At {at}: B is higher in {n_higher} and lower in {n_lower} of {len(rows)} classes, most in "
            f"{most['class']}, from {most['A']:.3f} to {most['B']:.3f}"
        )
    return ". ".join(["Slope chart from A to B", *said]) + "." if said else "An empty chart: no class has a value."


def _lines(name, rows, number) -> go.Scatter:
    x, y, texts = [], [], []
    for row in rows.to_dict("records"):
        start = STARTS[row["at"]]
        x += [start, start + 1.0, None]
        y += [row["A"], row["B"], None]
        text = f"<b>{for_plotly(name)}</b><br>{row['at']}<br>A {row['A']:.3f}, B {row['B']:.3f} ({row['B - A']:+.3f})"
        texts += [text, text, ""]
    return go.Scatter(
        x=x,
        y=y,
        mode="lines+markers",
        line={"color": theme.colour(number), "width": 1.8, "dash": theme.dash(number)},
        marker={"size": 6},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        name=theme.shortened(name, 18),
        uid=name,
    )


def _y_range(table) -> list[float]:
    values = table[["A", "B"]].to_numpy(np.float64)
    values = values[np.isfinite(values)]
    return theme.with_room(values.min(), values.max()) if len(values) else list(theme.UNIT_RANGE)
