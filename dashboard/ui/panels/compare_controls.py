"""The choices of the Compare page: A and B, the thresholds in use, the metric, how often and over what to resample."""

import streamlit as st

from dashboard.ui import state
from dashboard.ui.controls import choice_control
from dashboard.ui.panels.compare_cache import Asked
from dashboard.ui.panels.compare_sides import HALF, IN_FORCE, Side
from dashboard.ui.panels.estimate_settings import show_estimate_settings
from dashboard.ui.view import View

METRICS = {"f1": "F1", "jaccard": "Jaccard"}
AT = {HALF: "0.5", IN_FORCE: "thresholds in force"}


def sides_control(sides: dict[str, Side]) -> tuple[Side, Side] | None:
    """A and B; None where two that can be compared are not chosen. A reader stands as A, whichever was chosen."""
    if len(sides) < 2:
        return None
    titles = list(sides)
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_sides"):
        a = st.selectbox("A", titles, key="compare_a", bind="query-params", width=260)
        # The second comes first: that is the choice until somebody chooses.
        b = st.selectbox("B", [*titles[1:], titles[0]], key="compare_b", bind="query-params", width=260)
        st.button("Swap", key="compare_swap", icon=":material/swap_horiz:", on_click=_swap)
    first, second = sides.get(a), sides.get(b)
    if first is None or second is None or first == second or (first.is_reader and second.is_reader):
        return None
    if second.is_reader:
        st.caption("A reader has one point and no curve, so the reader stands as A and the run as B.")
        return second, first
    return first, second


def asked_control(view: View) -> tuple[Asked, float | None]:
    """Thresholds in use, metric and resampling, and how small a difference counts as none (None: nobody said so)."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="compare_controls"):
        at = choice_control("Thresholds in use", AT, key="compare_at")
        metric = choice_control("Metric", METRICS, key="compare_metric")
        margin = _margin_control()
        settings = show_estimate_settings(view, held_out=False, title="Units, folds, seed")
    return Asked(at, metric, settings.unit, settings.folds, settings.seed), margin


def _margin_control() -> float | None:
    margin = st.number_input(
        "No difference within",
        0.0,
        1.0,
        step=0.01,
        format="%.3f",
        key="compare_margin",
        bind="query-params",
        width=180,
        help="“No difference” is only said where the interval lies between minus this and plus this. 0: it is never "
        "said.",
    )
    return margin or None


def _swap() -> None:
    a, b = state.widget_value("compare_a"), state.widget_value("compare_b")
    state.preset_widget("compare_a", b)
    state.preset_widget("compare_b", a)
