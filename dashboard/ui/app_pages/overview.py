"""Overview: how good is it at this threshold, and where would it be best?"""

import streamlit as st

from dashboard.core.headline import Judged
from dashboard.ui import address_bar, frame, state
from dashboard.ui.controls import axis_control, metric_control, threshold_control
from dashboard.ui.panels import by_group, headline, metric_chart, optima, ranking, report
from dashboard.ui.turns import in_turn
from dashboard.ui.view import View

TABS = ("All samples in view", "By group")


@st.fragment
@in_turn
def follow_threshold(view: View, metric: str, axis: str, slots: dict, *, rowwise: bool) -> None:
    """Everything that depends on the threshold: a slider moves only this, never the chart."""
    address_bar.write_address()
    current = Judged.at(view.ranked, view.thresholds, rowwise=rowwise)
    figures = headline.headlines(view, current, rowwise=rowwise)
    metric_chart.show_line(view, metric, axis, figures[headline.CURRENT], rowwise=rowwise)
    with slots["panel"]:
        threshold_control(view, axis)
        headline.show_cards(figures)
        optima.show_best_marks(view, metric, rowwise=rowwise)
        if view.has_set:
            st.caption("A set of thresholds is applied. Moving the line sets it aside: one threshold for all classes.")
        elif state.own_thresholds():
            st.caption(
                "The chart moves all classes together; classes with their own threshold make the figures differ."
            )
    optima.recognise(view, metric, rowwise=rowwise)
    frame.show_thresholds(view, slots["header"])
    slots["sentence"].markdown(headline.sentence(view, figures[headline.CURRENT]))
    all_samples, groups = st.tabs(TABS, key="tab", bind="query-params")
    if all_samples.open:
        with all_samples:
            show_tables(view, current, figures, rowwise=rowwise)
    if groups.open:
        with groups:
            by_group.show_by_group(view)


def show_tables(view: View, current: Judged, figures: dict, *, rowwise: bool) -> None:
    """All samples in view together, over all classes and per class."""
    st.subheader("At this threshold, beside 0.5 and the trivial decisions", anchor=False)
    headline.show_headline_table(figures)
    headline.show_notes(view)
    st.subheader("Per class", anchor=False)
    report.show_report(view, current, rowwise=rowwise)


view, header = frame.open_page()
slots = {"header": header, "sentence": st.container(key="sentence")}
chart, slots["panel"] = st.columns([3, 2], gap="large")
with chart:
    with st.container(horizontal=True):
        metric, axis = metric_control(), axis_control()
        rowwise = headline.rowwise_wanted(view)
    metric_chart.show_metric_chart(view, metric, axis, rowwise=rowwise)
follow_threshold(view, metric, axis, slots, rowwise=rowwise)
ranking.show_ranking(view)
