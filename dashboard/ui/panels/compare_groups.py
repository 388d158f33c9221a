"""The same comparison within each group of samples."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.verdicts import average_verdicts
from dashboard.ui import cache
from dashboard.ui.panels import compare_cache
from dashboard.ui.panels.compare_cache import Asked
from dashboard.ui.panels.compare_words import TITLES, verdict_words
from dashboard.ui.panels.group_filter import value_name
from dashboard.ui.progress import progress_bar
from dashboard.ui.tables import show_table
from dashboard.ui.view import View

MOST_GROUPS = 20
PARTS = ("total", "threshold", "ranking", "average_precision")
TITLES_OF = {"average_precision": "macro AP"}


def show_groups(view: View, asked: Asked) -> None:
    """Behind a fold: a comparison is computed for each group. Of two runs only."""
    columns = view.dataset.group_columns
    if not columns or asked.a.is_reader:
        return
    with st.expander("By group", on_change="rerun", key="compare_groups_fold", bind="query-params") as fold:
        if not fold.open:
            return
        column = st.selectbox("Groups of", columns, key="compare_column", bind="query-params", width=200)
        with progress_bar("Comparing within each group") as progress:
            table = group_table(view, asked, column, progress)
        _show_table(table)
        st.caption(
            f"Macro-{TITLES[asked.metric]}, B less A. Own best thresholds are those of all samples, cross-fitted. A "
            "class without positives in a group counts as 0 there on both sides. At most "
            f"{MOST_GROUPS} groups; the smallest of more are one."
        )


def group_table(view: View, asked: Asked, column: str, progress=None) -> pd.DataFrame:
    """A row per group in the order of the groups."""
    groups = cache.groups(view.digest, column).largest(MOST_GROUPS)
    found = compare_cache.by_group(view, asked, column, groups.codes, progress)
    rows = []
    for code, name in enumerate(groups.names):
        within = found[str(code)]
        macro = within.averages["macro"]
        verdict = verdict_words(average_verdicts(within)["macro"], asked.metric, None)
        row = {"group": value_name(name), "samples": int(groups.sizes[code]), "positives": int(within.support.sum())}
        row |= {"verdict": verdict, "A": float(macro.a), "B": float(macro.b)}
        for field in PARTS:
            part, title = getattr(macro, field), TITLES_OF.get(field, field)
            row |= {title: part.value, f"{title} low": part.low, f"{title} high": part.high}
        rows.append(row)
    return pd.DataFrame(rows).replace({None: np.nan})


def _show_table(table: pd.DataFrame) -> None:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    config = {name: number(format="%+.3f") for name in table.columns[6:]}
    config |= {"A": number(format="%.3f"), "B": number(format="%.3f"), "group": text(pinned=True)}
    show_table(
        table,
        "compare_groups",
        file_name="comparison_by_group.csv",
        alt="A row per group: the difference of both runs as threshold and ranking, with intervals",
        column_config=config | {"verdict": text(width="large")},
        placeholder="–",
    )
