"""Long tables: sorted as a whole, cut into pages, ticked across pages, downloaded whole."""

import json

import numpy as np
import pandas as pd
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from dashboard.ui.paged_table import ROWS_PER_PAGE, LongTable, page_of, sorted_positions
from tests.app.conftest import table_of


@pytest.mark.parametrize(
    ("values", "descending", "expected"),
    [
        ([2.0, 3.0, 1.0], True, [1, 0, 2]),
        ([2.0, 3.0, 1.0], False, [2, 0, 1]),
        ([np.nan, 1.0, 2.0], True, [2, 1, 0]),
        ([np.nan, 1.0, 2.0], False, [1, 2, 0]),
        ([1, 2, 1, 2], True, [1, 3, 0, 2]),
        ([1, 2, 1, 2], False, [0, 2, 1, 3]),
        (["b", "C", "a"], False, [2, 0, 1]),
        (["b", None, "a"], True, [0, 2, 1]),
        ([True, False, True], True, [0, 2, 1]),
        ([], True, []),
    ],
)
def test_sorted_positions(values, descending, expected):
    assert sorted_positions(np.array(values, dtype=None), descending=descending).tolist() == expected


def test_many_ties_stay_in_the_order_they_come():
    values = np.arange(1_000) % 3
    expected = [*range(2, 1_000, 3), *range(1, 1_000, 3), *range(0, 1_000, 3)]
    assert sorted_positions(values, descending=True).tolist() == expected
    assert sorted_positions(-values, descending=False).tolist() == expected


def test_pages_hold_every_row_once():
    order = np.random.default_rng(0).permutation(2 * ROWS_PER_PAGE + 1)
    pages = [page_of(order, page) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [ROWS_PER_PAGE, ROWS_PER_PAGE, 1]
    np.testing.assert_array_equal(np.concatenate(pages), order)


def test_a_long_table_makes_only_the_rows_asked_for():
    table = pd.DataFrame({"a": [3, 1, 2], "b": list("xyz")})
    long = LongTable.of(table)
    assert long.n_rows == 3 and long.rows(np.array([2, 0]))["b"].tolist() == ["z", "x"]
    assert list(long.sort_values) == ["a", "b"] and long.sort_values["a"]().tolist() == [3, 1, 2]


def _page(n_rows, n_totals=0, ticked=None):
    """A script with one table of `n_rows` rows; "value" falls and then is undefined in the last row but the totals."""
    import numpy as np
    import pandas as pd
    import streamlit as st

    from dashboard.ui.paged_table import Ticks, show_paged_table

    names = [f"row {i}" for i in range(n_rows - n_totals)] + ["total"] * n_totals
    values = np.arange(n_rows, 0, -1.0)
    values[n_rows - n_totals - 1] = np.nan
    ticks = None
    if ticked is not None:
        ticks = Ticks(
            frozenset(st.session_state.get("ticked", ticked)),
            lambda now, shown: st.session_state.update(ticked=now, shown=shown),
        )
    show_paged_table(
        pd.DataFrame({"name": names, "value": values}),
        "long",
        file_name="long.csv",
        alt="A table",
        n_totals=n_totals,
        about=st.text_input("About", key="about"),
        ticks=ticks,
        column_config={"value": st.column_config.NumberColumn("Value")},
    )


def _run(*args) -> AppTest:
    at = AppTest.from_function(_page, args=args, default_timeout=30).run()
    assert not at.exception, at.exception
    return at


def _names(at):
    return table_of(at, "long")["name"].tolist()


def test_a_short_table_is_whole_and_has_no_controls():
    at = _run(500)
    assert len(_names(at)) == 500 and not at.pagination and not at.selectbox


def test_a_long_table_is_paged_in_the_given_order():
    at = _run(501)
    assert at.pagination[0].num_pages == 6
    assert _names(at) == [f"row {i}" for i in range(100)]
    at.pagination[0].select(6).run()
    assert _names(at) == ["row 500"]
    assert "Rows 501 to 501 of 501." in at.caption[0].value


def test_sorting_is_of_the_whole_table_and_undefined_rows_are_last_either_way():
    at = _run(501)
    at.selectbox(key="long_sort").select("Value").run()
    at.segmented_control(key="long_direction").set_value("ascending").run()
    assert _names(at)[:2] == ["row 499", "row 498"]
    at.pagination[0].select(6).run()
    assert _names(at) == ["row 500"]
    at.segmented_control(key="long_direction").set_value("descending").run()
    assert at.pagination[0].value == 1 and _names(at)[0] == "row 0"


def test_totals_are_never_sorted_and_head_each_page():
    at = _run(600, 2)
    assert _names(at)[:3] == ["total", "total", "row 0"]
    at.selectbox(key="long_sort").select("name").run()
    at.segmented_control(key="long_direction").set_value("ascending").run()
    assert _names(at)[:5] == ["total", "total", "row 0", "row 1", "row 10"]
    at.pagination[0].select(6).run()
    assert len(_names(at)) == 98 + 2


def test_what_the_rows_depend_on_leads_back_to_the_first_page():
    at = _run(700)
    at.pagination[0].select(3).run()
    assert at.run().pagination[0].value == 3
    at.text_input(key="about").set_value("other rows").run()
    assert at.pagination[0].value == 1 and _names(at)[0] == "row 0"


def test_ticks_are_positions_in_the_whole_table():
    at = _run(700, 0, (2, 101, 103))
    assert _ticked_rows(at) == [2]
    at.pagination[0].select(2).run()
    assert _ticked_rows(at) == [1, 3]
    _tick(at, [0, 3])
    assert at.session_state["ticked"] == [100, 103] and at.session_state["shown"] == list(range(100, 200))
    at.selectbox(key="long_sort").select("Value").run()
    at.segmented_control(key="long_direction").set_value("ascending").run()
    _tick(at, [0])
    assert at.session_state["ticked"] == [698]


def test_the_download_is_the_whole_table_as_sorted(monkeypatch):
    pressed = {}
    monkeypatch.setattr("dashboard.ui.paged_table.show_download", lambda make, *_: pressed.update(make=make))
    at = _run(700, 1)
    at.selectbox(key="long_sort").select("Value").run()
    at.segmented_control(key="long_direction").set_value("ascending").run()
    names = pressed["make"]()["name"].tolist()
    assert names == [*(f"row {i}" for i in range(697, -1, -1)), "row 698", "total"]


def _ticked_rows(at):
    return at.session_state["long_rows"]["selection"]["rows"]


def _tick(at, rows):
    states = at._tree.get_widget_states()
    selection = json.dumps({"selection": {"rows": rows, "columns": [], "cells": []}})
    states.widgets.append(WidgetState(id=at.dataframe[0].proto.id, string_value=selection))
    at._run(states)
    assert not at.exception
