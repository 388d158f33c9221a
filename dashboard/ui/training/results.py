"""What can be done with a training that has runs: open its parts on every page, download it all."""

import streamlit as st

from dashboard.training.job_status import JobStatus
from dashboard.ui import cache, frame, limits, state
from dashboard.ui.arrays import NoRoom
from dashboard.ui.training.downloads import run_names, show_downloads
from dashboard.ui.training.trained_sets import trained_sets
from dashboard.ui.wording import count

OPENINGS = {
    "validation": ("Open the validation part: tune", ":material/tune:"),
    "test": ("Open the test part: report", ":material/monitoring:"),
}


def show_results(registry, status: JobStatus) -> None:
    """Of a training that has ended or was stopped."""
    n_runs = len(run_names(registry, status.id))
    with st.container(horizontal=True, vertical_alignment="center", key="train_results"):
        for part, (label, icon) in OPENINGS.items():
            if st.button(label, key=f"open_{part}", icon=icon, type="primary" if part == "validation" else "secondary"):
                open_part(registry, status.id, part)
        with st.popover("Download", icon=":material/download:", key="train_downloads"):
            show_downloads(registry, status)
    st.caption(
        f"Each variant that has learnt is a run on every page ({count(n_runs, 'run')}): tune thresholds on the "
        "validation part; the Thresholds page offers the test part as held-out data."
    )


def open_part(registry, id: str, part: str) -> None:
    """Look at one part of what was trained; the other one is known too, as held-out data."""
    trained = registry.runs(id)
    found = {} if trained is None else trained_sets(trained)
    if not found:
        st.warning("No run can be opened: what was trained is gone, or none has scores that are numbers.")
        return
    other = next(name for name in found if name != part)
    try:
        for name in (other, part):  # the one to look at last, so that it stays where room is short
            limits.take_in(found[name], cache.seat().id, state.opened_data())
            state.know_data(found[name].digest)
            state.keep_words(found[name].digest, found[name].words)
    except NoRoom as full:
        frame.show_input_error(full)
        return
    state.show_data(found[part].digest)
    st.switch_page("app_pages/overview.py", query_params={})
