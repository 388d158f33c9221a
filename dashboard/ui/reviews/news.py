"""What others do to a review while somebody looks at it: a line that says so, without a click and without a jump."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import Review, ReviewError
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.words import event_line
from dashboard.ui.state import OpenedReview
from dashboard.ui.wording import count

EVERY_S = 5


def show_news(review: Review, opened: OpenedReview) -> None:
    """Asks again and again by itself; the page stays as it is until somebody wants to see what is new."""
    _watch(opened.link, review.history[-1].number if review.history else 0)


@st.fragment(run_every=EVERY_S)
def _watch(link: str, seen: int) -> None:
    try:
        news = review_store().news(link, seen, who())
    except ReviewError as error:  # deleted, or its links renewed, a moment ago
        st.warning(for_markdown(str(error)), icon=":material/link_off:")
        return
    if not news:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="news"):
        before = f" ({count(len(news) - 1, 'thing')} before it)" if len(news) > 1 else ""
        st.info(f"New: {event_line(news[-1])}{before}", icon=":material/notifications:", width="stretch")
        if st.button("Show it", key="show_news"):
            st.rerun()
