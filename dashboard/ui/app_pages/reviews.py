"""Reviews: save what is in view, share it, argue over it, decide, and find it again."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import ReviewError
from dashboard.ui import frame, presentation, state
from dashboard.ui.reviews.acting import show_fault
from dashboard.ui.reviews.changes import show_since_decision
from dashboard.ui.reviews.copying import show_copied, show_copy
from dashboard.ui.reviews.head import show_head, show_link_settings
from dashboard.ui.reviews.history import show_history
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.known_links import known_links, may_edit_again
from dashboard.ui.reviews.news import show_news
from dashboard.ui.reviews.notes import show_notes
from dashboard.ui.reviews.out import show_out
from dashboard.ui.reviews.own import show_own
from dashboard.ui.reviews.proposals import follow_acceptance, show_proposals
from dashboard.ui.reviews.saving import know_link, show_save_form, show_your_name
from dashboard.ui.reviews.signing_in import show_sign_in, show_signed_in
from dashboard.ui.reviews.updating import show_update
from dashboard.ui.view import View

# Each tab of an open review and its panels, called with the view, the review and its link; only the open one runs.
TABS = {
    "Proposals": (show_proposals,),
    "Since the decision": (show_since_decision,),
    "Notes": (show_notes,),
    "Report": (lambda view, review, opened: show_out(view, review),),
    "History": (show_history,),
}


def show_open_review(view: View, opened) -> None:
    try:
        review = review_store().load(opened.link, who(), arrays=False)
    except ReviewError as error:  # deleted, or its links renewed, since it was opened
        frame.show_thresholds(view, header)
        st.error(for_markdown(str(error)), icon=":material/link_off:")
        st.button("Close it", key="close_lost", on_click=state.open_review, args=(None,))
        return
    follow_acceptance(view, review)
    frame.show_thresholds(view, header)
    show_head(review, opened)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if not presentation.is_presenting():
            if review.may_edit:
                show_your_name()
                show_update(view, review, opened)
                show_link_settings(review, opened)
            show_copy(view, review, opened)
            present = {"on_click": presentation.present, "args": (True,)}
            st.button(
                "Present", key="present", icon=":material/present_to_all:", help="Larger type, fewer buttons", **present
            )
            st.button("Close the review", key="close_review", type="tertiary", on_click=state.open_review, args=(None,))
    show_fault()
    show_copied()
    show_news(review, opened)
    for tab, panels in zip(st.tabs(list(TABS), key="review_tab", bind="query-params"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                for show in panels:
                    show(view, review, opened)


def show_without_review(view: View) -> None:
    frame.show_thresholds(view, header)
    st.subheader("Keep what is in view, and share it", anchor=False)
    st.markdown(
        "A review keeps the data, the thresholds, notes and decisions behind two links: one to look, one to change. "
        "It opens next month as it is now."
    )
    show_fault()
    show_save_form(view)
    with st.expander("Only a report, without keeping anything here", key="report_only", on_change="rerun") as panel:
        if panel.open:
            show_out(view, None)


view, header = frame.open_page()
show_sign_in("sign_in")
if not presentation.is_presenting():
    show_signed_in()
if state.opened_review() is not None:
    know_link(state.opened_review().link)
links = known_links()
may_edit_again(links)
opened = state.opened_review()
if opened is None:
    show_without_review(view)
else:
    show_open_review(view, opened)
if not presentation.is_presenting():  # titles of others are not for the room
    st.subheader("Your reviews", anchor=False)
    show_own(links)
