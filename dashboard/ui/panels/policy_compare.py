"""Two policies side by side: the figures of each class under both, and whether the difference is more than chance."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import metrics
from dashboard.core.thresholds import ThresholdSet
from dashboard.escape import for_markdown
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.panels.estimate_settings import EstimateSettings
from dashboard.ui.panels.policy_rows import PolicyRow
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

RATES = {"precision": metrics.precision, "recall": metrics.recall, "F1": metrics.f_beta}
TITLES = {"micro_f1": "micro-F1", "macro_f1": "macro-F1"}


def show_policy_compare(view: View, first: PolicyRow, second: PolicyRow, settings: EstimateSettings) -> None:
    """Sentences with the differences, and a row per class."""
    names = [for_markdown(row.title) for row in (first, second)]
    st.markdown(f"**A** {names[0]} beside **B** {names[1]}")
    for field, title in TITLES.items():
        values = [getattr(row.outcome.figures, field) for row in (first, second)]
        st.markdown(f"{title}, tuned here: A {short(values[0])}, B {short(values[1])}, B - A **{_signed(values)}**.")
    table = class_differences(view, first, second)
    show_paged_table(
        table,
        "policy_compare",
        file_name="policies_side_by_side.csv",
        alt="Threshold, precision, recall and F1 of each class under both policies, and the difference",
        given_order="order of the data",
        about=(view.digest, view.run, first.key, second.key),
        column_config=_column_config(table),
        placeholder="–",
    )
    st.caption(f"Tuned here: figures on these {count(view.predictions.n_samples, 'sample')}. 0/0 counts as 0.")


def class_differences(view: View, first: PolicyRow, second: PolicyRow) -> pd.DataFrame:
    """A row per class in the order of the data; differences are B - A. Never predicted is a threshold of NaN."""
    p = view.predictions
    columns = {"class": p.class_names, "support": p.support}
    for letter, row in (("A", first), ("B", second)):
        columns[f"threshold {letter}"] = _thresholds(row, p.n_classes)
    for name, metric in RATES.items():
        a, b = (metric(row.outcome.counts)[0] for row in (first, second))
        columns |= {f"{name} A": a, f"{name} B": b, f"{name} B - A": b - a}
    return pd.DataFrame(columns)


def _thresholds(row: PolicyRow, n_classes: int) -> np.ndarray:
    rule = row.outcome.rule
    return rule.thresholds if isinstance(rule, ThresholdSet) else np.full(n_classes, np.nan)


def _signed(values) -> str:
    return f"{values[1] - values[0]:+.3f}"


def _column_config(table) -> dict:
    number = st.column_config.NumberColumn
    config = {name: number(format="%.4f" if name.startswith("threshold") else "%.3f") for name in table.columns[2:]}
    config |= {name: number(format="%+.3f") for name in table if name.endswith("B - A")}
    return config | {"class": st.column_config.TextColumn(pinned=True), "support": number(format="localized")}
