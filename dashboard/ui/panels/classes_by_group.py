"""One rate of each class in each group of samples: a page of classes at a time, the widest spread first."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts
from dashboard.figures.groups import FEW, ClassesByGroup, classes_by_group, classes_by_group_table
from dashboard.inputs.groups import Groups
from dashboard.ui.controls import choice_control
from dashboard.ui.panels.group_filter import value_name
from dashboard.ui.tables import show_download, to_csv
from dashboard.ui.view import View

MOST_COLUMNS = 20  # groups beside each other on screen
CLASSES_PER_PAGE = 50
RATE_NAMES = {name: name for name in ("F1", "recall", "precision", "false positive rate")}
_SHADE = "rgba(0, 114, 178, {:.2f})"
_PALE = "color: rgba(128, 128, 128, 0.75)"


def show_classes_by_group(view: View, groups: Groups, counts: Counts) -> None:
    """The choice of the rate, the table and what its marks mean; counts: a row per group."""
    st.subheader("Each class in each group", anchor=False)
    rate = choice_control(
        "Rate", {name: name for name in ("F1", "recall", "precision", "false positive rate")}, key="by_rate"
    )
    p = view.predictions
    by_group = classes_by_group(counts, rate)
    names = [value_name(name) for name in groups.names]
    table = classes_by_group_table(by_group, p.class_names, names, p.support)
    order = by_group.widest_first()
    shown_groups = np.sort(np.argsort(-groups.sizes, kind="stable")[:MOST_COLUMNS])
    with st.container(key="by_class_and_group", gap="xsmall"):
        slot = st.container()
        with st.container(horizontal=True, vertical_alignment="center"):
            page = _page_control(p.n_classes)
            show_download(lambda: to_csv(table), "by_class_and_group", f"{rate.replace(' ', '_')}_by_group.csv")
        few = by_group.bases[order[page]][:, shown_groups] < FEW
        columns = ["class", "support", "spread", *(table.columns[3 + i] for i in shown_groups)]
        slot.dataframe(
            _shaded(table.iloc[page][columns], few),
            key="by_class_and_group_rows",
            hide_index=True,
            width="stretch",
            height="content" if len(few) <= 15 else 560,
            alt=f"The {rate} of each class in each group of samples",
            column_config={"class": st.column_config.TextColumn(pinned=True)},
            placeholder="–",
        )
    for note in _class_notes(by_group, rate, len(names)):
        st.caption(note)


def _page_control(n_classes: int) -> np.ndarray:
    """Positions of the classes on the page that is shown."""
    if n_classes <= CLASSES_PER_PAGE:
        return np.arange(n_classes)
    page = st.pagination(-(-n_classes // CLASSES_PER_PAGE), key="by_page", max_visible_pages=5, width="stretch")
    return np.arange((page - 1) * CLASSES_PER_PAGE, min(page * CLASSES_PER_PAGE, n_classes))


def _shaded(rows: pd.DataFrame, few: np.ndarray):
    """The rates on a shade that deepens with them; pale where few cases stand behind one."""
    rows = rows.reset_index(drop=True)
    rates = rows.columns[3:]

    def look(table):
        values = table.to_numpy(dtype=float)
        shades = [[f"background-color: {_SHADE.format(0.5 * v)}" if v == v else "" for v in row] for row in values]
        looks = np.where(few, _PALE, np.array(shades, dtype=object).reshape(values.shape))
        return pd.DataFrame(looks, index=table.index, columns=table.columns)

    styled = rows.style.apply(look, axis=None, subset=list(rates))
    return styled.format(dict.fromkeys([*rates, "spread"], "{:.3f}"), na_rep="–").format("{:,}", subset=["support"])


def _class_notes(by_group: ClassesByGroup, rate: str, n_groups: int) -> list[str]:
    cases = {"precision": "predicted samples", "false positive rate": "known negatives"}.get(rate, "known positives")
    said = [
        f"The classes with the widest spread come first: highest less lowest over the groups with at least {FEW} "
        f"{cases}. Pale: fewer than {FEW}."
    ]
    if np.isnan(by_group.spread).all():
        said = [f"Pale: fewer than {FEW} {cases}. No class has two groups with more, so there is no spread to sort by."]
    if n_groups > MOST_COLUMNS:
        said.append(f"The {MOST_COLUMNS} largest of {n_groups:,} groups; the CSV has all.")
    return said
