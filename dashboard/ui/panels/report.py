"""scikit-learn's classification report at the current thresholds, as a table and as text; and the flattened one."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.headline import Judged
from dashboard.core.report import ClassificationReport, classification_report, flattened_report
from dashboard.ui.paged_table import PAGED_ABOVE, show_paged_table
from dashboard.ui.panels.decisions import decisions_control
from dashboard.ui.view import View


def report_table(report: ClassificationReport) -> pd.DataFrame:
    """A row per class, then one per average."""
    classes, averages = report.columns, report.averages

    def column(name):
        of_averages = [getattr(row, name) for row in averages]
        of_classes = getattr(classes, name)
        return np.append(of_classes, np.array(of_averages, dtype=of_classes.dtype))

    names = [*classes.names, *(row.name for row in averages)]
    numbers = {name: column(name.lower()) for name in ("precision", "recall", "F1", "support")}
    return pd.DataFrame({"class or average": names, **numbers})


def show_report(view: View, current: Judged, *, rowwise: bool) -> None:
    """The report per class, sortable; its text to copy; and the one over all cells."""
    reader = decisions_control(view, "report_decisions")
    decided = view.dataset.readers.get(reader)
    judged = current if decided is None else Judged.of_reader(view.predictions, decided, rowwise=rowwise)
    report = classification_report(judged.counts, view.predictions.class_names, samples=judged.samples)
    _show(report, "report", "Classification report of these decisions", (view.digest, view.run, reader))
    _show_text(report)
    title = "Flattened report: every cell of every class counts once, as one binary problem"
    with st.expander(title, on_change="rerun", key="flattened_panel") as flattened:
        if flattened.open:
            _show(flattened_report(judged.counts), "flattened", "Flattened report over all known cells", None)


def _show_text(report: ClassificationReport) -> None:
    """To copy; to download where it is too long to be drawn."""
    if len(report.columns.names) > PAGED_ABOVE:
        st.download_button(
            "The same as text, as scikit-learn prints it",
            data=lambda: report.to_text(),
            file_name="report.txt",
            icon=":material/download:",
            key="report_text",
            on_click="ignore",
            type="tertiary",
        )
        return
    with st.expander("The same as text, as scikit-learn prints it", on_change="rerun", key="text_panel") as text:
        if text.open:  # else the first page would wait for Streamlit's highlighter of program text
            st.code(report.to_text(), language=None)


def _show(report: ClassificationReport, key: str, alt: str, about) -> None:
    numbers = {name: st.column_config.NumberColumn(format="%.3f") for name in ("precision", "recall", "F1")}
    table = report_table(report)
    show_paged_table(
        table,
        key,
        file_name=f"{key}.csv",
        alt=alt,
        n_totals=len(report.averages),
        about=about,
        column_config=numbers,
        placeholder="–",
        height="content" if len(table) <= 30 else 500,
    )
