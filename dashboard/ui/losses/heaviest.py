"""The cells that carry a loss, and the samples behind them."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.losses.heaviest_cells import HeaviestCells, heaviest_cells
from dashboard.losses.summary import LossSummary
from dashboard.ui import state
from dashboard.ui.controls import choice_control
from dashboard.ui.losses.loaded import loaded_cells, loaded_key
from dashboard.ui.panels.sample_detail import show_sample
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count

MOST = 100
SHARE, BEYOND = "share", "beyond"
RANKINGS = {SHARE: "its share of the loss", BEYOND: "its share beyond that of plain BCE"}
TABLE = "loss_cells_table"


def show_heaviest(view: View, summaries: dict[str, LossSummary], plain: LossSummary, eps: float) -> None:
    """A table of cells by their share of one of these losses, and one of the samples opened beside it."""
    with st.expander(
        "Cells that carry a loss, and their samples", on_change="rerun", key="loss_cells", bind="query-params"
    ) as panel:
        if not panel.open:
            return
        with st.container(horizontal=True, vertical_alignment="bottom", key="loss_cells_controls"):
            by = _loss_control(summaries)
            ranking = choice_control("A cell by", RANKINGS, key="loss_cells_by", wrap=True)
        found = found_cells(view, summaries, by, plain if ranking == BEYOND else None, eps)
        table = cells_frame(view, found, list(summaries))
        total = found.shares[:, list(summaries).index(by)].sum()
        st.markdown(f"These {count(len(table), 'cell')} carry **{total:.0%}** of {for_markdown(by)}.")
        shown, opened = st.columns([3, 2], gap="medium")
        with shown:
            percent = {title: st.column_config.NumberColumn(format="percent") for title in summaries}
            alt = "A row per cell: sample, class, target, score and its share of each loss, the heaviest first"
            options = {"on_select": "rerun", "selection_mode": "single-row", "column_config": percent}
            selected = show_table(table, TABLE, file_name="heaviest_cells.csv", alt=alt, **options).selection.rows
        with opened:
            if selected and selected[0] < len(table):
                show_sample(view, int(found.rows[selected[0]]), None)
            else:
                st.caption("Select a row to open the whole sample: all its classes.")


def _loss_control(summaries) -> str:
    """Which of the losses ranks the cells: its title."""
    titles = list(summaries)
    if state.widget_value("loss_cells_of") not in titles:
        state.preset_widget("loss_cells_of", titles[0])
    return st.selectbox("Of", titles, key="loss_cells_of", width=260, bind="query-params")


def found_cells(view: View, summaries, by: str, against: LossSummary | None, eps: float) -> HeaviestCells:
    def compute():
        return heaviest_cells(loaded_cells(view, eps), summaries[by], list(summaries.values()), MOST, against=against)

    names = [str(each.settings) for each in summaries.values()]
    return kept_or(compute, *loaded_key(view, eps), "heaviest", str(summaries[by].settings), names, against is None)


def cells_frame(view: View, found: HeaviestCells, titles) -> pd.DataFrame:
    """A row per cell; the score as it was loaded."""
    p = view.predictions
    named = [str(p.sample_ids[row]) if p.sample_ids is not None else view.sample_number(row) for row in found.rows]
    table = pd.DataFrame(
        {
            "sample": named,
            "class": np.asarray(p.class_names, dtype=object)[found.classes],
            "target": found.targets.astype(int),
            p.score_kind.removesuffix("s").replace("probabilitie", "score (0-1)"): p.scores[found.rows, found.classes],
        }
    )
    for number, title in enumerate(titles):
        table[title] = found.shares[:, number]
    return table
