"""A review of one's own made from what is in view of another, which stays as it is: for whoever has a link to it."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import Review
from dashboard.reviews.meeting import MOST_OF_A_TITLE
from dashboard.ui import state
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.panels.threshold_exports import export_of
from dashboard.ui.reviews.acting import act
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.saving import chosen_limits, know_link, limits_control, settings_of, show_your_name
from dashboard.ui.view import View
from dashboard.ui.wording import count

COPIED = "copied_from"


def show_copy(view: View, review: Review, opened: OpenedReview) -> None:
    """Nothing that others wrote goes along unless somebody wants it."""
    with st.popover("Save a copy", icon=":material/content_copy:"):
        st.text_input("Title", _first_title(review), key=_title_key(review), max_chars=MOST_OF_A_TITLE)
        if review.notes:
            notes = count(len(review.notes), "note")
            st.checkbox(f"With its {notes}, under their writers' names", key="copy_notes")
        limits_control(review.limited_to, key="copy")
        if not review.may_edit:  # who may has the field on the page
            show_your_name()
        copy = (_copy, view, review, opened)
        st.button("Save and make links", key="save_copy", type="primary", on_click=act, args=copy)
        st.caption(
            "A review of your own: this data, the thresholds in force on these pages, links that only you have. "
            "Proposals and decisions stay with the original; the history of the copy names it."
        )


def _first_title(review: Review) -> str:
    return f"Copy of {review.title}"[:MOST_OF_A_TITLE]


def _title_key(review: Review) -> str:
    return f"copy_title_{review.id}_{review.version}"


def _copy(view: View, review: Review, opened: OpenedReview) -> None:
    title = (state.widget_value(_title_key(review)) or "").strip() or _first_title(review)
    words = Review(
        title,
        thresholds=export_of(view).json(),
        notes=review.notes if state.widget_value("copy_notes") else (),
        settings=settings_of(),
        limited_to=chosen_limits(review.limited_to, key="copy"),
    )
    links = review_store().copy(opened.link, words, who(), snapshot_id=opened.snapshot)
    state.open_review(OpenedReview(links.edit, title, True, opened.data))
    know_link(links.edit)
    state.remember(COPIED, review.title)


def show_copied() -> None:
    """What has just happened, once."""
    title = state.recalled(COPIED)
    if title:
        state.forget(COPIED)
        # A toast outlasts the run that follows at once, when the browser has noted the new link.
        st.toast(
            f"This is your copy of “{for_markdown(title)}”, with links of its own. The original is as it was; "
            "it stands in your list below.",
            icon=":material/content_copy:",
            duration="long",
        )
