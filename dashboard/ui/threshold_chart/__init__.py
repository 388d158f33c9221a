"""The charts whose threshold is dragged: a chart that never changes with a threshold, and the hand that holds its line.

The chart gets its figure once; the hand, a component of its own in the fragment that follows the thresholds, gets a few
numbers at every step and sends one when somebody lets go. So a released line runs that fragment and redraws nothing.
"""

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard.ui import state
from dashboard.ui.address import Threshold
from dashboard.ui.threshold_chart.assets import assets_folder
from dashboard.ui.wording import place

MAX_RELEASES = 24  # as many lines as a chart has
_HERE = Path(__file__).parent


def _component(name: str, script: str, html: str, css: str | None = None):
    loader = (_HERE / "loader.js").read_text(encoding="utf-8")
    js = loader.replace("__FOLDER__", assets_folder()).replace("__SCRIPT__", script)
    return st.components.v2.component(name, html=html, css=css, js=js, isolate_styles=False)


_chart = _component(
    "threshold_chart",
    "chart.js",
    '<div class="threshold-chart" role="figure"></div>',
    (_HERE / "style.css").read_text(encoding="utf-8"),
)
_hand = _component("threshold_hand", "hand.js", '<div class="threshold-hand" role="status" aria-live="polite"></div>')


@dataclass(frozen=True)
class Mark:
    """Where the handle `id` of a chart lies, in units of its axes, and what is said of it.

    A line has no y; at -inf or +inf it stands at that end of its axis. A point at NaN lies nowhere and is not drawn,
    but its curve still takes clicks. text: value and exact figures, for those who hear the page.
    """

    id: str
    x: float
    label: str
    text: str
    y: float | None = None


@dataclass(frozen=True)
class Release:
    """What somebody let go of: a line at `value`, in units of its axis, or a point at a vertex of its drawn curve."""

    id: str
    value: float | None = None
    vertex: int | None = None


def show_chart(key: str, payload: bytes) -> None:
    """The chart in `payload` (of `figures.handles.chart_payload`, made with the same key)."""
    with st.container(key=key):
        _chart(key=f"{key}_figure", data=payload)


def show_marks(
    chart: str,
    revision: str,
    marks: list[Mark],
    take: Callable[[Release], object] | None = None,
    *,
    note: str = "exact on release",
) -> None:
    """Put the handles of the chart with this key; `take` hears of each that is let go, None holds them fast.

    revision: that of the chart's payload. What was let go over an older one is dropped. note: what the approximate
    figures of a held handle are, or leave out.
    """
    key = f"{chart}_marks"

    def released():
        for release in parse_releases((state.widget_value(key) or {}).get("release"), revision):
            take(release)

    data = {"chart": chart, "disabled": take is None, "note": note, "marks": [_sent(mark) for mark in marks]}
    with st.container(key=f"overlay_{chart}"):
        _hand(key=key, data=data, height="content", on_release_change=released if take else lambda: None)


def parse_releases(sent, revision: str) -> list[Release]:
    """The releases that a browser sent, as far as they are some; nothing a browser sends is believed."""
    if not isinstance(sent, dict) or sent.get("revision") != revision or not isinstance(sent.get("releases"), list):
        return []
    parsed = [_parse_release(each) for each in sent["releases"][:MAX_RELEASES]]
    return [release for release in parsed if release is not None]


def _parse_release(sent) -> Release | None:
    if not isinstance(sent, dict) or not isinstance(sent.get("id"), str):
        return None
    value, vertex = (None if isinstance(sent.get(name), bool) else sent.get(name) for name in ("value", "vertex"))
    if isinstance(vertex, int) and vertex >= 0:
        return Release(sent["id"], vertex=vertex)
    if isinstance(value, int | float) and abs(value) <= sys.float_info.max:
        return Release(sent["id"], value=float(value))
    return None


def line_mark(id: str, threshold: Threshold, axis: str, text: str) -> Mark:
    """A threshold on the axis of a chart, "probability" or "logit"; never predicted stands at the end."""
    x = threshold.unit if axis == "probability" else threshold.logit
    label = place(x) if axis == "probability" else f"{x:.3g}"
    return Mark(id, math.inf if math.isnan(x) else x, "never" if math.isnan(x) else label, text)


def released_threshold(release: Release, axis: str, score_kind: str) -> Threshold | None:
    """The threshold where a line was let go, None where the value is none."""
    if release.value is None:
        return None
    if axis == "probability":
        return Threshold(release.value) if 0 <= release.value <= 1 else None
    return Threshold(release.value, on_logit_scale=True) if score_kind == "logits" else _unit(release.value)


def _unit(logit_value: float) -> Threshold:
    return Threshold(Threshold(logit_value, on_logit_scale=True).unit)


def _sent(mark: Mark) -> dict:
    """JSON has no infinities: they travel as text, and NaN as null."""
    sent = {"id": mark.id, "x": _number(mark.x), "label": mark.label, "text": mark.text}
    return sent if mark.y is None else sent | {"y": _number(mark.y)}


def _number(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")
