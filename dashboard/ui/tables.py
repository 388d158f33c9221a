"""Tables on screen and the same tables as CSV files: shown rounded, downloaded unrounded."""

from collections.abc import Callable
from contextlib import nullcontext

import pandas as pd
import streamlit as st

from dashboard.escape import for_spreadsheet
from dashboard.ui import presentation


def to_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 CSV in which no text cell acts as a formula when a spreadsheet opens it; floats in full precision."""
    safe = table.rename(columns=for_spreadsheet)
    for name in safe.columns[[not pd.api.types.is_numeric_dtype(kind) for kind in safe.dtypes]]:
        safe[name] = safe[name].map(for_spreadsheet)
    return safe.to_csv(index=False).encode()


def show_table(table: pd.DataFrame, key: str, *, file_name: str, alt: str, **options):
    """The table with a button that downloads it; returns what `st.dataframe` returns (a selection).

    `key` names the container around both; the selection is kept under f"{key}_rows".
    """
    with st.container(key=key, gap="xsmall"), type_of_its_own():
        shown = st.dataframe(table, key=f"{key}_rows", hide_index=True, width="stretch", alt=alt, **options)
        show_download(lambda: table, key, file_name)
    return shown


def type_of_its_own():
    """A place for a grid, which measures its type once, when it is drawn first. In a presentation it is another place,
    so that it is drawn anew: from the run on that finds the larger type in the browser.
    """
    is_larger = presentation.is_presenting() is not presentation.type_changes()
    return st.container(gap=None) if is_larger else nullcontext()


def show_download(make: Callable[[], pd.DataFrame], key: str, file_name: str) -> None:
    """The button of a table, which `make` gives when somebody presses it."""
    st.download_button(
        "CSV",
        data=lambda: to_csv(make()),
        file_name=file_name,
        mime="text/csv",
        icon=":material/download:",
        key=f"{key}_csv",
        on_click="ignore",
        type="tertiary",
        help=f"Download this table, unrounded, as {file_name}",
    )
