"""Compare: two sets of scores on the same samples, what of their difference is ranking and what is threshold."""

import streamlit as st

from dashboard.ui import address_bar, frame
from dashboard.ui.panels.compare import show_comparison
from dashboard.ui.turns import in_turn
from dashboard.ui.view import View


@st.fragment
@in_turn
def follow_comparison(view: View, slots: dict) -> None:
    """Everything that depends on what is compared."""
    address_bar.write_address()
    frame.show_thresholds(view, slots["header"])
    show_comparison(view, slots["sentence"])


view, header = frame.open_page()
follow_comparison(view, {"header": header, "sentence": st.container(key="sentence")})
