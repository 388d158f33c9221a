"""scikit-learn's classification report at the current thresholds, as a table and as text; and the flattened one."""

import pandas as pd
import streamlit as st

from dashboard.core.headline import Judged
from dashboard.core.report import ClassificationReport, classification_report, flattened_report
from dashboard.ui.tables import show_table
from dashboard.ui.view import View

CURRENT = "current thresholds"


def decisions_control(view: View) -> str:
    """Whose decisions the report is about; no choice where there are no readers."""
    if not view.dataset.readers:
        return CURRENT
    options = [CURRENT, *(name for name in view.dataset.readers if name != CURRENT)]
    return st.selectbox("Decisions of", options, key="report_decisions", width=260)


def report_table(report: ClassificationReport) -> pd.DataFrame:
    rows = [(row.name, row.precision, row.recall, row.f1, row.support) for row in report.rows]
    return pd.DataFrame(rows, columns=["class or average", "precision", "recall", "F1", "support"])


def show_report(view: View, current: Judged, *, rowwise: bool) -> None:
    """The report per class, sortable; its text to copy; and the one over all cells."""
    decided = view.dataset.readers.get(decisions_control(view))
    judged = current if decided is None else Judged.of_reader(view.predictions, decided, rowwise=rowwise)
    report = classification_report(judged.counts, view.predictions.class_names, samples=judged.samples)
    _show(report, "report", "Classification report of these decisions")
    with st.expander("The same as text, as scikit-learn prints it"):
        st.code(report.to_text(), language=None)
    with st.expander("Flattened report: every cell of every class counts once, as one binary problem"):
        _show(flattened_report(judged.counts), "flattened", "Flattened report over all known cells")


def _show(report: ClassificationReport, key: str, alt: str) -> None:
    numbers = {name: st.column_config.NumberColumn(format="%.3f") for name in ("precision", "recall", "F1")}
    height = "content" if len(report.rows) <= 30 else 500
    show_table(
        report_table(report),
        key,
        file_name=f"{key}.csv",
        alt=alt,
        column_config=numbers,
        placeholder="–",
        height=height,
    )
