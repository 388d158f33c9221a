"""What every page has: the header with data, run, thresholds and counts in view; a sentence where data is absent."""

import numpy as np
import streamlit as st

from dashboard.errors import InputError
from dashboard.escape import for_markdown
from dashboard.ui import cache, state
from dashboard.ui.address import DEFAULT
from dashboard.ui.view import View, current_view
from dashboard.ui.wording import count, listed, place

DATA_PAGE = "app_pages/data.py"

# Static: no text of a user ever enters it. Less air above the first line, and charts that never overflow a phone.
_STYLE = """<style>
.stMainBlockContainer { padding-top: 4.5rem; padding-bottom: 3rem; max-width: 1500px; }
.st-key-header { border-bottom: 1px solid rgba(128, 128, 128, 0.25); padding-bottom: 0.5rem; }
.st-key-sentence p { font-size: 1.3rem; line-height: 1.35; }
[class*="st-key-overlay_"] { position: absolute; height: 0; }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-left: 0.75rem; padding-right: 0.75rem; }
  .st-key-sentence p { font-size: 1.1rem; }
  .st-key-data_line > :first-child { flex: 1 1 100% !important; }
  .st-key-cards .stHorizontalBlock { flex-wrap: nowrap; }
  .st-key-cards .stColumn { min-width: 0; flex: 1 1 50%; }
}
@media print { [data-testid="stHeader"], [data-testid="stToolbar"] { display: none; } }
</style>"""


def show_input_error(error: InputError) -> None:
    """The one sentence of a fault in what was loaded; whatever was in view stays."""
    st.error(for_markdown(str(error)), icon=":material/error:")


def show_style() -> None:
    st.html(_STYLE)


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
        slot = st.container(key="header_thresholds")
    show_warnings(view)
    return view, slot


def show_data_line(view: View, *, with_button: bool = True) -> None:
    """Name, size and digest of the data, the choice of the run, and the way to the Data page."""
    p = view.predictions
    with st.container(horizontal=True, vertical_alignment="center", key="data_line"):
        with st.container(width="stretch", gap=None):
            st.markdown(f"**{for_markdown(view.dataset.name)}**")
            st.caption(
                f"{count(p.n_samples, 'sample')} · {count(p.n_classes, 'class', 'classes')} · "
                f"{count(int(p.support.sum()), 'positive')} in view · {p.score_kind} · data `{view.digest[:12]}`"
            )
        _run_control(view)
        if with_button and st.button(
            "Use your own data", icon=":material/upload_file:", type="primary", key="own_data"
        ):
            st.switch_page(DATA_PAGE, query_params={})


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
    text = f"Threshold **{place(state.threshold().unit)}** for {classes} · {state.threshold_origin()}"
    if own:
        names = listed(for_markdown(view.predictions.class_names[index]) for index in own)
        text += f" · {count(len(own), 'class has its', 'classes have their')} own: {names}"
    first = next(iter(view.dataset.runs))
    chosen_on = state.thresholds_chosen_on() or first
    if chosen_on != view.run and (own or state.threshold() != DEFAULT):
        text += f" · chosen on the run {for_markdown(chosen_on)}"
    slot.caption(text)


def show_warnings(view: View) -> None:
    """What has to be known before any number is believed."""
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
    dataset = cache.find(state.data())
    if dataset is None:
        st.warning(
            f"This address asks for the data with digest {for_markdown(state.data()[:12])}, which is not on this "
            "server. Load the same files on the Data page and this view reopens; no other data is shown in its place.",
            icon=":material/link_off:",
        )
    else:
        st.warning(
            f"This address asks for the run {for_markdown(state.run_name())}, which this data does not have. Its runs "
            f"are {listed(for_markdown(name) for name in dataset.runs)}.",
            icon=":material/link_off:",
        )
    with st.container(horizontal=True):
        if st.button("Load files", icon=":material/upload_file:", type="primary"):
            st.switch_page(DATA_PAGE, query_params={})
        if st.button("Open the sample instead", key="open_sample"):
            state.show_data(cache.sample("validation").digest)
            st.rerun()
        if dataset is not None and st.button("Open its first run", key="open_first_run"):
            state.choose_run(None)
            st.rerun()
