"""Thresholds: which thresholds, and what do they cost?"""

import streamlit as st

from dashboard.core.headline import Judged
from dashboard.ui import address_bar, frame, state
from dashboard.ui.panels import (
    calibration,
    class_confusion,
    frontier,
    headline,
    policy_table,
    prevalence,
    reviewer_day,
    threshold_editor,
    threshold_files,
    worklist,
)
from dashboard.ui.turns import in_turn
from dashboard.ui.view import View

# Each tab and the panels in it, called with the view; only the open one runs.
TABS = {
    "Policies": (policy_table.show_policy_table,),
    "Frontier": (frontier.show_frontier,),
    "Classes": (threshold_editor.show_threshold_editor,),
    "What changes": (reviewer_day.show_reviewer_day,),
    "Worklist": (worklist.show_worklist,),
    "Confusion": (class_confusion.show_confusion,),
    "Calibration": (calibration.show_calibration, prevalence.show_prevalence),
    "Files": (threshold_files.show_threshold_files,),
}


@st.fragment
@in_turn
def follow_thresholds(view: View, slots: dict) -> None:
    """Everything that depends on the thresholds."""
    address_bar.write_address()
    current = Judged.at(view.ranked, view.thresholds, rowwise=False)
    figures = headline.headlines(view, current, rowwise=False)[headline.CURRENT]
    slots["sentence"].markdown(headline.sentence(view, figures))
    with slots["panel"]:
        show_undo()
    frame.show_thresholds(view, slots["header"])
    for tab, panels in zip(st.tabs(list(TABS), key="thresholds_tab", bind="query-params"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                for show in panels:
                    show(view)


def show_undo() -> None:
    st.button(
        "Undo",
        key="undo",
        icon=":material/undo:",
        on_click=state.undo,
        disabled=not state.n_steps_back(),
        help="Back to the thresholds before the last change",
    )


view, header = frame.open_page()
with st.container(horizontal=True, vertical_alignment="center"):
    slots = {"header": header, "sentence": st.container(key="sentence", width="stretch")}
    slots["panel"] = st.container(width="content")
follow_thresholds(view, slots)
