"""How well the scores rank, whatever the threshold; computed when somebody opens it."""

import pandas as pd
import streamlit as st

from dashboard.core.ranking_summary import RankingFigure
from dashboard.ui import cache
from dashboard.ui.progress import progress_bar
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count


def show_ranking(view: View) -> None:
    panel = st.expander(
        "Ranking quality, whatever the threshold", on_change="rerun", key="ranking_panel", bind="query-params"
    )
    if not panel.open:
        return
    with panel:
        with progress_bar("Ranking the classes of every sample") as progress:
            figures = cache.ranking_figures(view.digest, view.run, progress)
        show_table(
            ranking_table(figures),
            "ranking",
            file_name="ranking.csv",
            alt="Average precision, ROC AUC and the ranking metrics within samples",
            column_config={"value": st.column_config.NumberColumn(format="%.4f")},
        )
        for note in notes(view, figures):
            st.caption(note)


def ranking_table(figures: list[RankingFigure]) -> pd.DataFrame:
    rows = [(each.name, each.value, "higher" if each.higher_is_better else "lower") for each in figures]
    return pd.DataFrame(rows, columns=["metric", "value", "better"])


def notes(view: View, figures: list[RankingFigure]) -> list[str]:
    """What was left out, and the conventions that differ between tools."""
    left_out = {each.name: each.n_left_out for each in figures}
    said = ["As in scikit-learn, ties count against the ranking; coverage error counts from 1."]
    classes = left_out["average precision, macro"]
    if classes:
        said.append(
            f"Average precision is undefined for {count(classes, 'class', 'classes')} without positives and averages "
            "leave them out (scikit-learn counts them as 0)."
        )
    samples = left_out["coverage error"]
    if samples:
        said.append(f"{count(samples, 'sample has', 'samples have')} no known cell and are left out.")
    return said
