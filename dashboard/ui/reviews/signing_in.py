"""Signing in, and back to where a visitor was: the provider sends everybody to the first page at its bare address.

Knows nothing of who may do what.
"""

import threading
import time
from collections import OrderedDict
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.ui import state
from dashboard.ui.reviews.kept import browser_id, can_sign_in, is_signed_in, who

SECONDS = 900.0  # that somebody may take at the provider
MOST = 1000  # visitors on their way
_PAGE = "signed_in_page"


class Place(NamedTuple):
    """page: as the address has it in its path, "" for the first one. parameters: the rest of the address."""

    page: str
    parameters: dict[str, str]
    left: float


class Places:
    """Where visitors were when they left to sign in; may be used from any thread."""

    def __init__(self):
        self._lock, self._places = threading.Lock(), OrderedDict()

    def keep(self, browser: str, place: Place) -> None:
        with self._lock:
            self._places[browser] = place
            self._places.move_to_end(browser)
            while len(self._places) > MOST:
                self._places.popitem(last=False)

    def take(self, browser: str, now: float) -> Place | None:
        """Once, and not after SECONDS."""
        with self._lock:
            place = self._places.pop(browser, None)
        return None if place is None or now - place.left > SECONDS else place


@cache
def places() -> Places:
    """Those of this process."""
    return Places()


def sign_in() -> None:
    """Leaves for the provider."""
    browser = browser_id("signing in")
    if browser is not None:
        path = urlsplit(st.context.url or "").path.rstrip("/")
        place = Place(path.rsplit("/", 1)[-1], st.query_params.to_dict(), time.monotonic())
        places().keep(browser, place)
    st.login()


def come_back() -> None:
    """At a bare address, signed in now: the run begins again where they left, as if that address had been typed."""
    if st.query_params or not is_signed_in():
        return
    browser = browser_id("signing in")
    place = None if browser is None else places().take(browser, time.monotonic())
    if place is not None:
        state.remember(_PAGE, place.page)
        st.query_params.from_dict(place.parameters)
        st.rerun()


def page_to_return_to() -> str | None:
    """The path of the page that was left to sign in; told once."""
    page = state.recalled(_PAGE)
    state.forget(_PAGE)
    return page


def show_sign_in(key: str, *, first: bool = False) -> None:
    """A button for whoever has not signed in where one can. first: whether it is what to do now."""
    if can_sign_in() and not is_signed_in():
        kind = "primary" if first else "secondary"
        st.button("Sign in", key=key, icon=":material/login:", type=kind, on_click=sign_in)


def show_signed_in() -> None:
    """Who has signed in, and the way out."""
    if is_signed_in():
        with st.container(horizontal=True, vertical_alignment="center", key="signed_in"):
            st.caption(f"Signed in as {for_markdown(who().email or who().name)}", width="content")
            st.button("Sign out", key="sign_out", type="tertiary", on_click=st.logout)
