"""The best single threshold for each average, exact on these samples, and a button that applies it."""

import numpy as np
import streamlit as st

from dashboard.core.global_optimum import SUBSET_ACCURACY
from dashboard.figures.metric import line_name
from dashboard.ui import cache, state
from dashboard.ui.address import Threshold
from dashboard.ui.controls import METRICS
from dashboard.ui.view import View
from dashboard.ui.wording import count, place, short


def show_best_marks(view: View, metric: str, *, rowwise: bool) -> None:
    """One line per average: the best value, its threshold, and "Apply"."""
    st.markdown(f"**Best {METRICS[metric]}** on these {count(view.predictions.n_samples, 'sample')}")
    for name, optimum in _optima(view, metric, rowwise).items():
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{name} **{short(optimum.value)}** at {_where(optimum)}", width="stretch")
            st.button(
                "Apply",
                key=f"apply_{name}",
                on_click=_apply,
                args=(name, optimum),
                disabled=optimum.value != optimum.value,
                help=f"Use the threshold of the best {name} for all classes",
            )


def recognise(view: View, metric: str, *, rowwise: bool) -> None:
    """Say of a threshold that came with the address that it is the best, where it is."""
    if state.threshold_origin() != state.FROM_ADDRESS or state.chosen().applied is not None:
        return
    for name, optimum in _optima(view, metric, rowwise).items():
        if Threshold.of_score(optimum.score_threshold, optimum.threshold) == state.threshold():
            state.replace_threshold(state.threshold(), _origin(name))
            return


def _optima(view: View, metric: str, rowwise: bool) -> dict:
    """Name of the line -> its optimum."""
    optima = dict(cache.optima(view.digest, view.run, metric))
    if rowwise and metric in cache.SAMPLES_OPTIMA:
        optima["samples"] = cache.samples_optimum(view.digest, view.run, metric)
    if metric == SUBSET_ACCURACY:
        return {line_name(metric, None): optimum for optimum in optima.values()}
    return {line_name(metric, average): optimum for average, optimum in optima.items()}


def _origin(name: str) -> str:
    return f"best {name}{state.ON_THESE_SAMPLES}"


def _where(optimum) -> str:
    if optimum.threshold is not None:
        return place(optimum.threshold)
    return "never" if np.isposinf(optimum.score_threshold) else f"logit {float(optimum.score_threshold):.6g}"


def _apply(name: str, optimum) -> None:
    threshold = Threshold.of_score(optimum.score_threshold, optimum.threshold)
    state.set_threshold(threshold, _origin(name), keep_own=False)
