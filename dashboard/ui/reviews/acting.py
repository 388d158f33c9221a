"""What a button does to a review: a fault becomes a sentence on the page, and nothing on it is lost."""

from collections.abc import Callable

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import ReviewError
from dashboard.ui import state
from dashboard.ui.reviews.saving import take_name

FAULT = "review_fault"


def act(change: Callable[..., object], *args) -> None:
    """In a callback: make the change and remember its fault for the run that follows."""
    take_name()
    try:
        change(*args)
    except ReviewError as error:
        state.remember(FAULT, str(error))


def show_fault() -> None:
    """What the last button could not do, once."""
    fault = state.recalled(FAULT)
    if fault:
        state.forget(FAULT)
        st.error(for_markdown(fault), icon=":material/error:")
