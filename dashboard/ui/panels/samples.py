"""The samples behind the counts of the class in focus: a list, a page at a time, and one sample opened beside it.

What is chosen (kind, page, sample) outlives a step of the threshold; only another list begins at its first page.
"""

import hashlib
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts
from dashboard.core.sample_lists import SampleList
from dashboard.escape import for_markdown
from dashboard.ui import address_bar, state
from dashboard.ui.panels import sample_verdict
from dashboard.ui.panels.media import pictures
from dashboard.ui.panels.sample_detail import show_sample
from dashboard.ui.panels.sample_flips import sentence, show_class_flips
from dashboard.ui.panels.sample_list import FLIPS, Listing, listing_control
from dashboard.ui.panels.sample_table import (
    column_config,
    find_sample,
    free_name,
    row_of_number,
    sample_number,
    samples_table,
)
from dashboard.ui.tables import show_download
from dashboard.ui.view import View

PAGE = 25
OPEN_UP_TO = 100_000  # samples; larger data is looked through only when somebody opens the panel
TABLE = "sample_list"
_ROWS = f"{TABLE}_rows"


def show_samples(view: View, index: int, counts: Counts) -> None:
    """The panel; nothing is computed while it is closed."""
    panel = st.expander(
        "Samples behind the numbers",
        expanded=view.predictions.n_samples <= OPEN_UP_TO,
        on_change="rerun",
        key="samples_panel",
        bind="query-params",
    )
    if panel.open:
        with panel:
            _show(view, index, counts)


@st.fragment
def _show(view: View, index: int, counts: Counts) -> None:
    """In a fragment of its own: turning a page computes nothing else."""
    address_bar.write_address()
    show_list_and_sample(view, index, counts)


def show_list_and_sample(view: View, index: int, counts: Counts) -> None:
    """The lists of the class, and beside them the opened sample with what people say of it."""
    show_listing(view, listing_control(view, index, counts))


def show_listing(view: View, listing: Listing) -> None:
    """One list, and beside it the opened sample."""
    table, opened = st.columns([3, 2], gap="medium")
    with opened:
        _search_control(view)
        row = open_row(view)
        if row is None:
            st.caption("Select a row of the list, or search, to open the whole sample: all its classes.")
        else:
            sample_verdict.show_verdict(view, listing, row, lambda: open_next(view, listing, row))
            show_sample(view, row, _close)
    with table:
        _show_list(view, listing, row)


def _show_list(view: View, listing: Listing, opened: int | None) -> None:
    page, samples = _current_page(view, listing)
    st.markdown(sentence(view, listing, samples.total))
    if listing.all_classes:
        show_class_flips(view, listing)
    if not samples.total:
        return
    _show_rows(view, listing, samples.rows, opened)
    with st.container(horizontal=True, vertical_alignment="center"):
        first = (page - 1) * PAGE
        st.caption(f"{first + 1:,} to {first + len(samples.rows):,} of {samples.total:,}", width="content")
        _pagination(view, listing, page, _n_pages(samples))
        show_download(partial(whole_list, view, listing), TABLE, f"samples_{listing.kind}.csv")


def whole_list(view: View, listing: Listing) -> pd.DataFrame:
    """Every sample of the list, in its order, as the file has it."""
    return samples_table(view, listing, listing.page(view.predictions).rows, whole=True)


def _show_rows(view, listing, rows, opened) -> None:
    table, look = table_with_pictures(view, listing, rows)
    selected = np.flatnonzero(rows == opened).tolist() if opened is not None else []
    if _selected() != selected:
        state.preset_widget(_ROWS, {"selection": {"rows": selected, "columns": [], "cells": []}})
    with st.container(key=TABLE):
        st.dataframe(
            table,
            key=_ROWS,
            hide_index=True,
            on_select=partial(_take_selection, view, rows),
            selection_mode="single-row",
            height="content" if len(rows) <= 10 else 620,
            **look,
            alt="Samples of this list, nearest to the threshold first",
        )


