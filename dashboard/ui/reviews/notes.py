"""Notes of a review, about the whole and about single classes, in Markdown that can do no harm."""

import streamlit as st

from dashboard.escape import for_markdown, for_note
from dashboard.reviews import Note, Review
from dashboard.ui import state
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.reviews.acting import act
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.words import by, moment
from dashboard.ui.view import View

WHOLE = "(the review as a whole)"


def show_notes(view: View, review: Review, opened: OpenedReview) -> None:
    """Those of the whole first, then by class in the order of the classes; below them the form for a new one."""
    places = {name: place for place, name in enumerate(view.predictions.class_names)}
    notes = sorted(review.notes, key=lambda note: places.get(note.class_name, -1))
    for note in notes:
        _show(review, opened, note)
    if not notes:
        st.caption("No notes yet.")
    if review.may_edit:
        with st.form("add_note", border=False, clear_on_submit=True):
            st.selectbox("About", [WHOLE, *view.predictions.class_names], key="note_about", filter_mode="contains")
            st.text_area("Note (Markdown)", key="note_text", height=90, max_chars=20_000)
            st.form_submit_button("Add the note", on_click=act, args=(_add, opened))


def _show(review: Review, opened: OpenedReview, note: Note) -> None:
    with st.container(border=True, key=f"note_{note.id}", gap="xsmall"):
        about = "" if note.class_name is None else f"**{for_markdown(note.class_name)}** · "
        st.caption(f"{about}{moment(note.when)}{by(note.who)}")
        st.markdown(for_note(note.text))
        if review.may_edit:
            with st.popover("Change", type="tertiary", key=f"change_note_{note.id}"):
                st.text_area("Empty takes it away; the history keeps it", note.text, key=f"note_text_{note.id}")
                st.button("Keep", key=f"keep_note_{note.id}", on_click=act, args=(_change, opened, note.id))


def _add(opened: OpenedReview) -> None:
    text, about = state.widget_value("note_text") or "", state.widget_value("note_about")
    if text.strip():
        review_store().add_note(opened.link, text, None if about == WHOLE else about, who())


def _change(opened: OpenedReview, id: str) -> None:
    review_store().change_note(opened.link, id, state.widget_value(f"note_text_{id}") or "", who())
