"""A table of rates with their intervals: each interval is one column of text on screen, two of numbers in the CSV.

Knows nothing of whose rates they are.
"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.figures.rates import RATES
from dashboard.ui.tables import show_download, to_csv
from dashboard.ui.wording import short

COUNTS = ("samples", "support", "predicted", "tp", "fp", "fn", "tn")


def show_rates_table(
    table: pd.DataFrame, key: str, *, file_name: str, alt: str, notes=None, config: dict | None = None, **options
) -> None:
    """The table with a button that downloads it; `notes`: texts (n_rows,) for a last column that the CSV lacks."""
    shown = intervals_as_text(table)
    if notes is not None and any(notes):
        shown["note"] = notes
    number = st.column_config.NumberColumn
    columns = {name: number(format="%.3f") for name in ("prevalence", *RATES)}
    columns |= {name: number(format="localized") for name in COUNTS}
    with st.container(key=key, gap="xsmall"):
        st.dataframe(
            shown,
            key=f"{key}_rows",
            hide_index=True,
            width="stretch",
            alt=alt,
            column_config=columns | (config or {}),
            placeholder="–",
            **options,
        )
        show_download(lambda: to_csv(table), key, file_name)


def intervals_as_text(table: pd.DataFrame) -> pd.DataFrame:
    """The same with a column "recall 95 %" of texts, ".710 to .890", in the place of "recall low" and "recall high"."""
    rows = table.copy()
    for name in [name for name in RATES if f"{name} low" in rows]:
        low, high = rows.pop(f"{name} low"), rows.pop(f"{name} high")
        rows.insert(
            rows.columns.get_loc(name) + 1, f"{name} 95 %", [_text(*ends) for ends in zip(low, high, strict=True)]
        )
    return rows


def _text(low, high) -> str | None:
    return None if np.isnan(low) else f"{short(low)} to {short(high)}"
