"""The reviews that this visitor can open again: those they own and those whose links this browser has had."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import ReviewError, ReviewSummary
from dashboard.ui import state
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.opening import begin_anew
from dashboard.ui.reviews.words import STATES, moment
from dashboard.ui.wording import count

SHOWN = 20


def show_own(links: tuple[str, ...]) -> None:
    """A search field and a line per review with a button that opens it. links: those that this browser has had."""
    if not links and who().email is None and not state.widget_value("review_search"):
        st.caption("Reviews that you save or open in this browser are listed here.")
        return
    search = st.text_input("Search titles, classes, runs and data", key="review_search", icon=":material/search:")
    try:
        found = review_store().list_own(who(), links, search)
    except ReviewError as error:  # the store is away; the rest of the page stands
        st.error(for_markdown(str(error)), icon=":material/error:")
        return
    for summary in found[:SHOWN]:
        _show(summary)
    if len(found) > SHOWN:
        st.caption(f"{len(found) - SHOWN} more: search for them.")
    if not found:
        gone = "None of the reviews you had is there any more." if links else "Your reviews will be listed here."
        st.caption("None has all of these words." if search else gone)


def _show(summary: ReviewSummary) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True, key=f"own_{summary.id}"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{for_markdown(summary.title)}** · {STATES.get(summary.state, summary.state)}")
            st.caption(
                f"{for_markdown(summary.data_name)} · {count(summary.n_samples, 'sample')} · "
                f"{count(summary.n_classes, 'class', 'classes')} · {count(len(summary.run_names), 'run')} · "
                f"changed {moment(summary.changed)}{'' if summary.may_edit else ' · to look'}"
            )
        if st.button("Open", key=f"open_{summary.id}"):
            _open(summary)


def _open(summary: ReviewSummary) -> None:
    """As its link does, in a session begun anew."""
    try:
        link = summary.link or review_store().links_of_own(summary.id, who()).edit
    except ReviewError as error:  # deleted a moment ago, or the store is away
        st.error(for_markdown(str(error)), icon=":material/error:")
        return
    begin_anew(review=link)
