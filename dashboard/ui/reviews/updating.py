"""Saving a review again: its title, the view to open with, and who may open it."""

from dataclasses import replace

import streamlit as st

from dashboard.reviews import Review
from dashboard.ui import state
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.reviews.acting import act
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.saving import chosen_limits, limits_control, settings_of
from dashboard.ui.view import View


def show_update(view: View, review: Review, opened: OpenedReview) -> None:
    """Thresholds are not saved here: they change by a proposal that is accepted."""
    with st.popover("Title and view", icon=":material/edit:"):
        st.text_input("Title", review.title, key=_title_key(review), max_chars=300)
        st.checkbox("Open with the page and choices that I came from", key="update_settings")
        limits_control(review.limited_to)
        st.button("Save", key="update_review", on_click=act, args=(_update, review, opened))
        st.caption("Thresholds change by a proposal that is accepted, so that everybody can follow why.")


def _title_key(review: Review) -> str:
    """Another field once somebody saved, so that nobody takes their title back without seeing it."""
    return f"update_title_{review.version}"


def _update(review: Review, opened: OpenedReview) -> None:
    title = state.widget_value(_title_key(review)) or review.title
    settings = settings_of() if state.widget_value("update_settings") else review.settings
    changed = replace(review, title=title, settings=settings, limited_to=chosen_limits(review.limited_to))
    review_store().update(opened.link, changed, who())
    state.open_review(replace(opened, title=title))
