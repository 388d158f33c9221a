"""Controls that return a choice. The threshold itself lives in `state`; its slider and field only show and set it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.ui import cache, state
from dashboard.ui.address import Threshold
from dashboard.ui.applied import edit
from dashboard.ui.view import View

METRICS = {
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "jaccard": "Jaccard",
    "subset_accuracy": "Exact match",
}
AXES = {"probability": "0-1", "logit": "logit"}


def choice_control(label: str, options: dict[str, str], *, key: str, first: str | None = None, **look) -> str:
    """A key of `options`, at first `first` or the first one; kept in the address."""
    first = first or next(iter(options))
    chosen = st.segmented_control(
        label,
        list(options),
        default=first,
        format_func=options.get,
        key=key,
        bind="query-params",
        required=True,
        **look,
    )
    return chosen if chosen in options else first  # what a browser sends is not checked by Streamlit


def metric_control() -> str:
    """A key of METRICS."""
    return choice_control("Metric", METRICS, key="metric", wrap=True)


def axis_control() -> str:
    """A key of AXES."""
    return choice_control("Threshold axis", AXES, key="axis")


@dataclass(frozen=True)
class _Owner:
    """Whose threshold a slider and a field show and set; `key` starts the keys of both."""

    key: str
    threshold: Threshold
    take: Callable[[Threshold], object]


def threshold_control(view: View, axis: str) -> None:
    """A slider and a number field for the common threshold, on the scale of the chart beside it."""
    span = None
    if _in_logits(view, axis):
        drawn = cache.sweep(view.digest, view.run, axis).score_thresholds
        span = float(drawn[0]), float(drawn[-1])
    _slider_and_field(_Owner("threshold", state.threshold(), state.set_threshold), span)


def own_threshold_control(view: View, index: int, axis: str, span: tuple[float, float]) -> None:
    """The same for one class; as long as it has no threshold of its own, at the common one. `span`: of a logit axis."""
    owner = _Owner(f"own_{index}", view.threshold_in_force(index), lambda threshold: edit(view, {index: threshold}))
    _slider_and_field(owner, span if _in_logits(view, axis) else None)


def _in_logits(view, axis) -> bool:
    return axis == "logit" and view.predictions.score_kind == "logits"


def _slider_and_field(owner: _Owner, span: tuple[float, float] | None) -> None:
    """`span`: lowest and highest logit of the slider; None for the 0-1 scale."""
    scale, title = ("unit", "0-1") if span is None else ("logit", "logit")
    low, high = span or (0.0, 1.0)
    slider, field = f"{owner.key}_slider_{scale}", f"{owner.key}_field_{scale}"

    def take(key):
        chosen = state.widget_value(key)
        if chosen is not None and low <= chosen <= high:
            owner.take(Threshold(float(chosen), on_logit_scale=span is not None))

    shown = owner.threshold.unit if span is None else owner.threshold.logit
    for key in (slider, field):
        state.preset_widget(key, float(np.clip(np.nan_to_num(shown, nan=high), low, high)))
    step = 0.001 if span is None else high / 1000 - low / 1000
    shared = {"on_change": take}
    st.slider(f"Threshold ({title})", low, high, step=step, key=slider, args=(slider,), format="%.3f", **shared)
    st.number_input(
        "Exact value",
        low,
        high,
        step=0.01 if span is None else step * 10,
        key=field,
        args=(field,),
        format="%.4f",
        help="Shown rounded, applied unrounded. A sample is predicted positive when score >= threshold.",
        **shared,
    )
