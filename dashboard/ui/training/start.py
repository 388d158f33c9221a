"""Where a training begins, and the way back to those that this visitor has started or opened."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.training.job_status import JobRefused
from dashboard.training.jobs import Overview
from dashboard.training.plan import PlanError, TrainingPlan
from dashboard.ui import state
from dashboard.ui.training import draft
from dashboard.ui.training.job_words import training_name
from dashboard.ui.training.own_files import own_data
from dashboard.ui.training.ownership import is_own, this_browser
from dashboard.ui.training.plan_form import plan_form
from dashboard.ui.wording import count

MOST_PLAN_BYTES = 1_000_000
_JOBS, _REFUSED = "train_jobs", "train_not_started"
_UPLOAD, _FAULT = "train_plan_file", "train_plan_fault"


def show_start(registry) -> None:
    """The form with its button, and what it is for."""
    st.markdown("#### Train loss variants side by side")
    st.markdown(
        "Pick data, a small model and a few losses: all variants start from the same weights and see the same batches "
        "in the same order, so that only the loss differs. Watch them learn; afterwards each is a run on every page, "
        "with a part to tune thresholds on and a part to report."
    )
    show_other_trainings(registry)
    with st.container(border=True, key="train_form"):
        plan, data = plan_form()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Start training",
                type="primary",
                icon=":material/model_training:",
                key="train_start",
                disabled=plan is None or data is None,
                on_click=_start,
                args=(registry,),
            )
            if plan is not None:
                st.caption(_work_words(plan, registry.overview()), width="content")
            with st.popover("Start from a plan", icon=":material/upload_file:", key="train_from_plan"):
                _plan_uploader()
    if state.recalled(_REFUSED):
        st.warning(for_markdown(state.recalled(_REFUSED)), icon=":material/hourglass_disabled:")


def show_other_trainings(registry) -> None:
    """Buttons to the trainings that this visitor has started or opened, as far as they are still here."""
    known = {id: registry.status(id) for id in state.recalled(_JOBS, ())}
    known = {id: status for id, status in known.items() if status is not None}
    if known:
        with st.container(horizontal=True, vertical_alignment="center", key="train_jobs"):
            st.caption("Trainings", width="content")
            for id, status in known.items():
                label = f"{for_markdown(training_name(status.plan))}: {status.state}"
                st.button(label, key=f"train_show_{id}", icon=":material/history:", on_click=_show, args=(id,))


def show_title(registry, id: str) -> None:
    """What is trained, and the ways out of its page."""
    _remember_job(id)
    status = registry.status(id)
    with st.container(horizontal=True, vertical_alignment="center", key="train_title"):
        title = "Training" if status is None else training_name(status.plan)
        st.markdown(f"#### {for_markdown(title)}", width="stretch")
        left = {"icon": ":material/add:", "on_click": _train_another, "args": (registry, id)}
        is_others = status is not None and not is_own(status)
        st.button("New training with this plan" if is_others else "New training", key="train_another", **left)
        if status is not None and not is_others:
            gone = {"icon": ":material/delete:", "on_click": _delete, "args": (registry, id)}
            st.button("Delete", key="train_delete", help="Ends it and deletes all that it left", **gone)


def _work_words(plan: TrainingPlan, server: Overview) -> str:
    """How much work it is, and what it would have to wait for."""
    said = f"{count(len(plan.variants), 'variant')}, {count(plan.optimiser.epochs, 'epoch')}"
    said += "" if len(plan.seeds) == 1 else f", {count(len(plan.seeds), 'seed')}"
    if server.running < server.most_running:
        return said
    before = count(server.running + server.queued, "training")
    return f"{said} · would wait for its turn: {before} of this server's visitors first"


def _start(registry) -> None:
    """Of the draft as it is now: what was typed last may be younger than the form that was drawn."""
    state.forget(_REFUSED)
    try:
        plan = draft.plan()
        data = own_data(plan.data) if plan.data.kind == "files" else None
        _show(registry.start(plan, data, owner=this_browser()))
    except (JobRefused, PlanError) as refused:
        state.remember(_REFUSED, str(refused))


def _show(id: str) -> None:
    state.remember("job", id)
    _remember_job(id)


def _remember_job(id: str) -> None:
    state.remember(_JOBS, tuple(dict.fromkeys([*state.recalled(_JOBS, ()), id])))


def _train_another(registry, id: str) -> None:
    """Back to the form, which holds the plan of the training that was shown."""
    status = registry.status(id)
    state.forget("job")
    if status is not None:
        draft.fill_from(status.plan)


def _delete(registry, id: str) -> None:
    registry.remove(id, this_browser())
    if registry.status(id) is None:
        state.forget("job")


def _plan_uploader() -> None:
    """A plan.json of an earlier training, put into the form when it arrives."""
    st.file_uploader("plan.json", key=_UPLOAD, on_change=_take_plan, max_upload_size=1)
    if state.recalled(_FAULT):
        st.error(for_markdown(state.recalled(_FAULT)), icon=":material/error:")


def _take_plan() -> None:
    state.forget(_FAULT)
    uploaded = state.widget_value(_UPLOAD)
    if uploaded is not None:
        try:
            draft.fill_from(read_plan(uploaded.getvalue()))
        except PlanError as error:
            state.remember(_FAULT, str(error))


def read_plan(content: bytes) -> TrainingPlan:
    """PlanError, with a sentence, for anything else than a plan."""
    if len(content) > MOST_PLAN_BYTES:
        raise PlanError(
            f"A plan must have at most {MOST_PLAN_BYTES:,} bytes, got {len(content):,}: choose a plan.json."
        )
    try:
        return TrainingPlan.from_json(content.decode())
    except UnicodeDecodeError:
        raise PlanError("A plan must be JSON in UTF-8, but the file is none: choose a plan.json.") from None
