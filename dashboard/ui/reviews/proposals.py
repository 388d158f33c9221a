"""Proposals: thresholds that somebody would have instead, beside those of the review; commented on, accepted or not."""

import numpy as np
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.escape import for_markdown
from dashboard.reviews import Proposal, Review
from dashboard.reviews.review import ACCEPTED, PROPOSED
from dashboard.ui import state
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.panels.threshold_exports import export_of
from dashboard.ui.reviews.acting import act
from dashboard.ui.reviews.changes import show_change
from dashboard.ui.reviews.judging import judging_control
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.opening import fitting, put_in_force
from dashboard.ui.reviews.words import by, moment
from dashboard.ui.view import View
from dashboard.ui.wording import count


def show_proposals(view: View, review: Review, opened: OpenedReview) -> None:
    """The visitor's own thresholds where they differ, then every proposal, the newest first."""
    current = fitting(view, review.thresholds)
    open_ones = [each for each in review.proposals if each.state == PROPOSED]
    differs = current is not None and _n_differing(view, current) > 0
    judging = judging_control(view) if differs or open_ones else None
    _show_own(view, review, opened, current, judging)
    for proposal in reversed(open_ones):
        _show(view, review, opened, proposal, (current, judging))
    others = [each for each in review.proposals if each.state != PROPOSED]
    if others:
        with st.expander(f"{count(len(others), 'proposal')} accepted or withdrawn", key="old_proposals"):
            for proposal in reversed(others):
                st.markdown(f"**{proposal.state}** · {_head(proposal)}")
                _show_comments(proposal)
    if review.may_edit and review.decision.state == ACCEPTED:
        _show_reopening(review, opened)


def _show_reopening(review: Review, opened: OpenedReview) -> None:
    """What was accepted stays in force, and in the history; it is not what goes out by default any more."""
    with st.popover("Open the question again", icon=":material/lock_open:", type="tertiary"):
        st.text_input("Why", key="reopen_why", max_chars=2000, placeholder="new data since")
        st.button("Open it again", key="reopen", on_click=act, args=(_reopen, opened, review.version))
        st.caption("The thresholds stay in force until others are accepted.")


def _reopen(opened: OpenedReview, version: int) -> None:
    why = (state.widget_value("reopen_why") or "").strip()
    review_store().reopen(opened.link, version, why=why, who=who())
    state.preset_widget("reopen_why", "")


def _n_differing(view: View, current: ThresholdSet) -> int:
    """Classes with another threshold on these pages than in the review."""
    return int(np.sum(view.thresholds.score_thresholds != current.score_thresholds))


def _show_own(view: View, review: Review, opened: OpenedReview, current: ThresholdSet | None, judging) -> None:
    """What the visitor has moved since the review was opened: to propose, or to take back."""
    if current is None:
        st.caption("The review's thresholds are for another run: choose that run in the header to compare with them.")
        return
    n_differing = _n_differing(view, current)
    if not n_differing:
        propose = " Move some on any page, come back, and propose them here." if review.may_edit else ""
        st.caption(f"The thresholds in force on these pages are those of the review.{propose}")
        return
    differ = f"**Your thresholds differ from the review's in {count(n_differing, 'class', 'classes')}.**"
    if _is_proposed(view, review):
        st.markdown(f"{differ} They are proposed below.")
        st.button("Back to the review's", key="back_to_review", on_click=_take_back, args=(view, review))
        return
    until = "until you propose them" if review.may_edit else "and who can only look cannot propose them"
    st.markdown(f"{differ} Nobody else sees them {until}.")
    show_change(judging, current, view.thresholds, "own_change")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if review.may_edit:
            st.text_input("Why", key="propose_why", max_chars=2000, placeholder="fewer false alarms for nine")
            st.button("Propose them", type="primary", key="propose", on_click=act, args=(_propose, view, opened))
        st.button("Back to the review's", key="back_to_review", on_click=_take_back, args=(view, review))


def _is_proposed(view: View, review: Review) -> bool:
    """Whether somebody has proposed the very thresholds that are in force on these pages."""
    open_ones = (fitting(view, each.thresholds) for each in review.proposals if each.state == PROPOSED)
    ours = view.thresholds.score_thresholds
    return any(each is not None and np.array_equal(each.score_thresholds, ours) for each in open_ones)


def _propose(view: View, opened: OpenedReview) -> None:
    why = state.widget_value("propose_why") or ""
    review_store().propose(opened.link, export_of(view).json(), why, who())
    state.preset_widget("propose_why", "")


def _take_back(view: View, review: Review) -> None:
    put_in_force(view, review.thresholds, "as in the review")


def _show(view: View, review: Review, opened: OpenedReview, proposal: Proposal, compared: tuple) -> None:
    """compared: the review's thresholds, None where they are for another run, and what both are judged on."""
    current, judging = compared
    with st.container(border=True, key=f"proposal_{proposal.id}"):
        st.markdown(_head(proposal))
        proposed = fitting(view, proposal.thresholds)
        if proposed is None:
            st.caption("For another run or other data: choose that run in the header to see what it changes.")
        elif current is not None:
            show_change(judging, current, proposed, f"change_{proposal.id}")
        _show_comments(proposal)
        _show_buttons(view, review, opened, proposal, fits=proposed is not None)


def _head(proposal: Proposal) -> str:
    why = f" — {for_markdown(proposal.why)}" if proposal.why else ""
    return f"Proposed{by(proposal.who)} on {moment(proposal.when)}{why}"


def _show_comments(proposal: Proposal) -> None:
    for comment in proposal.comments:
        st.caption(f"{moment(comment.when)}{by(comment.who)}: {for_markdown(comment.text)}")


def _show_buttons(view: View, review: Review, opened: OpenedReview, proposal: Proposal, *, fits: bool) -> None:
    id = proposal.id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button(
            "Try on these pages",
            key=f"try_{id}",
            disabled=not fits,
            on_click=put_in_force,
            args=(view, proposal.thresholds, f"proposed{by(proposal.who)}"),
        )
        if not review.may_edit:
            return
        st.text_input("Comment, or reason for accepting", key=f"comment_{id}", max_chars=2000)
        st.button("Comment", key=f"say_{id}", on_click=act, args=(_comment, opened, id))
        accept = (_accept, opened, id, review.version)
        st.button("Accept", key=f"accept_{id}", type="primary", icon=":material/check:", on_click=act, args=accept)
        st.button("Withdraw", key=f"withdraw_{id}", type="tertiary", on_click=act, args=(_withdraw, opened, id))


def _comment(opened: OpenedReview, id: str) -> None:
    text = (state.widget_value(f"comment_{id}") or "").strip()
    if text:
        review_store().comment(opened.link, id, text, who())
        state.preset_widget(f"comment_{id}", "")


def _accept(opened: OpenedReview, id: str, version: int) -> None:
    why = (state.widget_value(f"comment_{id}") or "").strip()
    review_store().accept(opened.link, id, version, why=why, who=who())
    state.remember("review_accepted", id)


def _withdraw(opened: OpenedReview, id: str) -> None:
    review_store().withdraw(opened.link, id, who())


def follow_acceptance(view: View, review: Review) -> None:
    """After accepting: the accepted thresholds are in force on the pages of whoever accepted them."""
    if state.recalled("review_accepted") and review.decision.state == ACCEPTED:
        state.forget("review_accepted")
        put_in_force(view, review.thresholds, f"accepted{by(review.decision.who)} on {moment(review.decision.when)}")
