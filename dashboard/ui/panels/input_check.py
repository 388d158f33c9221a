"""What was loaded and what looks odd in it, on screen: the same check as on the command line."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.input_check import InputCheck
from dashboard.inputs.limits import as_size
from dashboard.ui import cache
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.wording import count


def show_check(dataset: Dataset, run: str, key: str) -> None:
    """Shape and memory, the notices of the reading, the findings of the check, and a table of the classes."""
    check = cache.input_check(dataset.digest, run, dataset)
    st.markdown(_shape(check))
    for finding in check.findings:
        st.warning(for_markdown(finding.sentence), icon=":material/warning:")
    if not check.findings:
        st.success("The input check found nothing odd.", icon=":material/check:")
    if dataset.notices:
        st.info("\n".join(f"- {for_markdown(notice)}" for notice in dataset.notices), icon=":material/info:")
    show_paged_table(
        check.classes,
        f"{key}_classes",
        file_name="input_check.csv",
        alt="Positives, negatives, unknown cells, prevalence and ROC AUC per class",
        about=(dataset.digest, run),
        column_config=_columns(check),
        height="auto" if check.n_classes < 12 else 400,
    )


def _shape(check: InputCheck) -> str:
    return (
        f"**{count(check.n_samples, 'sample')} x {count(check.n_classes, 'class', 'classes')}**, {check.score_kind} in "
        f"{check.dtype}, {as_size(check.memory_bytes)} in memory; "
        f"{count(check.n_without_label, 'sample')} without a positive label"
    )


def _columns(check: InputCheck) -> dict:
    number = st.column_config.NumberColumn
    columns = {
        "class": st.column_config.TextColumn(pinned=True),
        "prevalence": number(format="%.4f"),
        "roc_auc": number("ROC AUC", format="%.3f"),
        "roc_auc_low": number("95 % from", format="%.3f"),
        "roc_auc_high": number("to", format="%.3f"),
        "saturated": number(format="%.3f", help="Share of the scores that are 0 or 1 on the 0-1 scale in float32"),
        "is_constant": st.column_config.CheckboxColumn("constant"),
        "same_as": st.column_config.TextColumn("same scores as"),
    }
    if not check.classes["unknown"].any():
        columns["unknown"] = None
    if not check.classes["same_as"].any():
        columns["same_as"] = None
    if not check.classes["is_constant"].any():
        columns["is_constant"] = None
    return columns
