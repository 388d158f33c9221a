"""Controls that return a choice. The threshold itself lives in `state`; its slider and field only show and set it."""

import numpy as np
import streamlit as st

from dashboard.ui import cache, state
from dashboard.ui.address import Threshold
from dashboard.ui.view import View

METRICS = {
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "jaccard": "Jaccard",
    "subset_accuracy": "Exact match",
}
AXES = {"probability": "0-1", "logit": "logit"}


def metric_control() -> str:
    """A key of METRICS; kept in the address."""
    chosen = st.segmented_control(
        "Metric", list(METRICS), default="f1", format_func=METRICS.get, key="metric", bind="query-params", required=True
    )
    return chosen if chosen in METRICS else "f1"


def axis_control() -> str:
    """A key of AXES; kept in the address."""
    chosen = st.segmented_control(
        "Threshold axis",
        list(AXES),
        default="probability",
        format_func=AXES.get,
        key="axis",
        bind="query-params",
        required=True,
    )
    return chosen if chosen in AXES else "probability"


def threshold_control(view: View, axis: str) -> None:
    """A slider and a number field for the common threshold, on the scale of the chart beside it."""
    if axis == "logit" and view.predictions.score_kind == "logits":
        drawn = cache.sweep(view.digest, view.run, axis).score_thresholds
        _logit_control(float(drawn[0]), float(drawn[-1]))
    else:
        _unit_control()


def _unit_control() -> None:
    value = min(max(state.threshold().unit, 0.0), 1.0)
    _slider_and_field(value, 0.0, 1.0, "Threshold (0-1)", on_logit_scale=False)


def _logit_control(low: float, high: float) -> None:
    threshold = state.threshold()
    with np.errstate(divide="ignore"):
        value = threshold.value if threshold.on_logit_scale else np.log(threshold.value) - np.log1p(-threshold.value)
    _slider_and_field(float(np.clip(value, low, high)), low, high, "Threshold (logit)", on_logit_scale=True)


def _slider_and_field(value, low, high, label, *, on_logit_scale) -> None:
    scale = "logit" if on_logit_scale else "unit"
    slider, field = f"threshold_slider_{scale}", f"threshold_field_{scale}"

    def take(key):
        chosen = state.widget_value(key)
        if chosen is not None and low <= chosen <= high:
            state.set_threshold(Threshold(float(chosen), on_logit_scale))

    state.preset_widget(slider, value)
    state.preset_widget(field, value)
    step = 0.001 if not on_logit_scale else (high - low) / 1000
    st.slider(label, low, high, step=step, key=slider, on_change=take, args=(slider,), format="%.3f")
    st.number_input(
        "Exact value",
        low,
        high,
        step=0.01 if not on_logit_scale else step * 10,
        key=field,
        on_change=take,
        args=(field,),
        format="%.4f",
        help="Shown rounded, applied unrounded. A sample is predicted positive when score >= threshold.",
    )
