"""All runs and readers in one table: at the thresholds in use, at each one's own best, and in AP."""

import pandas as pd
import streamlit as st

from dashboard.ui.panels import compare_cache
from dashboard.ui.panels.compare_cache import Asked, Progress
from dashboard.ui.panels.compare_sides import HALF, Side
from dashboard.ui.tables import show_table
from dashboard.ui.view import View

KEY = "compare_all"


def show_runs(view: View, asked: Asked, sides: dict[str, Side], progress: Progress) -> None:
    """The table; the ends of the intervals are in its CSV."""
    table = runs_table(view, asked, sides, progress)
    number = st.column_config.NumberColumn(format="%.3f")
    config = {name: None if name.endswith((" low", " high")) else number for name in table.columns[1:]}
    show_table(
        table,
        KEY,
        file_name="runs_and_readers.csv",
        alt="A row per run and reader with its figures over all classes",
        column_config=config | {"scores": st.column_config.TextColumn(pinned=True)},
        placeholder="–",
    )


def runs_table(view: View, asked: Asked, sides: dict[str, Side], progress: Progress | None = None) -> pd.DataFrame:
    """A row per side, each figure with the ends of its 95 % interval; what a reader does not have is NaN."""
    at = "at 0.5" if asked.at == HALF else "in use"
    columns = {
        f"micro-F1 {at}": "micro_f1",
        f"macro-F1 {at}": "macro_f1",
        "best micro-F1, cross-fitted": "best_micro_f1",
        "best macro-F1, cross-fitted": "best_macro_f1",
        "macro AP": "macro_average_precision",
    }
    rows = []
    for number, side in enumerate(sides.values()):
        found = compare_cache.summary(view, asked, side)
        row = {"scores": side.title}
        for title, field in columns.items():
            part = getattr(found, field)
            row |= {title: part.value, f"{title} low": part.low, f"{title} high": part.high}
        rows.append(row)
        if progress is not None:
            progress((number + 1) / len(sides))
    return pd.DataFrame(rows)
