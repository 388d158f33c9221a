"""Classes: what does one class trade?"""

import streamlit as st

from dashboard.ui import address_bar, frame
from dashboard.ui.controls import axis_control
from dashboard.ui.panels import class_charts, class_choice, class_table, class_takeaway, class_thresholds, samples
from dashboard.ui.panels.class_choice import Choice
from dashboard.ui.turns import in_turn
from dashboard.ui.view import View


@st.fragment
@in_turn
def follow_thresholds(view: View, choice: Choice, axis: str, slots: dict) -> None:
    """Everything that depends on a threshold: moving one runs only this and never draws a chart."""
    if class_choice.drawn_classes(view, choice.curve) != choice.drawn:
        st.rerun()
    address_bar.write_address()
    counts = view.counts
    class_charts.mark_classes(view, choice, axis, counts)
    frame.show_thresholds(view, slots["header"])
    if choice.focus is not None:
        with slots["focus"]:
            class_thresholds.show_class_threshold(view, choice.focus, counts, axis)
        class_charts.mark_threshold(view, choice.focus, axis, counts)
        class_thresholds.show_decisions(view, choice.focus, counts)
        samples.show_samples(view, choice.focus, counts)
    class_table.show_classes(view, choice, counts)


def lay_out(curve: str) -> tuple:
    """Places for the chart of the drawn classes, for the class in focus and for its scores."""
    if curve != class_choice.MULTIPLES:
        charts, panel = st.columns([3, 2], gap="large")
        return charts, panel, panel
    charts = st.container()
    return charts, *st.columns(2, gap="large")


view, header = frame.open_page()
slots = {"header": header}
with st.container(key="sentence"):
    st.markdown(class_takeaway.sentence(view))
with st.container(horizontal=True, vertical_alignment="bottom"):
    curve, axis = class_choice.curve_control(), axis_control()
drawn = class_choice.drawn_control(view, curve)
charts, panel, scores = lay_out(curve)
with panel:
    choice = Choice(drawn, class_choice.focus_control(view, drawn), curve)
    slots["focus"] = st.container()
with scores:
    if choice.focus is not None:
        class_charts.show_histogram(view, choice.focus, axis)
with charts:
    class_charts.show_chart_of_classes(view, choice, axis)
follow_thresholds(view, choice, axis, slots)
