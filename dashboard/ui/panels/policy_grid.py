"""The table of policies as a grid: figures tuned here beside expected ones, the best of each column marked."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.ui import state
from dashboard.ui.panels import headline
from dashboard.ui.panels.policy_rows import PolicyRow
from dashboard.ui.policy_cache import Estimate
from dashboard.ui.tables import show_download

FIGURES = (
    "micro_f1",
    "macro_f1",
    "weighted_f1",
    "samples_f1",
    "exact_match",
    "predicted_cardinality",
    "n_predicted_empty",
)
JUDGES = FIGURES[:5]  # higher is better
BEST = "background-color: rgba(46, 160, 67, 0.22); font-weight: bold"
KEY, CHOSEN, BESIDE, NOTHING = "policy_table", "policy_chosen", "policy_beside", "nothing"
_UNSETTLED = "policy_not_settled"  # the row that was chosen by itself while estimates were missing


@dataclass(frozen=True, eq=False)
class Table:
    """The rows in the order shown, with what is expected of them as far as it is known, by the row's key."""

    rows: list[PolicyRow]
    estimates: dict[str, Estimate]
    judge: str

    @property
    def keys(self) -> list[str]:
        return [row.key for row in self.rows]

    def row(self, key: str) -> PolicyRow:
        return self.rows[self.keys.index(key)]

    def best(self, figures_of) -> PolicyRow | None:
        """The policy with the highest figure that is judged by; figures_of(row): a Headline, or None to pass over."""
        found = {}
        for row in self.rows:
            figures = figures_of(row) if row.policy is not None else None
            value = None if figures is None else getattr(figures, self.judge)
            if value is not None and value == value:
                found[row.key] = value
        return self.row(max(found, key=found.get)) if found else None

    @property
    def best_here(self) -> PolicyRow | None:
        return self.best(lambda row: row.outcome.figures)

    @property
    def leading(self) -> PolicyRow | None:
        """Of policies that can be applied the one with the best expected figure, or here while none is known."""
        expected = self.best(lambda row: self._expected(row) if row.applicable else None)
        return expected or self.best(lambda row: row.outcome.figures if row.applicable else None)

    @property
    def best_expected(self) -> PolicyRow | None:
        return self.best(self._expected)

    def _expected(self, row):
        return self.estimates[row.key].figures if row.key in self.estimates else None


def settle_choice(table: Table, *, is_complete: bool) -> None:
    """Before anything of a run is drawn: the chosen rows are some that there are.

    At first the one that leads, which may be another until all estimates are there.
    """
    held = state.widget_value(CHOSEN)
    if held not in table.keys or held == state.recalled(_UNSETTLED):
        best = table.leading
        held = table.keys[0] if best is None else best.key
        state.preset_widget(CHOSEN, held)
        state.remember(_UNSETTLED, None if is_complete else held)
    if state.widget_value(BESIDE) not in (NOTHING, *table.keys):
        state.preset_widget(BESIDE, NOTHING)


def policy_frame(table: Table) -> pd.DataFrame:
    """A row per policy; a figure is a column for "tuned here", one for "expected", and its 95 % interval as text.

    The figure that is judged by comes first, then, where there is any, what was not reached.
    """
    columns = {"policy": [row.name for row in table.rows]}
    for field in sorted(FIGURES, key=lambda field: field != table.judge):
        title = headline.COLUMNS[field]
        known = [table.estimates.get(row.key) for row in table.rows]
        columns[title] = [getattr(row.outcome.figures, field) for row in table.rows]
        columns[f"{title} expected"] = [None if each is None else getattr(each.figures, field) for each in known]
        columns[f"{title} 95 %"] = [None if each is None else each.interval_text(field) for each in known]
        if field == table.judge and any(row.note for row in table.rows):
            columns["note"] = [row.note for row in table.rows]
    frame = pd.DataFrame(columns)
    numbers = [name for name in frame if name not in ("policy", "note") and not name.endswith("95 %")]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _shown_columns(frame: pd.DataFrame, columns: str) -> list[str]:
    def wanted(name):
        if name == "policy" or not frame[name].notna().any():
            return name == "policy"
        is_expected = name.endswith((" expected", " 95 %"))
        return name == "note" or columns == "both" or is_expected == (columns == "expected")

    return [name for name in frame if wanted(name)]


def show_grid(table: Table, columns: str) -> None:
    frame = policy_frame(table)
    shown = frame[_shown_columns(frame, columns)]
    judged = [headline.COLUMNS[field] for field in JUDGES]
    marked = [name for name in shown if name in judged or name.removesuffix(" expected") in judged]
    policies = [number for number, row in enumerate(table.rows) if row.policy is not None]
    styled = shown.style.highlight_max(subset=(policies, marked), axis=0, props=BEST)

    rows = [number for number, key in enumerate(table.keys) if key in _ticked()]
    if _sent_rows() != rows:
        state.preset_widget(f"{KEY}_rows", {"selection": {"rows": rows, "columns": [], "cells": []}})
    with st.container(key=KEY, gap="xsmall"):
        st.dataframe(
            styled,
            key=f"{KEY}_rows",
            hide_index=True,
            width="stretch",
            height="content" if len(shown) <= 30 else 1_000,
            alt="A row per policy with its figures tuned here and expected on new samples; the same choice of rows is "
            "in the two lists below",
            column_config=_column_config(shown),
            placeholder="–",
            on_select=lambda: _take(table),
            selection_mode="multi-row",
        )
        show_download(lambda: frame, KEY, "policies.csv")


def _ticked() -> list[str]:
    return [key for key in (state.widget_value(CHOSEN), state.widget_value(BESIDE)) if key != NOTHING]


def _sent_rows() -> list[int] | None:
    held = state.widget_value(f"{KEY}_rows")
    return None if held is None else list(held["selection"]["rows"])


def _take(table: Table) -> None:
    """The row that was ticked last is chosen, the one before it stands beside; others lose their tick."""
    now = [table.keys[row] for row in _sent_rows() or [] if 0 <= row < len(table.keys)]
    order = [key for key in now if key not in _ticked()] + [key for key in _ticked() if key in now]
    state.preset_widget(CHOSEN, order[0] if order else None)
    state.preset_widget(BESIDE, order[1] if len(order) > 1 else NOTHING)


def _column_config(shown) -> dict:
    number, config = st.column_config.NumberColumn, {}
    for field in FIGURES:
        title, help_ = headline.COLUMNS[field], headline.HELP.get(field, "")
        style = {"n_predicted_empty": "localized", "predicted_cardinality": "%.2f"}.get(field, "%.3f")
        config[title] = number(f"{title}, here", format=style, help=f"{help_} On the samples it was tuned on.")
        config[f"{title} expected"] = number(format=style, help=f"{help_} On samples it was not tuned on.")
    config["policy"] = st.column_config.TextColumn(pinned=True, width=235)
    config["note"] = st.column_config.TextColumn(width=170)
    return {name: each for name, each in config.items() if name in shown}
