"""The table of all classes: searched, filtered, sorted; its selected rows are the classes drawn."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, metrics
from dashboard.ui import class_cache, state
from dashboard.ui.paged_table import PAGED_ABOVE, Ticks, show_paged_table
from dashboard.ui.panels import class_choice, class_takeaway
from dashboard.ui.panels.class_choice import Choice
from dashboard.ui.view import View
from dashboard.ui.wording import count

# support band -> from, up to (not included)
BANDS = {
    "under 10": (0, 10),
    "10 to 99": (10, 100),
    "100 to 999": (100, 1_000),
    "1,000 and more": (1_000, np.inf),
}
ALL = "all"
NO_GROUP = "no group"
TABLE = "class_table"


def show_classes(view: View, choice: Choice, counts: Counts) -> None:
    """The filters, the table and what is undefined in it."""
    st.subheader("All classes", anchor=False)
    table = class_table(view, counts)
    in_view = filter_controls(table)
    order = class_choice.by_support(view)
    shown = order[in_view[order]]
    st.caption(_caption(len(shown), len(table)))
    class_choice.show_notice(choice.curve)
    show_paged_table(
        table.iloc[shown],
        TABLE,
        file_name="classes.csv",
        alt="All classes with their support, areas, best F1 and figures at the thresholds in force",
        given_order="most positives",
        about=(view.digest, view.run, in_view.tobytes()),
        ticks=_ticks(shown, choice),
        column_config=_column_config(table),
        placeholder="–",
    )
    for note in class_takeaway.notes(view, counts):
        st.caption(note)


def class_table(view: View, counts: Counts) -> pd.DataFrame:
    """One row per class in the order of the data: what no threshold changes, then figures at those in force."""
    table = class_cache.class_facts(view.digest, view.run).copy()
    if not (table["known"] < 1).any():
        del table["known"]
    if view.dataset.class_groups:
        groups = [view.dataset.class_groups.get(name, NO_GROUP) for name in view.predictions.class_names]
        table.insert(1, "group", groups)
    own = np.full(len(table), np.nan)
    for index, threshold in state.own_thresholds().items():
        own[index] = threshold.unit
    return table.assign(
        precision=metrics.precision(counts, zero_division=np.nan)[0],
        recall=metrics.recall(counts, zero_division=np.nan)[0],
        F1=metrics.f_beta(counts, zero_division=np.nan)[0],
        **{"own threshold": own},
        **_f1_of_readers(view),
    )


def _f1_of_readers(view: View) -> dict[str, np.ndarray]:
    """A column per reader."""
    if not view.dataset.readers:
        return {}
    rates = class_cache.reader_rates(view.digest, view.run)
    columns = {}
    for reader, rows in rates.groupby("reader", sort=False):
        counts = Counts(*(rows[name].to_numpy()[None, :] for name in ("tp", "fp", "fn", "tn")))
        columns[f"F1 of {reader}"] = metrics.f_beta(counts, zero_division=np.nan)[0]
    return columns


def filter_controls(table: pd.DataFrame) -> np.ndarray:
    """Which classes the text, the support band and the group let through: (n_classes,) bool."""
    in_view = np.ones(len(table), dtype=bool)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Search classes", key="class_search", type="search", placeholder="Class name", width=260)
        if text:
            in_view &= table["class"].str.contains(text.strip(), case=False, regex=False).to_numpy()
        in_view &= _band_control(table["support"].to_numpy())
        if "group" in table:
            in_view &= _group_control(table["group"])
    return in_view


def _band_control(support) -> np.ndarray:
    inside = {name: (support >= low) & (support < high) for name, (low, high) in BANDS.items()}
    occurring = [name for name, within in inside.items() if within.any()]
    if len(occurring) < 2:
        return np.ones(len(support), dtype=bool)
    band = st.selectbox("Support", [ALL, *occurring], key="support_band", width=180)
    return inside.get(band, np.ones(len(support), dtype=bool))


def _group_control(groups) -> np.ndarray:
    names = sorted(groups.unique())
    chosen = st.selectbox(  # by position: a group may be called "all"
        "Class group", range(len(names) + 1), key="class_group", width=220, format_func=[ALL, *names].__getitem__
    )
    return np.ones(len(groups), dtype=bool) if not chosen else (groups == names[chosen - 1]).to_numpy()


def _caption(n_shown, n_classes) -> str:
    which = count(n_classes, "class", "classes")
    if n_shown < n_classes:
        which = f"{n_shown:,} of {which}"
    how = "Tick rows to draw their curves" + ("." if n_shown > PAGED_ABOVE else "; click a heading to sort.")
    return f"{which}, most positives first. {how}"


def _ticks(shown, choice: Choice) -> Ticks:
    """Ticked rows are drawn; drawn classes that a filter or another page hides stay, and colours keep their order."""
    drawn = choice.drawn
    is_drawn = np.isin(shown, drawn)

    def take(ticked, on_page):
        now, hideable = shown[ticked].tolist(), set(shown[on_page].tolist())
        kept = [index for index in drawn if index in now or index not in hideable]
        class_choice.choose([*kept, *(index for index in now if index not in drawn)], choice.curve)

    return Ticks(frozenset(np.flatnonzero(is_drawn).tolist()), take)


def _column_config(table) -> dict:
    number = st.column_config.NumberColumn
    rates = ["AP", "ROC AUC", "best F1", "precision", "recall", "F1"]
    rates += [name for name in table if name.startswith("F1 of ")]
    config = {name: number(format="%.3f") for name in rates if name in table}
    config["class"] = st.column_config.TextColumn(pinned=True)
    config["support"] = number(format="localized", help="Known positives")
    config["prevalence"] = number(format="%.3g", help="Positives among the known labels")
    config["known"] = number(format="percent", help="Share of the labels that are known")
    config["AP"] = number(format="%.3f", help="Average precision: the step sum under the precision-recall curve")
    config["best F1"] = number(format="%.3f", help="The highest F1 that one threshold reaches on these samples")
    config["best at"] = number(format="%.4g", help="The threshold of the best F1, on the 0-1 scale")
    config["own threshold"] = number(format="%.4g", help="Empty: as all others, or as applied")
    return config
