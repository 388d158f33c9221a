"""The page table: what every visitor's run goes through before its page."""

import streamlit as st

from dashboard.errors import InputError
from dashboard.ui import cache, frame, state
from dashboard.ui.arrays import NoRoom

st.set_page_config("Multi-label thresholds", page_icon="🎚️", layout="wide")
cache.exempt_imports("start")

try:
    opening = cache.opening_dataset()
except InputError as error:  # the files given on the command line are gone since
    frame.show_input_error(error)
    opening = cache.sample("validation")
state.open_session(opening.digest)
state.write_address()

pages = {
    "See": [
        st.Page("app_pages/overview.py", title="Overview", icon=":material/monitoring:", default=True),
        st.Page("app_pages/classes.py", title="Classes", icon=":material/stacked_line_chart:"),
    ],
    "Decide": [
        st.Page("app_pages/thresholds.py", title="Thresholds", icon=":material/tune:"),
        st.Page("app_pages/compare.py", title="Compare", icon=":material/compare_arrows:"),
    ],
    "Learn": [
        st.Page("app_pages/losses.py", title="Losses", icon=":material/function:"),
        st.Page("app_pages/train.py", title="Train", icon=":material/model_training:"),
    ],
    "Open": [st.Page("app_pages/data.py", title="Data", icon=":material/upload_file:")],
}
page = st.navigation([page for group in pages.values() for page in group], position="top")
frame.show_style()
try:
    cache.look(state.data(), state.opened_data())
except NoRoom as full:
    frame.show_full(full)
    st.stop()
page.run()
cache.exempt_imports(page.title)
