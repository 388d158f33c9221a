"""What happened to a review, line by line, and the views that were frozen."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import Review
from dashboard.ui import presentation, state
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.panels.threshold_exports import export_of
from dashboard.ui.reviews.acting import act
from dashboard.ui.reviews.head import address_of
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.saving import settings_of
from dashboard.ui.reviews.words import by, event_line, moment
from dashboard.ui.view import View


def show_history(view: View, review: Review, opened: OpenedReview) -> None:
    """Frozen views with their links, then every event, the newest first."""
    if review.may_edit:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Freeze this view as", key="freeze_title", max_chars=120, placeholder="before the retraining")
            st.button("Freeze", key="freeze", icon=":material/ac_unit:", on_click=act, args=(_freeze, view, opened))
    accepted = {each.snapshot for each in review.decisions}
    for snapshot in reversed(review.snapshots):
        title = "as accepted" if snapshot.id in accepted else for_markdown(snapshot.title)
        title = f"**{title}** · " if title else ""
        st.caption(f"{title}frozen on {moment(snapshot.when)}{by(snapshot.who)}")
        if not presentation.is_presenting():  # a room sees the screen, and a link is a key
            st.code(address_of(opened.view_link, snapshot.id), language=None, wrap_lines=True)
    for event in reversed(review.history):
        st.markdown(f"- {event_line(event)}")


def _freeze(view: View, opened: OpenedReview) -> None:
    title = (state.widget_value("freeze_title") or "").strip()
    review_store().freeze(opened.link, export_of(view).json(), settings_of(), title=title, who=who())
    state.preset_widget("freeze_title", "")
