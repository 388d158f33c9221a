"""Each class under A and under B: the slope chart, a sentence per class, and the table of all of it."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.differences import Comparison
from dashboard.core.verdicts import verdicts
from dashboard.escape import for_markdown
from dashboard.figures.slope import MOST_CLASSES, largest_changes, slope_alt, slope_figure, slope_table
from dashboard.ui.cache import Drawn
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.panels.compare_cache import Asked
from dashboard.ui.panels.compare_words import TITLES, tally, verdict_words
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.wording import count

CHART, KEY = "compare_slope_chart", "compare_classes"
PARTS = {
    "total": "total",
    "threshold": "threshold",
    "ranking": "ranking",
    "average_precision": "AP",
    "precision_at_same_recall": "precision at A's recall",
    "recall_at_same_precision": "recall at A's precision",
}


def show_classes(asked: Asked, found: Comparison, margin: float | None) -> None:
    """Of the classes that are searched for, the dozen that change most as a chart and in words, and all in a table."""
    said = verdicts(found, margin)
    st.markdown(tally(said))
    rows = _search_control(found)
    drawn = rows[largest_changes(_change(found)[rows])]
    _show_chart(asked, found, drawn)
    if len(drawn) < len(rows):
        without = int(np.isnan(_change(found)[rows]).sum())
        more = f"; {count(without, 'class', 'classes')} without positives cannot be drawn" if without else ""
        st.caption(f"The {len(drawn):,} of {count(len(rows), 'class', 'classes')} that change most are drawn{more}.")
    lines = [
        f"- **{for_markdown(found.class_names[c])}**: {verdict_words(said[c], asked.metric, margin)}." for c in drawn
    ]
    st.markdown("\n".join(lines))
    _show_table(asked, class_table(asked, found, said, margin).iloc[rows], margin)


def class_table(asked: Asked, found: Comparison, said, margin) -> pd.DataFrame:
    """A row per class in the order of the data; intervals as numbers of their own."""
    classes = found.classes
    columns = {
        "class": found.class_names,
        "positives": found.support,
        "verdict": [verdict_words(each, asked.metric, margin) for each in said],
        "A": classes.a,
        "B": classes.b,
        "A own best": classes.a_cross_fitted,
        "B own best": classes.b_cross_fitted,
    }
    for field, title in PARTS.items():
        part = getattr(classes, field)
        columns |= {title: part.value, f"{title} low": part.low, f"{title} high": part.high}
    return pd.DataFrame(columns)


def _change(found: Comparison) -> np.ndarray:
    """The larger of the two changes that the chart shows."""
    return np.fmax(np.abs(found.classes.total.value), np.abs(found.classes.ranking.value))


def _search_control(found: Comparison) -> np.ndarray:
    """Indices of the classes whose name holds what was typed; all of them for nothing."""
    n_classes = len(found.class_names)
    if n_classes <= MOST_CLASSES:
        return np.arange(n_classes)
    wanted = st.text_input("Find classes", key="compare_find", bind="query-params", width=320).strip().casefold()
    rows = np.flatnonzero([wanted in name.casefold() for name in found.class_names])
    if not len(rows):
        st.caption("No class has that in its name; all are shown.")
        return np.arange(n_classes)
    return rows


def _show_chart(asked, found, drawn) -> None:
    classes = found.classes
    table = slope_table(
        [found.class_names[c] for c in drawn],
        (classes.a[drawn], classes.b[drawn]),
        (classes.a_cross_fitted[drawn], classes.b_cross_fitted[drawn]),
    )
    figure = slope_figure(table, value=TITLES[asked.metric])
    show_chart(CHART, Drawn.of(CHART, figure, table, alt=slope_alt(table)).payload)
    st.caption(
        f"From A ({for_markdown(asked.a.title)}) to B ({for_markdown(asked.b.title)}). Lines that are steep on the "
        "left and flat on the right are a moved threshold; those steep on both sides are ranking."
    )


def _show_table(asked, table: pd.DataFrame, margin) -> None:
    show_paged_table(
        table,
        KEY,
        file_name="comparison_by_class.csv",
        alt="A row per class: the verdict, the values of A and B, and their difference as threshold and ranking",
        given_order="order of the data",
        about=(asked, margin),
        column_config=_column_config(),
        placeholder="–",
    )


def _column_config() -> dict:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    config = {"class": text(pinned=True), "positives": number(format="localized"), "verdict": text(width="large")}
    config |= {name: number(format="%.3f") for name in ("A", "B", "A own best", "B own best")}
    for title in PARTS.values():
        config |= {name: number(format="%+.3f") for name in (title, f"{title} low", f"{title} high")}
    config["total"] = number(format="%+.3f", help="B less A at the thresholds in use: threshold plus ranking")
    config["ranking"] = number(format="%+.3f", help="B less A, each at its own best thresholds, cross-fitted")
    return config
