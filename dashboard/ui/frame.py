"""What every page has: the header with data, run, group, thresholds and counts in view.

Where the data, the run or the group of an address is not here, a sentence stands in its place.
"""

import numpy as np
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import ReviewError
from dashboard.ui import address_bar, cache, presentation, state
from dashboard.ui.address import DEFAULT
from dashboard.ui.applied import policy_origin
from dashboard.ui.arrays import NoRoom
from dashboard.ui.panels.group_filter import group_control, group_name, samples_in_view
from dashboard.ui.reviews.signing_in import show_sign_in, show_signed_in
from dashboard.ui.view import View, current_view
from dashboard.ui.wording import count, listed, place

DATA_PAGE, REVIEWS_PAGE = "app_pages/data.py", "app_pages/reviews.py"

# Static: no text of a user ever enters it. Less air above the first line, and charts that never overflow a phone.
_STYLE = """<style>
.stMainBlockContainer { padding-top: 4.5rem; padding-bottom: 3rem; max-width: 1500px; }
.st-key-header { border-bottom: 1px solid rgba(128, 128, 128, 0.25); padding-bottom: 0.5rem; }
.st-key-sentence p { font-size: 1.3rem; line-height: 1.35; }
[class*="st-key-overlay_"] { position: absolute; width: 1px; height: 0; overflow: hidden; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: 0.75rem; padding-right: 0.75rem; }
  .st-key-sentence p { font-size: 1.1rem; }
  .st-key-data_line > :first-child { flex: 1 1 100% !important; }
  .st-key-cards .stHorizontalBlock { flex-wrap: nowrap; }
  .st-key-cards .stColumn { min-width: 0; flex: 1 1 50%; }
}
@media print { [data-testid="stHeader"], [data-testid="stToolbar"] { display: none; } }
</style>"""

# For a room: larger type, and nothing to load or save with.
_PRESENTING = """<style>
html { font-size: 20px; }
.st-key-own_data, .st-key-save_and_share, [data-testid="stMainMenu"] { display: none; }
</style>"""


def show_input_error(error: Exception) -> None:
    """The one sentence of a fault in what was loaded; whatever was in view stays."""
    st.error(for_markdown(str(error)), icon=":material/error:")


def show_full(full: NoRoom, *, for_review: bool = False) -> None:
    """In place of a page where all seats are taken, or where the data of the review that was asked for has no room."""
    st.warning(str(full), icon=":material/groups:")
    with st.container(horizontal=True):
        st.button("Try again", key="try_again")
        if for_review:
            _sample_instead()


def show_style(*, presenting: bool = False) -> None:
    st.html(_STYLE)
    if presenting:
        st.html(_PRESENTING)


def show_closed_review(error: ReviewError) -> None:
    """Why the link of a review opens nothing here, and the ways on; no data is shown in its place."""
    st.error(for_markdown(str(error)), icon=":material/link_off:")
    with st.container(horizontal=True):
        show_sign_in("closed_sign_in", first=True)
        show_signed_in()
        _sample_instead()


def _sample_instead() -> None:
    if st.button("Open the sample instead", key="closed_sample"):
        st.query_params.clear()
        st.rerun()


def open_page() -> tuple[View, "st.delta_generator.DeltaGenerator"]:
    """The view with its header drawn, and the place in the header that tells of the thresholds.

    Ends the run with a sentence when the address names data or a run that is not here.
    """
    view = current_view()
    if view is None:
        show_absent()
        st.stop()
    with st.container(key="header", gap="small"):
        show_data_line(view)
        _show_review_line()
        slot = st.container(key="header_thresholds")
    show_warnings(view)
    return view, slot


