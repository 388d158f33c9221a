"""The charts of the drawn classes and the scores of the one in focus, with their thresholds to drag."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, metrics
from dashboard.ui import class_cache
from dashboard.ui.applied import edit
from dashboard.ui.cache import Drawn
from dashboard.ui.panels import class_choice
from dashboard.ui.panels.class_choice import Choice
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import Mark, Release, line_mark, released_threshold, show_chart, show_marks
from dashboard.ui.view import View
from dashboard.ui.wording import count, place, short

MAX_ROWS = 50_000  # of the table behind the curves: more is neither read nor quickly sent
_RATES = ("recall", "precision", "F1", "false positive rate", "bin start", "bin end")


def show_chart_of_classes(view: View, choice: Choice, axis: str) -> None:
    """The chart of the drawn classes with what was left out of it, and its table."""
    if not choice.drawn:
        st.info("No class is drawn. Choose some here or in the table below.", icon=":material/stacked_line_chart:")
    elif choice.curve == class_choice.MULTIPLES:
        _show_multiples(view, choice, axis)
    else:
        _show_curves(view, choice)


def _show_multiples(view, choice, axis) -> None:
    drawn = class_cache.multiples_chart(view.digest, view.run, choice.drawn, axis)
    show_chart(class_cache.MULTIPLES, drawn.payload)
    n_classes = view.predictions.n_classes
    left_out = f" {len(choice.drawn)} of {n_classes:,} classes: the table below leads to the others."
    st.caption(
        "F1, precision and recall against each class's own threshold, on one shared scale. Drag a line; diamonds: the "
        f"best F1.{left_out if len(choice.drawn) < n_classes else ''}"
    )
    _show_numbers(class_cache.MULTIPLES, lambda: drawn.table)


def _curve_chart(view, choice) -> Drawn:
    return class_cache.curve_chart(view.digest, view.run, choice.drawn, choice.curve, focus=choice.focus)


def _show_curves(view, choice) -> None:
    show_chart(class_cache.chart_key(choice.curve), _curve_chart(view, choice).payload)
    tables = class_cache.curve_tables(view.digest, view.run, choice.drawn, choice.curve)
    readers = " Crosses: exact 95 % intervals of the readers." if view.dataset.readers else ""
    st.caption(_drawn_sentence(tables.error, choice.curve) + readers)
    _show_numbers(choice.curve, lambda: _curve_rows(view, choice))


def _drawn_sentence(error: float, curve: str) -> str:
    marks = "Rings: the thresholds in force; drag one, or click its curve. Diamonds: the best F1."
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
    show_chart(class_cache.HISTOGRAM, drawn.payload)
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


def mark_threshold(view: View, index: int, axis: str, counts: Counts) -> None:
    """The class's threshold as a line over its scores."""
    drawn = class_cache.histogram(view.digest, view.run, index, axis)
    marks = _line_marks(view, (index,), axis, counts)
    show_marks(class_cache.HISTOGRAM, drawn.revision, marks, lambda release: _take_line(view, release, axis))


def mark_classes(view: View, choice: Choice, axis: str, counts: Counts) -> None:
    """The thresholds of the drawn classes over their chart: a ring on each curve, or a line in each cell."""
    if not choice.drawn:
        return
    if choice.curve == class_choice.MULTIPLES:
        drawn = class_cache.multiples_chart(view.digest, view.run, choice.drawn, axis)
        marks = _line_marks(view, choice.drawn, axis, counts)
        show_marks(class_cache.MULTIPLES, drawn.revision, marks, lambda release: _take_line(view, release, axis))
    else:
        marks, revision = _point_marks(view, choice, counts), _curve_chart(view, choice).revision
        key = class_cache.chart_key(choice.curve)
        show_marks(key, revision, marks, lambda release: _take_vertex(view, choice, release))


def _line_marks(view, classes, axis, counts) -> list[Mark]:
    texts = _texts(view, counts)
    return [line_mark(str(c), view.threshold_in_force(c), axis, texts(c)) for c in classes]


def _point_marks(view, choice, counts) -> list[Mark]:
    """A class that is never predicted has no precision, so no ring."""
    kind = class_cache.curve_kind(choice.curve)
    x, y = (_rate(column, counts) for column in (kind.x, kind.y))
    thresholds, texts = view.thresholds.thresholds, _texts(view, counts)
    return [Mark(str(c), float(x[c]), place(thresholds[c]), texts(c), y=float(y[c])) for c in choice.drawn]


def _texts(view, counts):
    """c -> the exact figures of class `c` at its threshold, for those who hear the page."""
    thresholds = view.thresholds.thresholds
    rates = {name: _rate(name, counts) for name in ("precision", "recall", "F1")}
    names = view.predictions.class_names
    return lambda c: (
        f"{names[c]} at {place(thresholds[c])}: " + ", ".join(f"{name} {short(rates[name][c])}" for name in rates)
    )


def _take_line(view: View, release: Release, axis: str) -> None:
    index, threshold = _class_of(view, release), released_threshold(release, axis, view.predictions.score_kind)
    if index is not None and threshold is not None:
        edit(view, {index: threshold})


def _take_vertex(view: View, choice: Choice, release: Release) -> None:
    """The threshold that decides as the vertex does: between its score and the next lower one."""
    index = _class_of(view, release)
    if index is None or release.vertex is None:
        return
    rows = class_cache.curve_tables(view.digest, view.run, choice.drawn, choice.curve).rows
    scores = rows.loc[rows["class"] == view.predictions.class_names[index], "score"].to_numpy()
    if release.vertex < len(scores):
        edit(view, {index: view.threshold_keeping(index, scores[release.vertex])})


def _class_of(view, release) -> int | None:
    index = int(release.id) if release.id.isdecimal() and len(release.id) < 10 else None
    return index if index is not None and index < view.predictions.n_classes else None


def _rate(column, counts) -> np.ndarray:
    """The values of a chart's column for each class, NaN where undefined."""
    if column == "false positive rate":
        return 1.0 - metrics.specificity(counts, zero_division=np.nan)[0]
    metric = {"precision": metrics.precision, "recall": metrics.recall, "F1": metrics.f_beta}[column]
    return metric(counts, zero_division=np.nan)[0]
