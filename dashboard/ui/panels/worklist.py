"""The worklist: samples of one class that want a look, what people said of them, and all that as a file and back."""

import numpy as np
import streamlit as st

from dashboard.errors import InputError
from dashboard.escape import for_markdown
from dashboard.inputs.verdict_files import read_verdicts
from dashboard.ui import address_bar, state
from dashboard.ui.panels import sample_verdict, samples
from dashboard.ui.tables import show_download
from dashboard.ui.verdicts import MOST_DATASETS, VERDICTS
from dashboard.ui.view import View
from dashboard.ui.worklist_cache import verdict_store

CLASS = "worklist_class"


def show_worklist(view: View) -> None:
    """False alarms, misses and flips of a class, nearest to the threshold first, with a verdict on each."""
    if not view.predictions.n_classes:
        st.caption("There is no class.")
        return
    _show_lists(view, _class_control(view))


@st.fragment
def _show_lists(view: View, index: int) -> None:
    """In a fragment of its own: the next sample computes nothing else. What the verdicts say changes with each."""
    address_bar.write_address()
    for said in sample_verdict.tally(view, index):
        st.markdown(said)
    samples.show_list_and_sample(view, index, view.counts)
    _files(view)


def _class_control(view: View) -> int:
    """The class to work through, the one with the most wrong decisions first; the Classes page looks at the same."""
    names, counts = view.predictions.class_names, view.counts
    wrong = (counts.fp + counts.fn)[0]
    order = np.argsort(-wrong, kind="stable").tolist()
    focus = state.focus() if state.focus() in order else order[0]
    state.preset_widget(CLASS, focus)
    return st.selectbox(
        "Class, those with the most wrong decisions first",
        order,
        key=CLASS,
        format_func=lambda index: f"{names[index]} · {wrong[index]:,} wrong",
        on_change=lambda: state.set_focus(state.widget_value(CLASS)),
        width=420,
    )


def _files(view: View) -> None:
    st.subheader("Verdicts on this data", anchor=False)
    st.caption(
        f"{verdict_store().n_verdicts(view.whole.digest):,} so far, of all runs and classes. Everyone who has this "
        "data open on this server, or its address, sees and changes them. They last until the server ends, or until "
        f"{MOST_DATASETS} other datasets got verdicts since: download the file, it brings them back."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        show_download(lambda: sample_verdict.verdicts_table(view), "verdicts", "verdicts.csv")
        sent = st.file_uploader(
            "Verdicts from a file", "csv", key=f"verdict_file_{state.recalled('verdict_files', 0)}", max_upload_size=20
        )
    if sent is not None:
        st.button("Take these verdicts", key="take_verdicts", on_click=_take, args=(view, sent))
    if said := state.recalled("verdicts_said"):
        st.info(for_markdown(said))
        state.forget("verdicts_said")


def _take(view: View, sent) -> None:
    """A fault in the file is told and changes nothing."""
    try:
        lines = read_verdicts(sent.getvalue(), next(iter(view.whole.runs.values())), VERDICTS)
    except InputError as error:
        state.remember("verdicts_said", str(error))
        return
    state.remember("verdicts_said", sample_verdict.take_verdicts(view, lines))
    state.remember("verdict_files", state.recalled("verdict_files", 0) + 1)
