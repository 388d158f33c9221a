"""A training on screen: how far it is, curves that grow, the table of variants; drawn again each second while it lives.

The fragment asks for its own next run, so nothing else on the page runs with it, and other pages never do.
"""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.figures.training_curves import (
    own_losses_alt,
    own_losses_figure,
    training_alt,
    training_figure,
    training_table,
)
from dashboard.training.job_status import FAILED, FINISHED, QUEUED, RUNNING, STOPPED, JobRefused, JobStatus
from dashboard.training.reports import last_warnings
from dashboard.ui import state
from dashboard.ui.cache import Drawn
from dashboard.ui.controls import choice_control
from dashboard.ui.run_again import run_again
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.training.job_rows import note, show_unknown
from dashboard.ui.training.job_words import duration, size_words, state_words
from dashboard.ui.training.ownership import NOT_YOURS, is_own, this_browser
from dashboard.ui.training.report_tables import (
    METRICS,
    OWN_LOSSES,
    curve_rows,
    standing_table,
    variant_titles,
)
from dashboard.ui.training.results import show_results
from dashboard.ui.training.seed_summary import show_summary

CHART, OWN_CHART = "training_chart", "own_loss_chart"
OWN = "own"
EVERY = 1.0  # seconds between two looks at a training that lives
UNBOUNDED = ("BCE", "own loss", "own loss, validation", "gradient norm")
MOST_PLAIN = 1e6  # of those; beyond it with an exponent
_REFUSED = "train_refused"


@st.fragment
def follow_job(registry, id: str) -> None:
    """Everything about one training that changes by itself."""
    status = registry.status(id)
    run_again("train_again", needed=status is not None and status.is_live, after=EVERY)
    if status is None:
        show_unknown(registry, id)
        return
    note(status)
    st.caption(size_words(status))
    # Each in a place of its own that is always there: a chart whose place moves is drawn from nothing again.
    with st.container(key="train_state"):
        _show_progress(registry, status)
        _show_messages(status)
    has_results = status.has_runs and not status.is_live
    with st.container(key="train_done"):
        if has_results:
            show_results(registry, status)
            summary = st.container(key="train_summary")
    with st.container(key="train_curves"):
        _show_curves(status)
    _show_standing(status)
    if has_results:
        with summary:  # last: it takes seconds, and all else is on screen meanwhile
            show_summary(registry, status)


def _show_progress(registry, status: JobStatus) -> None:
    may_change = is_own(status)
    with st.container(horizontal=True, vertical_alignment="center", key="train_progress"):
        with st.container(width="stretch"):
            st.progress(min(max(status.progress, 0.0), 1.0), text=state_words(status))
        if may_change and status.state in (QUEUED, RUNNING):
            st.button("Stop", key="train_stop", icon=":material/stop:", on_click=_stop, args=(registry, status.id))
        if may_change and status.can_resume:
            st.button(
                "Resume", key="train_resume", icon=":material/play_arrow:", on_click=_resume, args=(registry, status.id)
            )
    if status.is_live:
        st.caption(
            f"Goes on when you change the page, and for {duration(60 * registry.settings.training_minutes)} with "
            "nobody looking. This page's address brings it back, in another window too."
        )
    if not may_change:
        st.caption(NOT_YOURS)


def _stop(registry, id: str) -> None:
    registry.stop(id, this_browser())


def _resume(registry, id: str) -> None:
    try:
        registry.resume(id, this_browser())
    except JobRefused as refused:
        state.remember(_REFUSED, str(refused))


def _show_messages(status: JobStatus) -> None:
    """Why it was refused, stopped or failed; what variants warn of; what was noticed about the data."""
    if state.recalled(_REFUSED):
        st.warning(for_markdown(state.recalled(_REFUSED)), icon=":material/hourglass_disabled:")
        state.forget(_REFUSED)
    if status.message and status.state == FAILED:
        st.error(for_markdown(status.message), icon=":material/error:")
    elif status.message and status.state in (STOPPED, FINISHED):
        st.info(for_markdown(status.message), icon=":material/info:")
    warnings = last_warnings(status.reports, variant_titles(status.plan))
    if warnings:
        st.warning("\n\n".join(for_markdown(each) for each in warnings), icon=":material/warning:")
    if status.notices:
        st.caption(" ".join(for_markdown(each) for each in status.notices))


def _show_curves(status: JobStatus) -> None:
    if not status.reports:
        return
    metric = choice_control("Curve", METRICS | {OWN: "own loss"}, key="curve", wrap=True, label_visibility="collapsed")
    drawn = curves(status, metric)
    show_chart(OWN_CHART if metric == OWN else CHART, drawn.payload)
    st.caption(_about_curve(metric, len(status.plan.seeds)))


def curves(status: JobStatus, metric: str) -> Drawn:
    """The chart of a metric of METRICS, or of each variant's own loss."""
    table = training_table(curve_rows(status.reports, variant_titles(status.plan)), (*METRICS, *OWN_LOSSES))
    n_epochs = status.plan.optimiser.epochs
    if metric == OWN:
        return Drawn.of(OWN_CHART, own_losses_figure(table, n_epochs=n_epochs), table, alt=own_losses_alt(table))
    title = METRICS[metric]
    figure = training_figure(table, metric, title=title, n_epochs=n_epochs)
    return Drawn.of(CHART, figure, table, alt=training_alt(table, metric, title=title))


def _about_curve(metric: str, n_seeds: int) -> str:
    if metric == OWN:
        said = "Each on its own scale: losses of different variants share none."
        return f"{said} Of the last seed." if n_seeds > 1 else said
    if metric == "gradient_norm":
        said = "Mean over the steps of an epoch, before clipping."
    elif metric == "saturated":
        said = "Share of the known validation cells whose probability is within 0.001 of 0 or 1."
    elif metric.endswith("tuned"):
        said = "On the validation part, at the thresholds that are best there: an upper end, not what to expect."
    else:
        said = "On the validation part."
    return f"{said} Thin lines are earlier seeds." if n_seeds > 1 else said


def _show_standing(status: JobStatus) -> None:
    table = standing_table(status.reports, variant_titles(status.plan), is_live=status.is_live)
    if table.empty:
        return
    three = st.column_config.NumberColumn(format="%.3f")
    share = st.column_config.NumberColumn(format="percent")
    looks = {name: three for name in table.columns if "F1" in name or name == "mAP"}
    plain = st.column_config.NumberColumn(format="%.4g")
    too_long = [name for name in UNBOUNDED if table[name].abs().max() >= MOST_PLAIN]
    looks |= {name: _text_look(name) if name in too_long else plain for name in UNBOUNDED}
    show_table(
        table.assign(**{name: with_exponents(table[name]) for name in too_long}),
        "train_table",
        file_name="training.csv",
        alt="A row per variant: its state and its figures on the validation part after its last epoch",
        column_config=looks | {"saturated": share},
        placeholder="–",
    )


def _text_look(name: str):
    """As wide as the figures, where the name is shorter than they are."""
    return st.column_config.TextColumn(width=95 if len(name) < 10 else None, alignment="right")


def with_exponents(values):
    """As texts: a cell of numbers shows 2e16 with all its digits, marked as beyond what it can hold."""
    return values.map("{:.4g}".format).where(values.notna())
