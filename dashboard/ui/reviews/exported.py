"""Which thresholds go out as files: those that a review has accepted, unless somebody wants those in force here."""

import streamlit as st

from dashboard.escape import from_markdown
from dashboard.reviews import ReviewError
from dashboard.reviews.review import ACCEPTED
from dashboard.ui import state
from dashboard.ui.controls import choice_control
from dashboard.ui.panels.threshold_exports import Export, export_of, show_threshold_exports
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.opening import fitting
from dashboard.ui.reviews.words import decision_words
from dashboard.ui.view import View

AGREED, IN_FORCE = "accepted", "in_force"


def show_exports(view: View) -> None:
    st.subheader("Thresholds out", anchor=False)
    show_threshold_exports(view, chosen_export(view, "export_which"))


def chosen_export(view: View, key: str) -> Export:
    """Those accepted until somebody chooses the others; without a choice where nothing was accepted."""
    accepted = accepted_export(view)
    if accepted is None:
        return export_of(view)
    titles = {AGREED: "accepted in the review", IN_FORCE: "in force on these pages"}
    return accepted if choice_control("Which thresholds", titles, key=key) == AGREED else export_of(view)


def accepted_export(view: View) -> Export | None:
    """Those of the open review's last decision, where they are for the scores in view."""
    opened = state.opened_review()
    if opened is None:
        return None
    try:
        decision = review_store().load(opened.link, who(), arrays=False).decision
    except ReviewError:  # deleted since; the Reviews page says so
        return None
    found = fitting(view, decision.thresholds) if decision.state == ACCEPTED else None
    if found is None:
        return None
    return Export(view, found, from_markdown(decision_words(decision)).rstrip("."), None, view.unit_column)
