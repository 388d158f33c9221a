"""Which class a curve is drawn of, where classes have curves of their own."""

import streamlit as st

from dashboard.ui import state
from dashboard.ui.paged_table import PAGED_ABOVE
from dashboard.ui.panels.class_choice import by_support
from dashboard.ui.view import View


def class_control(view: View, key: str) -> int:
    """The class in focus, which other pages share; of very many classes one of those with the most positives."""
    p = view.predictions
    first = by_support(view)
    indices = list(range(p.n_classes)) if p.n_classes <= PAGED_ABOVE else first[:PAGED_ABOVE].tolist()
    state.preset_widget(key, state.focus() if state.focus() in indices else int(first[0]))
    return st.selectbox(
        "Class drawn",
        indices,
        format_func=p.class_names.__getitem__,
        key=key,
        on_change=lambda: state.set_focus(state.widget_value(key)),
        width=240,
        help="Whose counts and parameters the curves are of.",
    )
