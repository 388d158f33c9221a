"""Train: watch loss variants learn side by side; afterwards each of them is a run on every page."""

import streamlit as st

from dashboard.training.jobs import job_registry
from dashboard.ui import address_bar, frame, state
from dashboard.ui.training.job_panel import follow_job
from dashboard.ui.training.own_files import read_own_files
from dashboard.ui.training.start import show_start, show_title
from dashboard.ui.view import current_view


@st.fragment
def follow_trainings() -> None:
    """The form, or the training that the address names."""
    registry = job_registry()
    address_bar.write_address()
    id = state.recalled("job")
    if id is None:
        show_start(registry)
        return
    show_title(registry, id)
    follow_job(registry, id)


view = current_view()
if view is None:
    frame.show_absent()
else:
    with st.container(key="header", gap="small"):
        frame.show_data_line(view)
        frame.show_thresholds(view, st.container())
read_own_files()
follow_trainings()
