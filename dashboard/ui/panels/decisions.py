"""Whose decisions a table is about: the thresholds in force, or a reader's."""

import streamlit as st

from dashboard.ui.view import View

CURRENT = "current thresholds"


def decisions_control(view: View, key: str) -> str:
    """CURRENT or the name of a reader; no choice where there are no readers."""
    if not view.dataset.readers:
        return CURRENT
    options = [CURRENT, *(name for name in view.dataset.readers if name != CURRENT)]
    return st.selectbox("Decisions of", options, key=key, width=260)
