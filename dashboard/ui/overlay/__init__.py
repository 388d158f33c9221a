"""A threshold line and operating points drawn over a native chart, so that the chart itself never changes.

A changed figure would be torn down and rebuilt, and its zoom lost; this sends some hundred bytes instead.
"""

import math
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from dashboard.ui.address import Threshold
from dashboard.ui.wording import place

_component = st.components.v2.component(
    "threshold_overlay",
    html="<span></span>",
    css=":host { display: none; }\nspan { display: none; }",
    js=(Path(__file__).parent / "overlay.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Line:
    """A vertical line at `x` in the chart's own units."""

    x: float
    label: str


@dataclass(frozen=True)
class Point:
    """A ring at (x, y) in the colour of the trace named `trace`, hidden with it."""

    x: float
    y: float
    label: str
    trace: str | None = None


def threshold_line(threshold: Threshold, axis: str) -> Line:
    """A threshold on the axis of a chart, "probability" or "logit"."""
    if axis == "probability":
        return Line(threshold.unit, place(threshold.unit))
    return Line(threshold.logit, f"{threshold.logit:.3g}")


def show_overlay(chart_key: str, *, lines: list[Line] = (), points: list[Point] = ()) -> None:
    """Draw over the `st.plotly_chart` whose key is `chart_key`; earlier marks of the same chart are replaced.

    Marks that lie nowhere (a threshold that nothing reaches) are left out.
    """
    data = {
        "chart": chart_key,
        "lines": [asdict(line) for line in lines if math.isfinite(line.x)],
        "points": [asdict(point) for point in points if math.isfinite(point.x + point.y)],
    }
    with st.container(key=f"overlay_{chart_key}"):
        _component(key=f"{chart_key}_marks", data=data, height="content")
