"""Unsaved work of a browser session, kept a moment after it stopped changing; offered when the browser comes back.

Nothing waits for it: what is to be kept is handed to a thread that does nothing else.
"""

import threading
import time
from collections.abc import Mapping
from functools import cache

import numpy as np
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.logs import log
from dashboard.reviews import Review, ReviewData, ReviewError
from dashboard.ui import cache as shared
from dashboard.ui import state
from dashboard.ui.array_bytes import buffers_of
from dashboard.ui.opened_review import OpenedReview
from dashboard.ui.panels.threshold_exports import export_of
from dashboard.ui.reviews.acting import act
from dashboard.ui.reviews.kept import browser_id, review_store
from dashboard.ui.reviews.opening import begin_anew, fitting, put_in_force
from dashboard.ui.reviews.saving import settings_of
from dashboard.ui.state import ADDRESS_DIGITS
from dashboard.ui.view import View, current_view

SETTLED_S = 2.0  # a slider in motion is not worth keeping
OFFERED = "draft_offered"  # the link of the review, "" outside of any
MOST_BYTES = 200_000_000  # of arrays: larger data is kept when somebody saves it


class Keeper:
    """Keeps the last draft of each browser session; may be used from any thread."""

    def __init__(self, store, settled_s: float = SETTLED_S):
        self._store, self._settled_s = store, settled_s
        self._waiting: dict[str, tuple[float, Review]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, session_id: str, draft: Review) -> None:
        with self._lock:
            self._waiting[session_id] = (time.monotonic() + self._settled_s, draft)
            if self._thread is None or not self._thread.is_alive():  # one that a fault ended is replaced
                self._thread = threading.Thread(target=self._keep_all, name="drafts", daemon=True)
                self._thread.start()

    def _keep_all(self) -> None:
        """Until nothing waits any more."""
        while (due := self._next()) is not None:
            time.sleep(max(0.0, due - time.monotonic()))
            for session_id, draft in self._take_due():
                try:
                    self._store().keep_draft(session_id, draft)
                except ReviewError as error:  # no room, or the store is away: the visitor's session goes on
                    log("draft_not_kept", "warning", error=type(error).__name__)

    def _next(self) -> float | None:
        with self._lock:
            if not self._waiting:
                self._thread = None
                return None
            return min(due for due, _ in self._waiting.values())

    def _take_due(self) -> list[tuple[str, Review]]:
        with self._lock:
            now = time.monotonic()
            ready = {id: draft for id, (due, draft) in self._waiting.items() if due <= now}
            for id in ready:
                del self._waiting[id]
            return list(ready.items())


@cache
def keeper() -> Keeper:
    """The one of this process."""
    return Keeper(review_store)


def keep_draft(view: View) -> None:
    """What a visitor would lose with the tab: data of their own, or thresholds that they moved.

    Not while earlier work is offered, which would be lost then.
    """
    opened = state.opened_review()
    if state.recalled(OFFERED) is not None or not _is_work(view, opened):
        return
    link = opened.view_link if opened else ""
    about = (view.whole.digest, state.chosen(), state.run_name(), state.group(), link)
    if state.recalled("drafted") == about or sum(buffers_of(view.whole).values()) > MOST_BYTES:
        return
    session_id = browser_id(link)
    if session_id is not None:
        state.remember("drafted", about)
        title = f"Unsaved work on {view.whole.name}"
        draft = Review(title, ReviewData.of(view.whole), None, export_of(view).json(), settings=settings_of())
        keeper().put(session_id, draft)


def _is_work(view: View, opened: OpenedReview | None) -> bool:
    if opened is not None:  # its data is kept, and a frozen view is only looked at
        return state.n_steps_back() > 0 and not opened.snapshot
    is_sample = any(view.whole.digest == shared.sample(part).digest for part in shared.SAMPLE_PARTS)
    return not is_sample or state.n_steps_back() > 0


def offer_at(address: Mapping[str, str]) -> None:
    """At a visitor's first run: an address that names data, a frozen view or a draft is what they came for."""
    if not {"data", "snapshot", "draft"} & address.keys() or (address.get("review") and not address.get("snapshot")):
        opened = state.opened_review()
        state.remember(OFFERED, opened.view_link if opened else "")


def offer_draft() -> None:
    """At a visit that began at the bare address, or in a review: unsaved work of this browser can be gone on with."""
    link = state.recalled(OFFERED)
    session_id = None if link is None else browser_id(link)
    draft = None if session_id is None else _kept_draft(session_id)
    view = current_view()
    if draft is None or (link and not _differs(view, draft)):
        state.forget(OFFERED)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="draft_offer"):
        if link:
            st.info("You moved thresholds in this review before.", icon=":material/history:", width="stretch")
            st.button("Go on with them", key="draft_go_on", on_click=_go_on, args=(view, draft))
        else:
            said = f"{for_markdown(draft.title)} was not saved as a review."
            st.info(said, icon=":material/history:", width="stretch")
            if st.button("Go on with it", key="draft_go_on"):
                begin_anew(draft=draft.data_digest[:ADDRESS_DIGITS])
        st.button("Forget", key="draft_forget", on_click=_forget, args=(session_id,), type="tertiary")


def _differs(view: View | None, draft: Review) -> bool:
    """Whether its thresholds are for the scores in view and others than those in force."""
    found = None if view is None else fitting(view, draft.thresholds)
    if found is None:
        return False
    return not np.array_equal(found.score_thresholds, view.thresholds.score_thresholds)


def _go_on(view: View, draft: Review) -> None:
    state.forget(OFFERED)
    put_in_force(view, draft.thresholds, "as you left them")


def _kept_draft(session_id: str) -> Review | None:
    try:
        return review_store().draft(session_id, arrays=False)
    except ReviewError:  # the store is away: the visit goes on without
        return None


def _forget(session_id: str) -> None:
    state.forget(OFFERED)
    act(review_store().drop_draft, session_id)
