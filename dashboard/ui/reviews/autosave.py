"""Unsaved work of a browser session, kept a moment after it stopped changing; offered when the browser comes back.

Nothing waits for it: what is to be kept is handed to a thread that does nothing else.
"""

import logging
import threading
import time
from collections.abc import Mapping
from functools import cache

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import Review, ReviewData, ReviewError
from dashboard.ui import cache as shared
from dashboard.ui import state
from dashboard.ui.array_bytes import buffers_of
from dashboard.ui.panels.threshold_exports import export_of
from dashboard.ui.reviews.kept import browser_id, review_store
from dashboard.ui.reviews.opening import begin_anew
from dashboard.ui.reviews.saving import settings_of
from dashboard.ui.state import ADDRESS_DIGITS
from dashboard.ui.view import View

SETTLED_S = 2.0  # a slider in motion is not worth keeping
OFFERED = "draft_offered"
MOST_BYTES = 200_000_000  # of arrays: larger data is kept when somebody saves it

log = logging.getLogger(__name__)


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
            if self._thread is None:
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
                    log.warning("a draft was not kept: %s", type(error).__name__)

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
    """What a visitor would lose with the tab: data of their own, or thresholds that they moved, outside a review.

    Not while earlier work is offered, which would be lost then.
    """
    if state.opened_review() is not None or state.recalled(OFFERED) or not _is_work(view):
        return
    about = (view.whole.digest, state.chosen(), state.run_name(), state.group())
    if state.recalled("drafted") == about or sum(buffers_of(view.whole).values()) > MOST_BYTES:
        return
    session_id = browser_id()
    if session_id is not None:
        state.remember("drafted", about)
        title = f"Unsaved work on {view.whole.name}"
        draft = Review(title, ReviewData.of(view.whole), None, export_of(view).json(), settings=settings_of())
        keeper().put(session_id, draft)


def offer_if_bare(address: Mapping[str, str]) -> None:
    """At a visitor's first run: an address that names something is what they came for."""
    if not {"data", "review", "draft"} & address.keys():
        state.remember(OFFERED, True)


def _is_work(view: View) -> bool:
    is_sample = any(view.whole.digest == shared.sample(part).digest for part in shared.SAMPLE_PARTS)
    return not is_sample or state.n_steps_back() > 0


def offer_draft() -> None:
    """At a visit that began at the bare address: unsaved work of this browser can be gone on with."""
    session_id = browser_id() if state.recalled(OFFERED) else None
    draft = None if session_id is None else review_store().draft(session_id, arrays=False)
    if draft is None:
        state.forget(OFFERED)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="draft_offer"):
        st.info(f"{for_markdown(draft.title)} was not saved as a review.", icon=":material/history:", width="stretch")
        if st.button("Go on with it", key="draft_go_on"):
            begin_anew(draft=draft.data_digest[:ADDRESS_DIGITS])
        st.button("Forget it", key="draft_forget", on_click=_forget, args=(session_id,), type="tertiary")


def _forget(session_id: str) -> None:
    state.forget(OFFERED)
    review_store().drop_draft(session_id)
