"""By group: the figures of each group of samples, of some decisions, over all classes or of one."""

import numpy as np
import streamlit as st

from dashboard.core import Counts
from dashboard.escape import for_markdown
from dashboard.figures.groups import (
    FEW,
    GroupTable,
    averaged_table,
    class_table,
)
from dashboard.inputs.groups import Groups
from dashboard.ui import cache, class_cache, state
from dashboard.ui.controls import choice_control
from dashboard.ui.panels import classes_by_group
from dashboard.ui.panels.decisions import CURRENT, decisions_control
from dashboard.ui.panels.group_filter import value_name
from dashboard.ui.rates_table import show_rates_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

MOST_GROUPS = 100  # counted apart; beyond that the smallest are one row
FIGURES = {"micro": "all classes, micro", "macro": "all classes, macro", "class": "one class"}


def show_by_group(view: View) -> None:
    """The controls, the table of groups and the table of classes by group."""
    columns = view.dataset.group_columns
    if not columns:
        st.info(
            "This data has no column of groups. Give one with the files (the role of a column is group), for example "
            "`python -m dashboard open ... --columns FILE --role COLUMN=group`.",
            icon=":material/group_work:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="by_group_controls"):
        column = st.selectbox("Groups of", columns, key="by_column", bind="query-params", width=200)
        decisions = decisions_control(view, "by_decisions")
        figures = choice_control("Figures of", FIGURES, key="by_figures")
        index = _class_control(view) if figures == "class" else None
    found = cache.groups(view.digest, column)
    groups, counts = found.largest(MOST_GROUPS), _counts(view, column, decisions)
    table = _group_table(groups, counts, figures, index)
    st.markdown(_sentence(view, table, figures, index, n_groups=len(found.names)))
    _show_groups(table, figures, index)
    if groups is not found:
        st.caption(f"The {MOST_GROUPS - 1} largest of {len(found.names):,} groups each have a row, the others one.")
    classes_by_group.show_classes_by_group(view, groups, counts)


def _class_control(view: View) -> int:
    first = state.focus() if state.focus() is not None else int(np.argmax(view.predictions.support))
    return st.selectbox(
        "Class",
        range(view.predictions.n_classes),
        index=min(first, view.predictions.n_classes - 1),
        format_func=view.predictions.class_names.__getitem__,
        key="by_class",
        width=240,
    )


def _counts(view: View, column: str, decisions: str) -> Counts:
    reader = None if decisions == CURRENT else decisions
    thresholds = view.thresholds
    key = "" if reader else class_cache.digest_of(thresholds.score_thresholds)
    return class_cache.group_counts(view.digest, view.run, column, MOST_GROUPS, reader, key, thresholds)


def _group_table(groups: Groups, counts: Counts, figures: str, index: int | None) -> GroupTable:
    names = [value_name(name) for name in groups.names]
    if index is None:
        return averaged_table(counts, names, groups.sizes, figures)
    return class_table(counts, names, groups.sizes, index)


def _show_groups(table: GroupTable, figures: str, index: int | None) -> None:
    show_rates_table(
        table.rows,
        "by_group",
        file_name="by_group.csv",
        alt="Samples, support and rates of each group of samples, and of all groups together",
        notes=None if figures == "macro" else np.where(table.few, f"under {FEW} positives", ""),
        config=_column_config(),
        height="content" if len(table.rows) <= 25 else 600,
    )
    for note in _notes(table, figures, index):
        st.caption(note)


def _sentence(view: View, table: GroupTable, figures: str, index: int | None, *, n_groups: int) -> str:
    """From the worst to the best group, of those that have a row and enough positives to tell."""
    what = "micro-F1" if figures == "micro" else "macro-F1"
    if index is not None:
        what = f"F1 of {for_markdown(view.predictions.class_names[index])}"
    rows = table.rows.iloc[: n_groups if n_groups <= MOST_GROUPS else MOST_GROUPS - 1]
    sound = rows[(rows["support"] >= FEW) & rows["F1"].notna()]
    opening = f"{count(n_groups, 'group')}: "
    if 0 < len(sound) < len(rows):
        opening = f"{count(n_groups, 'group')}, of which {len(sound):,} with at least {FEW} known positives: "
    if sound.empty:
        return f"{opening}none has {FEW} known positives, so no figure of a group can be relied on."
    low, high = sound.loc[sound["F1"].idxmin()], sound.loc[sound["F1"].idxmax()]
    total = f"; {short(table.rows['F1'].iat[-1])} for all together"
    if low["group"] == high["group"]:
        return f"{opening}{what} {_of(high)}{total}."
    return f"{opening}{what} from {_of(low)} to {_of(high)}{total}."


def _of(row) -> str:
    return f"**{short(row['F1'])}** ({for_markdown(row['group'])})"


def _notes(table: GroupTable, figures: str, index: int | None) -> list[str]:
    said = []
    n_few = int(table.few[:-1].sum())
    if index is not None:
        said.append(
            "Exact binomial 95 % intervals, with the thresholds taken as given; F1 is no share of cases and has none."
        )
    else:
        said.append(
            "No intervals over all classes: the cells of one sample depend on each other. "
            "0/0 counts as 0, as in the figures for all samples."
        )
    if n_few:
        where = " in some class" if figures == "macro" else ""
        verb, whose = ("has", "its") if n_few == 1 else ("have", "their")
        said.append(
            f"{count(n_few, 'group')} {verb} fewer than {FEW} known positives{where}: {whose} figures say little."
        )
    return said


def _column_config() -> dict:
    number = st.column_config.NumberColumn
    return {
        "group": st.column_config.TextColumn(pinned=True),
        "support": number(format="localized", help="Known positives"),
        "prevalence": number(format="%.3f", help="Positives among the known labels"),
        f"classes under {FEW}": number(
            format="localized", help=f"Classes with fewer than {FEW} known positives in this group"
        ),
    }
