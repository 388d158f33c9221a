"""The chart of a metric against one threshold, with its table and the line that is dragged over it."""

import pandas as pd
import streamlit as st

from dashboard.core.headline import Headline
from dashboard.ui import cache, state
from dashboard.ui.progress import progress_bar
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import Release, line_mark, released_threshold, show_chart, show_marks
from dashboard.ui.view import View
from dashboard.ui.wording import place, short


def show_metric_chart(view: View, metric: str, axis: str, *, rowwise: bool) -> None:
    """A line per average with its best mark; under it the numbers."""
    if rowwise:
        _pass_over_samples(view, metric, axis)
    drawn = cache.metric_chart(view.digest, view.run, metric, axis, rowwise=rowwise)
    show_chart(cache.METRIC_CHART, drawn.payload)
    st.caption("Drag the line, or move it with the arrow keys (Shift: ten steps). Diamonds: the best thresholds.")
    with st.expander("The numbers behind this chart", on_change="rerun", key="metric_numbers") as numbers:
        if numbers.open:
            _show_numbers(drawn.table)


def show_line(view: View, metric: str, axis: str, figures: Headline, *, rowwise: bool) -> None:
    """The threshold of all classes over the chart; let go of, it is the threshold in force."""

    def take(release: Release) -> None:
        threshold = released_threshold(release, axis, view.predictions.score_kind)
        if threshold is not None:
            state.set_threshold(threshold)

    what = f"Threshold {place(state.threshold().unit)}: "
    note = "with all classes there: own thresholds are set aside" if state.own_thresholds() else "exact on release"
    if view.has_set:
        what, note = "Applied thresholds: ", "with all classes there: the applied thresholds are set aside"
    text = f"{what}micro-F1 {short(figures.micro_f1)}, macro-F1 {short(figures.macro_f1)}"
    drawn = cache.metric_chart(view.digest, view.run, metric, axis, rowwise=rowwise)
    marks = [line_mark("common", state.threshold(), axis, text)]
    show_marks(cache.METRIC_CHART, drawn.revision, marks, take, note=note)


def _pass_over_samples(view: View, metric: str, axis: str) -> None:
    """Get ready, with progress, what the chart takes from whole samples."""
    with progress_bar("Passing over all samples") as progress:
        cache.sample_sweep(view.digest, view.run, axis, progress)
        if metric in cache.SAMPLES_OPTIMA:
            cache.samples_optimum(view.digest, view.run, metric, progress)


def _show_numbers(table: pd.DataFrame) -> None:
    config = {name: st.column_config.NumberColumn(format="%.4f") for name in ("threshold", "logit", "value")}
    show_table(
        table,
        "metric_table",
        file_name="metric_against_threshold.csv",
        alt="The metric at each drawn threshold, per average",
        column_config=config,
        height=300,
    )
