"""The curves of the drawn classes and the scores of the one in focus; what follows a threshold is drawn over them."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, metrics
from dashboard.figures.class_curves import trace_names
from dashboard.ui import class_cache, state
from dashboard.ui.overlay import Point, show_overlay, threshold_line
from dashboard.ui.panels.class_choice import Choice
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, place

HISTOGRAM = "score_histogram"
MAX_ROWS = 50_000  # of the table behind the curves: more is neither read nor quickly sent
_CONFIG = {"displaylogo": False, "responsive": True}
_RATES = ("recall", "precision", "false positive rate", "bin start", "bin end")


def chart_key(curve: str) -> str:
    return f"{curve}_chart"


def show_curves(view: View, choice: Choice) -> None:
    """The chart with what was left out of it, and its table."""
    if not choice.drawn:
        st.info("No class is drawn. Choose some here or in the table below.", icon=":material/stacked_line_chart:")
        return
    key = chart_key(choice.curve)
    drawn = class_cache.curve_chart(view.digest, view.run, choice.drawn, choice.curve, focus=choice.focus)
    st.plotly_chart(drawn.figure, key=key, alt=drawn.alt, config=_CONFIG)
    tables = class_cache.curve_tables(view.digest, view.run, choice.drawn, choice.curve)
    st.caption(_drawn_sentence(tables.error, choice.curve))
    _show_numbers(choice.curve, lambda: _curve_rows(view, choice))


def _drawn_sentence(error: float, curve: str) -> str:
    marks = "Rings: the thresholds in force. Diamonds: the best F1."
    if not error:
        return f"{marks} All vertices are drawn."
    columns = class_cache.curve_kind(curve)
    return (
        f"{marks} Thinned for drawing: no point of a full curve is farther than {error:.2g} in {columns.x} and in "
        f"{columns.y} from the drawn one; every figure is of the full curve."
    )


def _curve_rows(view, choice) -> pd.DataFrame:
    n_rows = class_cache.n_vertices(view.digest, view.run, choice.drawn)
    if n_rows <= MAX_ROWS:
        return class_cache.full_curve_rows(view.digest, view.run, choice.drawn, choice.curve)
    rows = class_cache.curve_tables(view.digest, view.run, choice.drawn, choice.curve).rows
    st.caption(
        f"The {count(len(rows), 'drawn vertex', 'drawn vertices')} of {n_rows:,}; all are listed up to {MAX_ROWS:,}."
    )
    return rows


def show_histogram(view: View, index: int, axis: str) -> None:
    """Where the scores of the class lie, and the bins as a table."""
    drawn = class_cache.histogram(view.digest, view.run, index, axis)
    st.plotly_chart(drawn.figure, key=HISTOGRAM, alt=drawn.alt, config=_CONFIG)
    _show_numbers("histogram", lambda: drawn.table)


def _show_numbers(name, rows) -> None:
    with st.expander("The numbers behind this chart", on_change="rerun", key=f"{name}_numbers") as numbers:
        if not numbers.open:
            return
        config = {column: st.column_config.NumberColumn(format="%.4f") for column in _RATES}
        config |= {column: st.column_config.NumberColumn(format="%.5g") for column in ("threshold", "score")}
        show_table(
            rows(),
            f"{name}_table",
            file_name=f"{name}.csv",
            alt="The numbers behind the chart above",
            column_config=config,
            height=300,
        )


def mark_threshold(view: View, index: int, axis: str) -> None:
    """The class's threshold as a line over its scores."""
    threshold = state.own_thresholds().get(index, state.threshold())
    show_overlay(HISTOGRAM, lines=[threshold_line(threshold, axis)])


def mark_operating_points(view: View, choice: Choice, counts: Counts) -> None:
    """A ring on each curve where its threshold cuts; a class that is never predicted has no precision, so no ring."""
    if not choice.drawn:
        return
    tables = class_cache.curve_tables(view.digest, view.run, choice.drawn, choice.curve)
    kind = class_cache.curve_kind(choice.curve)
    x, y = (_rate(column, counts) for column in (kind.x, kind.y))
    names, thresholds = trace_names(tables, kind), view.thresholds.thresholds
    points = [
        Point(float(x[c]), float(y[c]), place(thresholds[c]), trace=names[name])
        for c, name in zip(choice.drawn, tables.summary["class"], strict=True)
        if np.isfinite(x[c]) and np.isfinite(y[c])
    ]
    show_overlay(chart_key(choice.curve), points=points)


def _rate(column, counts) -> np.ndarray:
    """The values of a chart's column for each class, NaN where undefined."""
    if column == "false positive rate":
        return 1.0 - metrics.specificity(counts, zero_division=np.nan)[0]
    return {"precision": metrics.precision, "recall": metrics.recall}[column](counts, zero_division=np.nan)[0]
