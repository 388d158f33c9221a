"""The address bar says what a visitor has chosen, and what it said on the page that they came from.

What is chosen belongs to `state`; nothing is read from the address here.
"""

import streamlit as st

from dashboard.ui import state
from dashboard.ui.address import format_classes, format_own
from dashboard.ui.chosen import address_of

REVIEWS_PAGE = "Reviews"  # a review keeps the page before it
_LEFT, _PAGE, _PAGE_LEFT = "address_left", "page", "page_left"


def write_address() -> None:
    """Put the view into the address bar. Parameters that no widget binds vanish at each page switch, so every run."""
    for name, value in _wanted().items():
        if value and st.query_params.get(name) != value:
            st.query_params[name] = value
        elif not value and name in st.query_params:
            del st.query_params[name]
    if not is_on_reviews():
        state.remember(_LEFT, st.query_params.to_dict())


def _wanted() -> dict[str, str | None]:
    """Parameter -> value; nothing for those that are not to be there."""
    group, focus, opened = state.group(), state.focus(), state.opened_review()
    return {
        "data": state.data(),
        "run": state.run_name(),
        "t": str(state.threshold()),
        "own": format_own(state.own_thresholds()),
        "group": None if group is None else str(group),
        "unit": state.unit_column(),
        **address_of(state.chosen().applied),
        "classes": format_classes(state.chosen_classes()),
        "focus": None if focus is None else str(focus),
        **{name: state.recalled(name) for name in ("samples", "losses", "job", state.PRESENTING)},
        "trained_with": state.declared_losses(),
        "review": opened and opened.view_link,
        "snapshot": opened and opened.snapshot,
    }


def come_to(page: str) -> None:
    """The title of the page that is on screen."""
    state.remember(_PAGE, page)
    if page != REVIEWS_PAGE:
        state.remember(_PAGE_LEFT, page)


def is_on_reviews() -> bool:
    return state.recalled(_PAGE) == REVIEWS_PAGE


def page_left() -> str:
    """The title of the last page that was not that of the reviews."""
    return state.recalled(_PAGE_LEFT, "")


def address_left() -> dict[str, str]:
    """The address as it was last on that page."""
    return state.recalled(_LEFT, {})
