"""The best single threshold for each average, exact on these samples, and a button that applies it."""

import streamlit as st

from dashboard.ui import cache, state
from dashboard.ui.address import Threshold
from dashboard.ui.controls import METRICS
from dashboard.ui.view import View
from dashboard.ui.wording import count, short


def show_best_marks(view: View, metric: str) -> None:
    """One line per average: the best value, its threshold, and "Apply"."""
    st.markdown(f"**Best {METRICS[metric]}** on these {count(view.predictions.n_samples, 'sample')}")
    for average, optimum in cache.optima(view.digest, view.run, metric).items():
        name = mark_name(metric, average)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{name} **{short(optimum.value)}** at {_where(optimum)}", width="stretch")
            st.button(
                "Apply",
                key=f"apply_{metric}_{average}",
                on_click=_apply,
                args=(optimum, f"best {name} on these samples"),
                disabled=optimum.value != optimum.value,
                help=f"Use the threshold of the best {name} for all classes",
            )


def mark_name(metric: str, average: str) -> str:
    """micro-F1, macro precision, exact match."""
    if metric == "subset_accuracy":
        return "exact match"
    return f"{average}-F1" if metric == "f1" else f"{average} {METRICS[metric].lower()}"


def _where(optimum) -> str:
    if optimum.threshold is not None:
        return short(optimum.threshold, 4)
    return f"logit {float(optimum.score_threshold):.6g}"


def _apply(optimum, origin: str) -> None:
    if optimum.threshold is not None:
        state.set_threshold(Threshold(optimum.threshold), origin)
    else:
        state.set_threshold(Threshold(float(optimum.score_threshold), on_logit_scale=True), origin)
    state.clear_own_thresholds()
