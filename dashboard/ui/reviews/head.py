"""The open review in a few lines: what it is called, what is decided, who can open it, and its links."""

from dataclasses import replace
from urllib.parse import urlsplit

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import Review
from dashboard.reviews.links import SIGNED_IN
from dashboard.ui import presentation, state
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.reviews.acting import act
from dashboard.ui.reviews.kept import can_sign_in, review_store, who
from dashboard.ui.reviews.words import by, decision_words, moment


def show_head(review: Review, opened: OpenedReview) -> None:
    """Title and decision; the links of whoever may edit."""
    st.subheader(for_markdown(review.title), anchor=False)
    role = "you may change it" if review.may_edit else "you can look, and change nothing in it"
    st.markdown(f"**{decision_words(review.decision)}** {_why(review)}")
    st.caption(
        f"Saved {moment(review.created)}, last changed {moment(review.changed)} · {role} · {_who_can_open(review)}"
    )
    if opened.snapshot:
        frozen = next((each for each in review.snapshots if each.id == opened.snapshot), None)
        when = f" of {moment(frozen.when)}{by(frozen.who)}" if frozen else ""
        st.info(f"You look at the frozen view{when}; the review may have moved on.", icon=":material/ac_unit:")
    if not presentation.is_presenting():  # a room sees the screen, and a link is a key
        show_links(review, opened)


def _why(review: Review) -> str:
    why = review.decision.why
    return f"“{for_markdown(why)}”" if why else ""


def _who_can_open(review: Review) -> str:
    if review.limited_to is None:
        return "whoever has a link can open it"
    if review.limited_to == SIGNED_IN:
        return "signed-in people who have a link can open it"
    allowed = (review.limited_to,) if isinstance(review.limited_to, str) else review.limited_to
    return f"{for_markdown(', '.join(allowed))} can open it with a link"


_ABOUT_ADDRESS = (
    "The address bar of your browser never keeps this link, only the one to look: copy the address without worry. This "
    "browser remembers the link; keep it somewhere, to change the review from another."
)


def show_links(review: Review, opened: OpenedReview) -> None:
    """The addresses to copy. Who has the view link sees that one only: the edit link cannot be found from it."""
    left, right = st.columns(2)
    with left:
        st.caption("**To look** (for the meeting's invitation)")
        st.code(address_of(opened.view_link), language=None, wrap_lines=True)
    if review.may_edit:
        with right:
            st.caption("**To change** (whoever has it can change everything)", help=_ABOUT_ADDRESS)
            st.code(address_of(opened.link), language=None, wrap_lines=True)
    if not can_sign_in():
        st.caption("This server asks nobody to sign in: a link is all that is needed, so send it like a password.")


def address_of(link: str, snapshot: str | None = None) -> str:
    """The address of the app with this link and nothing else."""
    parts = urlsplit(st.context.url or "")
    # The pages lie one step below the app, whatever its base path.
    base = parts.path.rsplit("/", 1)[0] if parts.path.rstrip("/").endswith("/reviews") else parts.path.rstrip("/")
    frozen = f"&snapshot={snapshot}" if snapshot else ""
    return f"{parts.scheme}://{parts.netloc}{base}/?review={link}{frozen}"


def show_link_settings(review: Review, opened: OpenedReview) -> None:
    """New links, another title, deleting."""
    with st.popover("Links and deleting", icon=":material/key:"):
        st.caption("New links make all those there were open nothing any more.")
        st.button("Make new links", key="renew_links", on_click=act, args=(_renew, opened))
        sure = st.checkbox("Delete this review with its notes and history", key="delete_sure")
        st.button("Delete", key="delete_review", disabled=not sure, on_click=act, args=(_delete, opened))


def _renew(opened: OpenedReview) -> None:
    links = review_store().renew_links(opened.link, who())
    state.open_review(replace(opened, link=links.edit))


def _delete(opened: OpenedReview) -> None:
    review_store().delete(opened.link, who())
    state.open_review(None)
    st.toast(f"The review “{for_markdown(opened.title)}” was deleted.", icon=":material/delete:", duration="long")
