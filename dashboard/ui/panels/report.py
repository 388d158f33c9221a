"""scikit-learn's classification report at the current thresholds, as a table and as text; and the flattened one."""

import pandas as pd
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.core.report import ClassificationReport, classification_report, flattened_report
from dashboard.core.sample_metrics import sample_metrics
from dashboard.ui.tables import show_table
from dashboard.ui.view import View


def current_report(view: View, thresholds: ThresholdSet, *, rowwise: bool) -> ClassificationReport:
    samples = sample_metrics(view.predictions, thresholds) if rowwise else None
    return classification_report(view.ranked.counts(thresholds), view.predictions.class_names, samples=samples)


def report_table(report: ClassificationReport) -> pd.DataFrame:
    rows = [(row.name, row.precision, row.recall, row.f1, row.support) for row in report.rows]
    return pd.DataFrame(rows, columns=["class or average", "precision", "recall", "F1", "support"])


def show_report(view: View, *, rowwise: bool) -> None:
    """The report per class, sortable; its text to copy; and the one over all cells."""
    thresholds = view.thresholds
    report = current_report(view, thresholds, rowwise=rowwise)
    _show(report, "report", "Classification report at the current thresholds")
    with st.expander("The same as text, as scikit-learn prints it"):
        st.code(report.to_text(), language=None)
    with st.expander("Flattened report: every cell of every class counts once, as one binary problem"):
        _show(flattened_report(view.ranked.counts(thresholds)), "flattened", "Flattened report over all known cells")


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
