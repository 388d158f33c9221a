"""What the store knows of a training: noted while somebody looks at it, told where its address leads to another server.

A training belongs to the server that runs it and ends with it; the row outlives both.
"""

import logging

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.reviews import ReviewError
from dashboard.training.job_status import JobStatus
from dashboard.training.plan import PlanError, TrainingPlan
from dashboard.ui import state
from dashboard.ui.reviews.kept import review_store
from dashboard.ui.reviews.words import moment
from dashboard.ui.training import draft

_NOTED = "train_noted"

log = logging.getLogger(__name__)


def note(status: JobStatus) -> None:
    """In the store, when its state is another than this visitor noted last."""
    if state.recalled(_NOTED) == (status.id, status.state):
        return
    state.remember(_NOTED, (status.id, status.state))
    try:
        review_store().note_training(status.id, status.state, status.plan.to_json())
    except ReviewError as error:  # the training goes on without it
        log.warning("a training was not noted: %s", type(error).__name__)


def show_unknown(registry, id: str) -> None:
    """Of an address whose training is not here: what is known of it, and the way to train it again."""
    noted = _noted(id)
    known = "" if noted is None else f" It was last known to be {noted.state}, on {moment(noted.noted)}."
    st.warning(
        f"This address asks for the training {for_markdown(id[:12])}, which is not on this server (any more): an ended "
        f"one is deleted after {registry.settings.training_hours:g} hours, or by whoever started it, and one that "
        f"runs ends with its server.{known} Nothing else is shown in its place.",
        icon=":material/link_off:",
    )
    if noted is not None:
        again = {"icon": ":material/replay:", "on_click": _fill_form, "args": (noted.plan,)}
        st.button("Put its plan into the form", key="train_again_plan", **again)


def _noted(id: str):
    try:
        return review_store().training(id)
    except ReviewError:  # without the store nothing is known
        return None


def _fill_form(plan: str) -> None:
    try:
        draft.fill_from(TrainingPlan.from_json(plan))
    except PlanError:  # noted by another version of the app
        log.warning("the plan of a noted training could not be read")
    state.forget("job")
