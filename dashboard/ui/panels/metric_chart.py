"""The chart of a metric against one threshold, with its table; it never contains the current threshold."""

import pandas as pd
import streamlit as st

from dashboard.ui import cache
from dashboard.ui.progress import progress_bar
from dashboard.ui.tables import show_table
from dashboard.ui.view import View

CHART = "metric_chart"


def show_metric_chart(view: View, metric: str, axis: str, *, rowwise: bool) -> None:
    """A line per average with its best mark; under it the numbers."""
    if rowwise:
        _pass_over_samples(view, metric, axis)
    drawn = cache.metric_chart(view.digest, view.run, metric, axis, rowwise=rowwise)
    st.plotly_chart(drawn.figure, key=CHART, alt=drawn.alt, config={"displaylogo": False, "responsive": True})
    with st.expander("The numbers behind this chart", on_change="rerun", key="metric_numbers") as numbers:
        if numbers.open:
            _show_numbers(drawn.table)


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
