"""Two policies side by side: the figures of each class under both, and whether the difference is more than chance."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import metrics
from dashboard.core.thresholds import ThresholdSet
from dashboard.escape import for_markdown
from dashboard.ui import state
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.panels import estimates
from dashboard.ui.panels.estimate_settings import EstimateSettings
from dashboard.ui.panels.policy_rows import CURRENT, PolicyRow
from dashboard.ui.policy_cache import Difference
from dashboard.ui.progress import progress_bar
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

RATES = {"precision": metrics.precision, "recall": metrics.recall, "F1": metrics.f_beta}
WANTED = "comparison_wanted"
TITLES = {"micro_f1": "micro-F1", "macro_f1": "macro-F1"}


def show_policy_compare(view: View, first: PolicyRow, second: PolicyRow, settings: EstimateSettings) -> None:
    """Sentences with the differences, and a row per class."""
    found = _difference(view, first, second, settings)
    lines = [f"**A** {for_markdown(first.title)} beside **B** {for_markdown(second.title)}"]
    for field, title in TITLES.items():
        a, b = (getattr(row.outcome.figures, field) for row in (first, second))
        lines.append(f"- {title}, tuned here: A {short(a)}, B {short(b)}, B - A {b - a:+.3f}.")
        if found is not None:
            lines.append(f"- {title}, expected on new samples: {_difference_words(found.figures[field])}")
    st.markdown("\n".join(lines))
    if found is not None:
        st.caption(_difference_note(first, second, settings))
    _show_classes(view, first, second, found)


def _difference(view, first, second, settings) -> Difference | None:
    """On large data when asked: both are tuned again without each fold."""
    about = repr((view.digest, view.run, first.key, second.key, settings))
    if view.predictions.labels.size > estimates.AT_ONCE and state.recalled(WANTED) != about:
        st.button(
            "Compare on new samples",
            key="compare_expected",
            icon=":material/science:",
            on_click=lambda: state.remember(WANTED, about),
        )
        return None
    with progress_bar("Comparing on samples that neither was tuned on") as progress:
        return estimates.difference_between(view, first, second, settings, progress)


def _difference_words(figures) -> str:
    """Both values, the difference and whether chance explains it."""
    a, b, low, high = figures
    said = f"A {short(a)}, B {short(b)}, B - A **{b - a:+.3f}**"
    if np.isnan(low):
        return f"{said}."
    verdict = "chance alone could make it" if low <= 0 <= high else f"B is the {'higher' if low > 0 else 'lower'}"
    verdict = "no difference" if low == high == 0 else verdict
    return f"{said} \\[{low:+.3f}, {high:+.3f}\\]: {verdict}."


def _difference_note(first, second, settings) -> str:
    said = f"95 % intervals of the difference, both on the same resamples; {settings.words}."
    if CURRENT in (first.key, second.key) and settings.held_out is None:
        said += " The current thresholds are taken as given: if these samples chose them, their side is flattered."
    return said


def _show_classes(view, first, second, found) -> None:
    table = class_differences(view, first, second)
    if found is not None:
        a, b, low, high = found.class_f1
        table["F1 B - A expected"] = b - a
        table["F1 B - A 95 %"] = [_interval(*ends) for ends in zip(low, high, strict=True)]
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
    st.caption(
        f"Tuned here, on these {count(view.predictions.n_samples, 'sample')}, unless it says expected. 0/0 counts as 0."
    )


def _interval(low, high) -> str | None:
    return None if np.isnan(low) else f"[{low:+.3f}, {high:+.3f}]"


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


def _column_config(table) -> dict:
    number = st.column_config.NumberColumn
    config = {name: number(format="%.4f" if name.startswith("threshold") else "%.3f") for name in table.columns[2:]}
    config |= {name: number(format="%+.3f") for name in table if name.endswith(("B - A", "B - A expected"))}
    config |= {name: st.column_config.TextColumn() for name in table if name.endswith("95 %")}
    return config | {"class": st.column_config.TextColumn(pinned=True), "support": number(format="localized")}
