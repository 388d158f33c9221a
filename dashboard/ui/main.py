"""The page table: what every visitor's run goes through before its page."""

import streamlit as st

from dashboard.errors import InputError
from dashboard.reviews import ReviewError
from dashboard.ui import address_bar, cache, frame, presentation, state
from dashboard.ui.arrays import NoRoom
from dashboard.ui.reviews.autosave import keep_draft, offer_at, offer_draft
from dashboard.ui.reviews.opening import begin, opening_of
from dashboard.ui.reviews.signing_in import come_back, page_to_return_to
from dashboard.ui.run_again import run_again
from dashboard.ui.view import current_view

FIRST_PAGE = "Overview"

st.set_page_config("Multi-label thresholds", page_icon="🎚️", layout="wide")
cache.exempt_imports("start")

try:
    first = cache.opening_dataset()
except InputError as error:  # the files given on the command line are gone since
    frame.show_input_error(error)
    first = cache.sample("validation")
opening = None
if state.is_new():
    come_back()
    asked = st.query_params.to_dict()
    try:
        opening = opening_of(asked)
    except ReviewError as error:  # nothing else is shown in its place
        frame.show_closed_review(error)
        st.stop()
    except NoRoom as full:  # the next run asks again
        frame.show_full(full, for_review=True)
        st.stop()
    state.open_session(first.digest, opening.address)
    begin(opening)
    offer_at(asked)

pages = {
    "See": [
        st.Page("app_pages/overview.py", title=FIRST_PAGE, icon=":material/monitoring:", default=True),
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
    "Open": [
        st.Page("app_pages/data.py", title="Data", icon=":material/upload_file:"),
        st.Page("app_pages/reviews.py", title=address_bar.REVIEWS_PAGE, icon=":material/groups:"),
    ],
}
by_title = {page.title: page for group in pages.values() for page in group}
page = st.navigation(list(by_title.values()), position="top")
address_bar.come_to(page.title)
address_bar.write_address()
if opening is not None and page.title == FIRST_PAGE:  # what widgets keep in the address is read in a run of its own
    path = page_to_return_to()
    left = next((each.title for each in by_title.values() if path and each.url_path == path), opening.page)
    saved = left if left in by_title else FIRST_PAGE
    if saved != FIRST_PAGE or opening.address.keys() - asked.keys() - {"data"}:
        st.switch_page(by_title[saved], query_params=dict(opening.address) | st.query_params.to_dict())
frame.show_style(presenting=presentation.is_presenting())
try:
    cache.look(state.data(), state.opened_data())
except NoRoom as full:
    frame.show_full(full)
    st.stop()
offer = st.container(key="draft_slot")
page.run()
cache.exempt_imports(page.title)
with offer:  # after the page, which waits for no database
    offer_draft()
view = current_view()
if view is not None:
    keep_draft(view)
if presentation.type_changes():
    presentation.type_has_changed()
    run_again("type_again", needed=True)
