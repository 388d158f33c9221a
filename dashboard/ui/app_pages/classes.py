"""Classes: what does one class trade?"""

import streamlit as st

from dashboard.ui import frame, state
from dashboard.ui.controls import axis_control
from dashboard.ui.panels import class_charts, class_choice, class_table, class_takeaway, class_thresholds
from dashboard.ui.panels.class_choice import Choice
from dashboard.ui.turns import in_turn
from dashboard.ui.view import View


@st.fragment
@in_turn
def follow_thresholds(view: View, choice: Choice, axis: str, slots: dict) -> None:
    """Everything that depends on a threshold: a slider moves only this, never a chart."""
    if class_choice.drawn_classes(view) != choice.drawn:
        st.rerun()
    state.write_address()
    counts = view.counts
    frame.show_thresholds(view, slots["header"])
    if choice.focus is not None:
        with slots["focus"]:
            class_thresholds.show_class_threshold(view, choice.focus, counts, axis)
        class_charts.mark_threshold(view, choice.focus, axis)
    class_charts.mark_operating_points(view, choice, counts)
    if choice.focus is not None:
        class_thresholds.show_decisions(view, choice.focus, counts)
    class_table.show_classes(view, choice.drawn, counts)


view, header = frame.open_page()
slots = {"header": header}
with st.container(key="sentence"):
    st.markdown(class_takeaway.sentence(view))
charts, panel = st.columns([3, 2], gap="large")
with charts:
    curve, drawn = class_choice.curve_control(), class_choice.drawn_control(view)
with panel:
    with st.container(horizontal=True):
        choice, axis = Choice(drawn, class_choice.focus_control(view, drawn), curve), axis_control()
    slots["focus"] = st.container()
    if choice.focus is not None:
        class_charts.show_histogram(view, choice.focus, axis)
with charts:
    class_charts.show_curves(view, choice)
follow_thresholds(view, choice, axis, slots)
