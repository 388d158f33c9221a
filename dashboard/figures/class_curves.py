"""The traces that the precision-recall and the ROC chart share: curves of classes, best points, readers as points.

Knows the tidy tables of `curves` and `readers`, and from a CurveKind which of their columns to draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme
from dashboard.figures.curves import CurveTables
from dashboard.figures.handles import POINT, Handle
from dashboard.figures.rates import share_of

FAINT = "rgba(128, 128, 128, 0.25)"
COUNTS = ("tp", "fp", "fn")


@dataclass(frozen=True)
class CurveKind:
    """x, y: columns of the rows. area, area_label: the figure of each class that its legend entry shows.

    steps: the curve first goes to the new y, then to the new x, and starts at x = 0; else straight lines.
    """

    x: str
    y: str
    area: str
    area_label: str
    steps: bool


def trace_names(tables: CurveTables, kind: CurveKind) -> dict[str, str]:
    """Class name -> the name of its curve in the legend."""
    pairs = zip(tables.summary["class"], tables.summary[kind.area], strict=True)
    return {name: f"{theme.shortened(name)} · {kind.area_label} {area:.3f}" for name, area in pairs}


def add_curves(figure: go.Figure, tables: CurveTables, kind: CurveKind, *, focus: str | None = None) -> None:
    """One line per class that has rows; the class in focus is wider and on top."""
    names, kinds = trace_names(tables, kind), tables.summary.set_index("class")["score kind"]
    for index, name in enumerate(tables.summary["class"]):
        rows = tables.rows[tables.rows["class"] == name]
        if len(rows):
            look = _look(index, in_focus=focus == name, some_focus=focus in names)
            figure.add_trace(_curve(rows, kind, kinds[name]).update(name=names[name], uid=name, **look))


def curve_handles(tables: CurveTables, kind: CurveKind, indices: Sequence[int]) -> list[Handle]:
    """A point on each drawn curve, named by the class's index; `indices` in the order of the tables' summary."""
    drawn = set(tables.rows["class"])
    return [
        Handle(str(index), POINT, f"Threshold of {name}", trace=name, first_vertex=int(kind.steps))
        for index, name in zip(indices, tables.summary["class"], strict=True)
        if name in drawn
    ]


def _look(index, *, in_focus, some_focus) -> dict:
    line = {"color": theme.colour(index), "dash": theme.dash(index), "width": 3 if in_focus else 2}
    return {"line": line, "opacity": 0.6 if some_focus and not in_focus else 1.0, "zorder": int(in_focus)}


def _curve(rows, kind, score_kind) -> go.Scatter:
    x, y = (rows[column].to_numpy(np.float32) for column in (kind.x, kind.y))
    shown = theme.compact(*(rows[column] for column in ("threshold", "score", kind.x, kind.y, *COUNTS)))
    if kind.steps:
        x, y, shown = np.append(np.float32(0), x), np.append(y[:1], y), np.concatenate([shown[:1], shown])
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        line_shape="vh" if kind.steps else "linear",
        customdata=shown,
        hovertemplate=hover_text(rows["class"].iat[0], kind, score_kind),
    )


def hover_text(title: str, kind: CurveKind, score_kind: str) -> str:
    """For customdata of threshold, score, x, y, tp, fp, fn."""
    own_scale = " (logit %{customdata[1]:.3f})" if score_kind == "logits" else ""
    return (
        f"<b>{for_plotly(title)}</b><br>threshold %{{customdata[0]:.4~g}}{own_scale}<br>"
        f"{kind.x} %{{customdata[2]:.3f}}<br>{kind.y} %{{customdata[3]:.3f}}<br>"
        "tp %{customdata[4]:,d} · fp %{customdata[5]:,d} · fn %{customdata[6]:,d}<extra></extra>"
    )


def add_best_points(figure: go.Figure, tables: CurveTables, kind: CurveKind) -> None:
    """A diamond per class where its F1 is best."""
    columns = [f"{column} of best F1" for column in (kind.x, kind.y)]
    best = tables.summary.assign(index=range(len(tables.summary))).dropna(subset=columns)
    if best.empty:
        return
    texts = [
        f"<b>{for_plotly(row['class'])}</b><br>best F1 {row['best F1']:.3f}<br>"
        f"at threshold {row['threshold of best F1']:.4g}{_logit(row)}"
        for _, row in best.iterrows()
    ]
    figure.add_trace(_points(best, columns, texts).update(name="best F1", marker_symbol="diamond", marker_size=11))


def _logit(row) -> str:
    return f" (logit {row['score of best F1']:.3f})" if row["score kind"] == "logits" else ""


def add_readers(
    figure: go.Figure, tables: CurveTables, kind: CurveKind, readers: pd.DataFrame, *, focus: str | None = None
) -> None:
    """Each reader's points in the colours of their classes, on crosses that are exact 95 % intervals.

    One trace of points per reader, before it one of intervals per class; undefined ones are left out. Beside a class
    in focus the intervals of the others are faint.
    """
    order = {name: index for index, name in enumerate(tables.summary["class"])}
    seen = readers[readers["class"].isin(list(order))].dropna(subset=[kind.x, kind.y])
    for number, (reader, rows) in enumerate(seen.groupby("reader", sort=False)):
        rows = rows.assign(index=rows["class"].map(order))
        texts = [_reader_text(row, kind) for _, row in rows.iterrows()]
        symbol = theme.READER_SYMBOLS[number % len(theme.READER_SYMBOLS)]
        group = f"reader {number}"
        for _, row in rows.iterrows():
            faint = focus in order and focus != row["class"]
            color = FAINT if faint else theme.colour(row["index"])
            figure.add_trace(_intervals(row, kind, color).update(legendgroup=group))
        points = _points(rows, [kind.x, kind.y], texts)
        look = {"marker_symbol": symbol, "marker_size": 13, "legendgroup": group}
        figure.add_trace(points.update(name=theme.shortened(reader), **look))


def _intervals(row, kind, color) -> go.Scatter:
    """The intervals of one reader in one class in both directions; a legend entry hides them with the points."""
    bars = {
        f"error_{axis}": {
            "type": "data",
            "symmetric": False,
            "array": [row[f"{rate} high"] - row[rate]],
            "arrayminus": [row[rate] - row[f"{rate} low"]],
            "color": color,
            "thickness": 1,
            "width": 3,
        }
        for axis, rate in (("x", kind.x), ("y", kind.y))
    }
    return go.Scatter(
        x=[row[kind.x]],
        y=[row[kind.y]],
        mode="markers",
        name="95 % interval",
        marker={"size": 1, "opacity": 0},
        hoverinfo="skip",
        showlegend=False,
        **bars,
    )


def _reader_text(row, kind) -> str:
    rates = "<br>".join(_rate_text(row, rate) for rate in (kind.x, kind.y))
    counts = " · ".join(f"{name} {row[name]:,}" for name in COUNTS)
    return f"<b>{for_plotly(row['reader'])}</b>, {for_plotly(row['class'])}<br>{rates}<br>{counts}"


def _rate_text(row, rate) -> str:
    k, n = share_of(row, rate)
    return f"{rate} {row[rate]:.3f} ({row[f'{rate} low']:.3f} to {row[f'{rate} high']:.3f}), {k:,} of {n:,}"


def _points(rows, columns, texts) -> go.Scatter:
    x, y = (rows[column].to_numpy(np.float64) for column in columns)
    marker = {"color": [theme.colour(index) for index in rows["index"]], "line": {"color": theme.GREY, "width": 1}}
    return go.Scatter(x=x, y=y, mode="markers", marker=marker, text=texts, hovertemplate="%{text}<extra></extra>")