def show_data_line(view: View, *, with_button: bool = True) -> None:
    """Name, size and digest of the data, the choices of group and run, and the way to the Data page."""
    p = view.predictions
    with st.container(horizontal=True, vertical_alignment="center", key="data_line"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{for_markdown(view.dataset.name)}**")
            st.caption(
                f"{samples_in_view(view)} · {count(p.n_classes, 'class', 'classes')} · "
                f"{count(int(p.support.sum()), 'positive')} in view · {p.score_kind} · data `{view.whole.digest[:12]}`"
            )
        group_control(view)
        _run_control(view)
        if with_button:
            _show_ways_on()


def _show_ways_on() -> None:
    """To the visitor's own data, to saving and sharing what is in view, and out of a presentation."""
    if presentation.is_presenting():
        st.button(
            "Leave the presentation", key="present_end", type="tertiary", on_click=presentation.present, args=(False,)
        )
    if st.button("Use your own data", icon=":material/upload_file:", type="primary", key="own_data"):
        st.switch_page(DATA_PAGE, query_params={})
    if not address_bar.is_on_reviews() and st.button("Save and share", icon=":material/share:", key="save_and_share"):
        st.switch_page(REVIEWS_PAGE, query_params={})


def _show_review_line() -> None:
    """The review that is open, on every page."""
    opened = state.opened_review()
    if opened is not None:
        what = "frozen view" if opened.snapshot else "review"
        role = "" if opened.may_edit else " · to look"
        st.caption(f":material/groups: In the {what} **{for_markdown(opened.title)}**{role}")


def _run_control(view: View) -> None:
    runs = list(view.dataset.runs)
    if len(runs) < 2:
        return
    state.preset_widget("run_choice", view.run)
    st.selectbox(
        "Run",
        runs,
        key="run_choice",
        on_change=lambda: state.choose_run(state.widget_value("run_choice")),
        label_visibility="collapsed",
        width=220,
        help="A run is one set of scores on these samples",
    )


def show_thresholds(view: View, slot) -> None:
    """Say in the header which thresholds are in force and where they come from."""
    own = state.own_thresholds()
    classes = "all other classes" if own else "all classes"
    what = f"Threshold **{place(state.threshold().unit)}** for {classes} · "
    applied = state.chosen().applied
    if view.has_set:
        what = f"Thresholds of {classes}: "
    elif applied is not None:
        what = f"Threshold **{place(DEFAULT.unit)}** for {classes}, as what is applied is not for these scores: "
    text = what + _origin(view)
    if own:
        names = listed(for_markdown(view.predictions.class_names[index]) for index in own)
        text += f" · {count(len(own), 'class has its', 'classes have their')} own: {names}"
    elsewhere = _chosen_elsewhere(view)
    slot.caption(f"{text} · {elsewhere}" if elsewhere else text)


def _origin(view: View) -> str:
    """Where the common threshold comes from; "these samples" are those in view."""
    origin, place = policy_origin() or state.threshold_origin(), state.common_chosen_on()
    other = place is not None and place[1] != view.group
    return origin.replace(state.ON_THESE_SAMPLES, "") if other else origin


def _chosen_elsewhere(view: View) -> str:
    """The runs and groups, other than those in view, that thresholds in force were chosen on; empty for none."""
    first = next(iter(view.dataset.runs))
    places = [(run or first, group) for run, group in state.thresholds_chosen_on()]
    here = (view.run, view.group)
    others = [_place_name(view, run, group) for run, group in places if (run, group) != here]
    return f"{'some ' if here in places else ''}chosen on {listed(others)}" if others else ""


def _place_name(view: View, run: str, group) -> str:
    """What differs from the view: the run first, or writer = 3, or writer = 3 of the run first."""
    names = [for_markdown(group_name(group))] if group != view.group else []
    names += [f"the run {for_markdown(run)}"] if run != view.run else []
    return " of ".join(names)


def show_warnings(view: View) -> None:
    """What has to be known before any number is believed."""
    if state.recalled("absent_set"):
        state.forget("absent_set")
        st.warning(
            "The thresholds that were in force are not on this server any more, or are not for these scores; 0.5 is in "
            "force for all classes. Apply a policy or import them on the Thresholds page.",
            icon=":material/link_off:",
        )
    p = view.predictions
    thin = np.flatnonzero(2 * p.n_known < p.n_samples)
    if len(thin):
        names = listed(thin, write=lambda index: for_markdown(p.class_names[index]))
        st.warning(
            f"Under half of the labels are known for {count(len(thin), 'class', 'classes')}: {names}. "
            "Unknown cells are left out of every count.",
            icon=":material/warning:",
        )


def show_absent() -> None:
    """Say what the address asks for that is not here, and offer what is."""
    whole = cache.find(state.data())
    if whole is None:
        st.warning(
            f"This address asks for the data with digest {for_markdown(state.data()[:12])}, which is not on this "
            "server. Load the same files on the Data page and this view reopens; no other data is shown in its place.",
            icon=":material/link_off:",
        )
    elif (state.run_name() or next(iter(whole.runs))) not in whole.runs:
        st.warning(
            f"This address asks for the run {for_markdown(state.run_name())}, which this data does not have. Its runs "
            f"are {listed(for_markdown(name) for name in whole.runs)}.",
            icon=":material/link_off:",
        )
    else:
        st.warning(f"{_absent_group(whole)} No other samples are shown in its place.", icon=":material/link_off:")
    with st.container(horizontal=True):
        if st.button("Load files", icon=":material/upload_file:", type="primary"):
            st.switch_page(DATA_PAGE, query_params={})
        if st.button("Open the sample instead", key="open_sample"):
            state.show_data(cache.sample("validation").digest)
            state.choose_run(None)
            state.choose_group(None)
            st.rerun()
        _offer_what_is_here(whole)


def _absent_group(whole) -> str:
    """What the address asks for and what there is."""
    group = state.group()
    asked = f"This address asks for the samples with {for_markdown(group_name(group))}"
    columns = whole.group_columns
    if not columns:
        return f"{asked}, but this data has no column of groups."
    if group.column not in columns:
        return f"{asked}; the columns of groups are {listed(for_markdown(name) for name in columns)}."
    names = cache.groups(whole.digest, group.column).names
    return f"{asked}, but no sample has that value; there are {listed(for_markdown(name) for name in names)}."


def _offer_what_is_here(whole) -> None:
    if whole is None:
        return
    if state.run_name() not in (None, *whole.runs):
        if st.button("Open its first run", key="open_first_run"):
            state.choose_run(None)
            st.rerun()
    elif st.button("Show all samples", key="open_all_samples"):
        state.choose_group(None)
        st.rerun()
