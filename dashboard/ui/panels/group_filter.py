"""Which samples are in view: all, or those of one group.

The group itself lives in `state`; the control shows and sets it.
"""

import numpy as np
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.inputs.groups import Groups
from dashboard.inputs.names import printable
from dashboard.ui import cache, state
from dashboard.ui.address import Group
from dashboard.ui.view import View
from dashboard.ui.wording import count

ALL_SAMPLES = "all samples"
MOST_IN_ONE = 100  # groups in one list; beyond that the column is chosen first
MOST_LISTED = 1_000  # groups in a list at all; the others are typed


def group_name(group: Group | None) -> str:
    """writer = 3, as plain text; "all samples" where no group is chosen."""
    return ALL_SAMPLES if group is None else f"{group.column} = {value_name(group.value)}"


def value_name(value: str) -> str:
    """A value of a column as it is shown."""
    return printable(value) or "(empty)"


def samples_in_view(view: View) -> str:
    """1,500 samples; or 312 of 1,500 samples (writer = 3). For Markdown."""
    n_samples = view.predictions.n_samples
    if view.group is None:
        return count(n_samples, "sample")
    whole = count(view.whole.first_run.n_samples, "sample")
    return f"{n_samples:,} of {whole} ({for_markdown(group_name(view.group))})"


def group_control(view: View) -> None:
    """Choose all samples or one group; one list, or two where the columns have many groups."""
    found = {column: cache.groups(view.whole.digest, column) for column in view.whole.group_columns}
    if not found:
        return
    if sum(len(groups.names) for groups in found.values()) <= MOST_IN_ONE:
        options = [Group(column, name) for column, groups in found.items() for name in groups.names]
        sizes = np.concatenate([groups.sizes for groups in found.values()])
        _select(
            view,
            options,
            [f"{group_name(option)} ({count(n, 'sample')})" for option, n in zip(options, sizes, strict=True)],
        )
    else:
        _select_in_two(view, found)


def _select(view: View, options: list[Group], names: list[str]) -> None:
    """By position: a group may be called as another choice is."""
    state.preset_widget("group_choice", options.index(view.group) + 1 if view.group else 0)
    st.selectbox(
        "Samples",
        range(len(options) + 1),
        format_func=[ALL_SAMPLES, *names].__getitem__,
        key="group_choice",
        on_change=lambda: state.choose_group([None, *options][state.widget_value("group_choice")]),
        label_visibility="collapsed",
        width=220,
        help="A group is the samples with one value in a column; every figure on every page is then of these samples",
    )


def _select_in_two(view: View, found: dict[str, Groups]) -> None:
    """The column, then its group."""
    columns = list(found)
    if view.group:
        state.preset_widget("group_column", columns.index(view.group.column) + 1)
    elif state.widget_value("group_column", 0) > len(columns):  # of data looked at before
        state.preset_widget("group_column", 0)
    at = st.selectbox(
        "Group column",
        range(len(columns) + 1),
        format_func=[ALL_SAMPLES, *columns].__getitem__,
        key="group_column",
        on_change=lambda: state.choose_group(None),
        label_visibility="collapsed",
        width=160,
        help="A column whose groups to look at; every figure on every page is then of one group's samples",
    )
    if not at:
        return
    column = columns[at - 1]
    groups = found[column]
    largest = np.sort(np.argsort(-groups.sizes, kind="stable")[:MOST_LISTED])
    options = {groups.names[i]: f"{value_name(groups.names[i])} ({count(groups.sizes[i], 'sample')})" for i in largest}
    _select_group(view, column, options, n_groups=len(groups.names))


def _select_group(view: View, column: str, options: dict[str, str], *, n_groups: int) -> None:
    """The value typed where not all are listed may be one that no sample has; the page then says so."""

    def choose():
        chosen = state.widget_value("group_choice")
        state.choose_group(None if chosen is None else Group(column, chosen))

    chosen = view.group.value if view.group else None
    names = list(options) if chosen is None or chosen in options else [chosen, *options]
    state.preset_widget("group_choice", chosen)
    st.selectbox(
        "Group",
        names,
        format_func=lambda name: options.get(name, name),
        key="group_choice",
        on_change=choose,
        accept_new_options=n_groups > len(options),
        placeholder=f"One of {count(n_groups, 'group')}",
        label_visibility="collapsed",
        width=220,
        help=f"The {len(options):,} largest are listed; type any other" if n_groups > len(options) else None,
    )
