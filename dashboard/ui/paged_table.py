"""Long tables, one page at a time: a browser gets a hundred rows, sorting and the CSV are of the whole table.

Sending ten thousand rows costs a third of a second at each change, and the browser's own table would sort only the
rows it has. Knows nothing of what the rows are.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.ui import state
from dashboard.ui.tables import show_download, show_table

PAGED_ABOVE = 500  # rows: up to here a table is sent whole and its headings sort it
ROWS_PER_PAGE = 100
_DESCENDING, _ASCENDING = "descending", "ascending"


@dataclass(frozen=True)
class LongTable:
    """A table whose rows are made only where they are looked at.

    rows: positions (n,) -> the DataFrame of these rows, in that order.
    sort_values: column -> a function of no arguments that gives the column in every row, (n_rows,); it is called when
    somebody sorts by that column.
    """

    n_rows: int
    rows: Callable[[np.ndarray], pd.DataFrame]
    sort_values: dict[str, Callable[[], object]]

    @classmethod
    def of(cls, table: pd.DataFrame) -> "LongTable":
        return cls(len(table), table.iloc.__getitem__, {name: partial(table.get, name) for name in table})


@dataclass(frozen=True)
class Ticks:
    """Rows that can be ticked. All are positions in the whole table, whatever page and sorting is shown.

    ticked: those that are now. take(ticked, shown): called in the callback with the rows of the page that are ticked
    then and all rows of that page, both in the order shown; rows on other pages are not in either.
    """

    ticked: frozenset[int]
    take: Callable[[list[int], list[int]], object]


def show_paged_table(
    table: pd.DataFrame | LongTable,
    key: str,
    *,
    file_name: str,
    alt: str,
    given_order: str = "as listed",
    n_totals: int = 0,
    about: Hashable = None,
    ticks: Ticks | None = None,
    column_config: dict | None = None,
    **options,
) -> None:
    """A table of any length with a button that downloads all of it; up to PAGED_ABOVE rows the same as `show_table`.

    Longer ones get a choice of the column to sort by, a direction, and pages of ROWS_PER_PAGE rows. A `LongTable`
    instead of a DataFrame makes only the rows of the page. The CSV holds every row, sorted as shown.

    given_order: names the order in which the rows come. n_totals: that many rows at the end are totals; they are
    never sorted and head each page (in the CSV they stay at the end). about: what the rows depend on (data, filters);
    when it changes the first page is shown. Every further option is one of `st.dataframe`.

        show_paged_table(table, "samples", file_name="samples.csv", alt="The samples ...", about=(digest, cell))
    """
    table = LongTable.of(table) if isinstance(table, pd.DataFrame) else table
    draw = partial(_show_rows, table, key, ticks=ticks, alt=alt, column_config=column_config, **options)
    if table.n_rows <= PAGED_ABOVE:
        draw(np.arange(table.n_rows), file_name=file_name)
        return
    with st.container(key=key, gap="xsmall"):
        order, chosen = sort_control(table, key, given_order, n_totals, column_config or {})
        slot = st.container()
        with st.container(horizontal=True, vertical_alignment="center", key=f"{key}_foot"):
            page = page_control(key, len(order), (about, *chosen))
            totals = np.arange(table.n_rows - n_totals, table.n_rows)
            show_download(lambda: table.rows(np.append(order, totals)), key, file_name)
        with slot:
            draw(np.append(totals, page_of(order, page)))


def sorted_positions(values, *, descending: bool) -> np.ndarray:
    """Positions of the values in sorted order; ties stay as they come, undefined values are last either way.

    Text is sorted whatever its case.
    """
    series = pd.Series(np.asarray(values))
    if not pd.api.types.is_numeric_dtype(series.dtype):
        series = series.map(lambda value: str(value).casefold(), na_action="ignore")
    ranked = series.sort_values(ascending=not descending, kind="stable", na_position="last")
    return ranked.index.to_numpy()


def page_of(order: np.ndarray, page: int) -> np.ndarray:
    """The positions on a page, counted from 1."""
    return order[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]


def sort_control(table, key, given_order, n_totals, column_config) -> tuple[np.ndarray, tuple]:
    """The positions of all rows but the totals in the chosen order, and the choice."""
    n_sorted, names = table.n_rows - n_totals, list(table.sort_values)
    titles = [given_order, *(_title(name, column_config) for name in names)]
    shown = [0, *(i for i, name in enumerate(names, start=1) if column_config.get(name, "") is not None)]
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_order"):
        # By position: a column may be called like the given order.
        by = st.selectbox("Sort by", shown, key=f"{key}_sort", width=220, format_func=titles.__getitem__)
        if not by:
            return np.arange(n_sorted), (by, _DESCENDING)
        direction = st.segmented_control(
            "Order", [_DESCENDING, _ASCENDING], default=_DESCENDING, key=f"{key}_direction", required=True
        )
    values = np.asarray(table.sort_values[names[by - 1]]())[:n_sorted]
    return sorted_positions(values, descending=direction != _ASCENDING), (by, direction)


def _title(name, column_config) -> str:
    return (column_config.get(name) or {}).get("label") or str(name)


def page_control(key, n_rows, about) -> int:
    """Which page is shown; the first one again when `about` has changed."""
    pages = state.recalled(f"{key}_pages")
    if pages is None or pages[0] != about:
        pages = about, 0 if pages is None else pages[1] + 1
        state.remember(f"{key}_pages", pages)
    place = st.container(width="stretch")
    # A new key rather than a new value: Streamlit warns of a value set for a widget that has a default.
    page = st.pagination(
        max(1, -(-n_rows // ROWS_PER_PAGE)), key=f"{key}_page_{pages[1]}", max_visible_pages=5, width="stretch"
    )
    first = (page - 1) * ROWS_PER_PAGE + 1
    last = min(first + ROWS_PER_PAGE - 1, n_rows)
    place.caption(f"Rows {first:,} to {last:,} of {n_rows:,}. A heading sorts these rows only; Sort by sorts all.")
    return page


def _show_rows(table, key, positions, *, ticks, file_name=None, **options) -> None:
    """The rows at these positions; with the download button when `file_name` names the file."""
    if ticks is not None:
        options |= _selection(f"{key}_rows", positions.tolist(), ticks)
    rows = table.rows(positions)
    if file_name is None:
        st.dataframe(rows, key=f"{key}_rows", hide_index=True, width="stretch", **options)
    else:
        show_table(rows, key, file_name=file_name, **options)


def _selection(widget, positions, ticks) -> dict:
    """Options that make the rows tickable, after the widget was told which of them are ticked."""
    rows = [row for row, position in enumerate(positions) if position in ticks.ticked]
    if _selected_rows(widget) != rows:
        state.preset_widget(widget, {"selection": {"rows": rows, "columns": [], "cells": []}})

    def take():
        ticks.take([positions[row] for row in _selected_rows(widget)], positions)

    return {"on_select": take, "selection_mode": "multi-row"}


def _selected_rows(widget) -> list[int] | None:
    held = state.widget_value(widget)
    return None if held is None else list(held["selection"]["rows"])