def table_with_pictures(view: View, listing: Listing, rows: np.ndarray) -> tuple[pd.DataFrame, dict]:
    """The table of a page, its pictures first, and how `st.dataframe` is to show it."""
    table = samples_table(view, listing, rows)
    shown = {free_name(name, table): addresses for name, addresses in pictures(view, rows).items()}
    config = column_config(table) | {name: st.column_config.ImageColumn(width="small") for name in shown}
    look = {"column_config": config, "row_height": 48 if shown else None, "placeholder": "–"}
    return pd.DataFrame(shown | dict(table.items())), look


def _selected() -> list[int]:
    held = state.widget_value(_ROWS)
    return list(held["selection"]["rows"]) if held else []


def _take_selection(view: View, rows: np.ndarray) -> None:
    selected = [row for row in _selected() if row < len(rows)]
    if selected:
        open_sample(view, int(rows[selected[0]]))
    else:
        _close()


def open_sample(view: View, row: int) -> None:
    state.remember("sample_open", (view.whole.digest, sample_number(view, row)))


def open_row(view: View) -> int | None:
    """The place in view of the opened sample; None where it is not in the group in view."""
    digest, number = state.recalled("sample_open") or ("", 0)
    return row_of_number(view, number) if digest == view.whole.digest else None


def _close() -> None:
    state.forget("sample_open")


def open_next(view: View, listing: Listing, row: int) -> None:
    """Open the sample after this one in the list that has no verdict yet, as far as the next page; else stay."""
    page, samples = _current_page(view, listing)
    first = (page - 1) * PAGE
    rows = listing.page(view.predictions, first, 2 * PAGE).rows
    places = np.flatnonzero(rows == row)
    after = rows[places[0] + 1 :] if len(places) else rows
    following = [each for each in after.tolist() if not sample_verdict.has_verdict(view, listing, each)]
    if following:
        open_sample(view, following[0])
        if following[0] not in samples.rows and page < _n_pages(samples):
            _keep_page(view, listing, page + 1)


def _search_control(view: View) -> None:
    by = "row number" if view.predictions.sample_ids is None else "id or row number"
    st.text_input(
        f"Open a sample by its {by}",
        key="sample_search",
        type="search",
        placeholder=by.capitalize(),
        on_change=_search,
        args=(view,),
    )
    looked_in, absent = state.recalled("sample_absent") or ("", "")
    if absent and looked_in == view.digest:
        st.caption(f"No sample in view has the {by} {for_markdown(absent[:80])}.")


def _search(view: View) -> None:
    """Once, when the text changes: looking through a million ids takes longer than a step of a threshold may."""
    text = (state.widget_value("sample_search") or "").strip()
    row = find_sample(view, text)
    state.remember("sample_absent", (view.digest, text if row is None else ""))
    if row is not None:
        open_sample(view, row)


def _list_key(view, listing) -> tuple:
    """What makes another list, which starts at its first page; a moved threshold does not."""
    against = [state.recalled(key) for key in ("flip_against", "flip_value")] if listing.kind == FLIPS else []
    against = [listing.against] if listing.against else against
    whose = None if listing.all_classes else listing.index
    return (view.digest, view.run, listing.kind, whose, *against)


def _current_page(view, listing) -> tuple[int, SampleList]:
    """The page that was chosen, or the last one where the list got shorter, and its samples."""
    kept_for, page = state.recalled("sample_page") or ((), 1)
    if kept_for != _list_key(view, listing):
        page = 1
        _keep_page(view, listing, page)
    samples = listing.page(view.predictions, (page - 1) * PAGE, PAGE)
    if page > _n_pages(samples):
        page = _n_pages(samples)
        _keep_page(view, listing, page)
        samples = listing.page(view.predictions, (page - 1) * PAGE, PAGE)
    return page, samples


def _n_pages(samples: SampleList) -> int:
    return max(1, -(-samples.total // PAGE))


def _keep_page(view, listing, page: int) -> None:
    state.remember("sample_page", (_list_key(view, listing), page))


def _pagination(view, listing, page, n_pages) -> None:
    """A widget per list: one that was set from here, Streamlit would warn of."""
    if n_pages > 1:
        key = f"sample_page_{hashlib.sha256(repr(_list_key(view, listing)).encode()).hexdigest()[:12]}"
        take = lambda: _keep_page(view, listing, state.widget_value(key))  # noqa: E731
        st.pagination(n_pages, default=page, key=key, on_change=take, width="stretch")
