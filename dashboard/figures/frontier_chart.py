"""The trade-off between micro-F1 and macro-F1 as a curve of points that can be clicked, and what it is compared with.

Knows no threshold: where the current ones lie is said apart, so that moving them never changes the chart.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.core.policies.frontier import HALF
from dashboard.escape import for_plotly
from dashboard.figures import theme
from dashboard.figures.handles import POINT, Handle
from dashboard.figures.point_labels import add_point_labels

CURVE = "frontier"
COLUMNS = ("point", "micro-F1", "macro-F1")
_SYMBOLS = ("circle-open", "square", "triangle-up", "diamond", "star", "hexagon")


def frontier_table(micro, macro, named: Sequence[tuple[str, float, float]]) -> pd.DataFrame:
    """A row per point of the curve, then one per named point: (name, micro-F1, macro-F1)."""
    curve = [(f"point {k} of {len(micro)}", *pair) for k, pair in enumerate(zip(micro, macro, strict=True), start=1)]
    rows = pd.DataFrame([*curve, *named], columns=list(COLUMNS))
    rows["on the curve"] = np.arange(len(rows)) < len(curve)
    return rows


def frontier_figure(table: pd.DataFrame) -> go.Figure:
    """The supported points joined by straight lines, and the named points beside them."""
    figure = theme.empty_figure(x_title="micro-F1", y_title="macro-F1")
    curve, named = table[table["on the curve"]], table[~table["on the curve"]]
    if len(curve):
        look = {"mode": "lines+markers", "line": {"color": theme.colour(0), "width": 2}, "marker": {"size": 7}}
        figure.add_trace(_trace(curve, CURVE, "best of both", look))
    for number, (_, row) in enumerate(named.iterrows()):
        look = {"mode": "markers", "marker": {"symbol": _SYMBOLS[number % len(_SYMBOLS)], "size": 12}}
        look["marker"] |= {"color": theme.colour(number + 1), "line": {"color": theme.GREY, "width": 1}}
        figure.add_trace(_trace(row.to_frame().T, _named_uid(number), theme.shortened(row["point"]), look))
    if len(table):
        for axis, column in (("xaxis", "micro-F1"), ("yaxis", "macro-F1")):
            figure.update_layout({axis: {"range": _range(table[column])}})
        _add_line_at_half(figure, named)
        add_point_labels(
            figure,
            named["micro-F1"],
            named["macro-F1"],
            named["point"].tolist(),
            curve[["micro-F1", "macro-F1"]],
        )
    theme.fit_legend(figure)
    return figure


def _add_line_at_half(figure, named) -> None:
    """A dotted line at the micro-F1 of 0.5 everywhere: what lies left of it is worse in micro-F1 than not tuning."""
    for micro in named.loc[named["point"] == HALF, "micro-F1"]:
        line = {"color": theme.PALE_GREY, "dash": "dot", "width": 1}
        figure.add_shape(type="line", x0=micro, x1=micro, y0=0, y1=1, yref="paper", line=line, layer="below")


def frontier_handles(table: pd.DataFrame) -> list[Handle]:
    """The point of the thresholds in force on the curve, and each named point, which takes clicks."""
    curve, named = table[table["on the curve"]], table[~table["on the curve"]]
    handles = [Handle(CURVE, POINT, "Thresholds in force", trace=CURVE, columns=COLUMNS)] if len(curve) else []
    return handles + [
        Handle(_named_uid(number), POINT, name, trace=_named_uid(number), columns=COLUMNS)
        for number, name in enumerate(named["point"])
    ]


def frontier_alt(table: pd.DataFrame) -> str:
    """Plain text: the ends of the curve and the named points."""
    curve, named = table[table["on the curve"]], table[~table["on the curve"]]
    if curve.empty:
        return "An empty chart."
    ends = " to ".join(f"micro-F1 {row['micro-F1']:.3f} with macro-F1 {row['macro-F1']:.3f}" for row in _ends(curve))
    points = "; ".join(f"{row['point']} {row['micro-F1']:.3f} and {row['macro-F1']:.3f}" for _, row in named.iterrows())
    return f"Macro-F1 against micro-F1, the best of both from {ends}. Beside it {points}."


def named_number(handle_id: str, n_named: int) -> int | None:
    """Which named point a handle is of, None for the curve or none at all."""
    return next((number for number in range(n_named) if _named_uid(number) == handle_id), None)


def _named_uid(number: int) -> str:
    """Plotly looks for a colour bar under this name: no space in it."""
    return f"named-{number}"


def _ends(curve):
    return curve.iloc[0], curve.iloc[-1]


def _trace(rows, uid, name, look) -> go.Scatter:
    return go.Scatter(
        x=rows["micro-F1"].to_numpy(float),
        y=rows["macro-F1"].to_numpy(float),
        customdata=rows[list(COLUMNS)].to_numpy(object),
        text=[for_plotly(text) for text in rows["point"]],
        hovertemplate="<b>%{text}</b><br>micro-F1 %{x:.3f}<br>macro-F1 %{y:.3f}<extra></extra>",
        uid=uid,
        name=name,
        **look,
    )


def inside(values, value: float) -> bool:
    """Whether a value lies within the axis drawn for these."""
    low, high = _range(values) if len(values) else (0.0, 1.0)
    return low <= value <= high


def _range(values) -> list[float]:
    room = 0.06 * (values.max() - values.min()) or 0.02
    return [float(values.min()) - room, float(values.max()) + room]
