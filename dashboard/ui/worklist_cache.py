"""The verdicts that all visitors of this server share, kept in Streamlit's cache of resources."""

import streamlit as st

from dashboard.ui.verdicts import VerdictStore


@st.cache_resource(show_spinner=False)
def verdict_store() -> VerdictStore:
    return VerdictStore()
