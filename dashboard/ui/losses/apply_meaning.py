"""Moves the thresholds in force to where a model fully trained with a loss means a true probability.

Only for a run whose training loss is recorded or declared, and never twice: thresholds that were read as plain BCE's
are marked, in their details and in their origin.
"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.core.scale import sigmoid
from dashboard.escape import for_markdown
from dashboard.losses import LossSettings
from dashboard.losses.loaded_cells import CLIPPED_AT
from dashboard.losses.minimiser import why_no_zero
from dashboard.ui import address_bar, applied, state
from dashboard.ui.losses import meaning_cache
from dashboard.ui.losses.declared_loss import declare_loss, declared_loss, recorded_loss, training_loss
from dashboard.ui.losses.loaded import cells_sentence, loaded_cells
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import short

DECLARED = "trained_with_choice"
MARK = "if fully trained with"
NOT_DECLARED = ""


def show_apply(view: View, chosen: tuple[LossSettings, ...], tau: float) -> None:
    """What this run was trained with, how reliable its scores are, and the buttons."""
    st.subheader("Apply to this run", anchor=False)
    if recorded_loss(view) is None:
        _declared_control(view, chosen)
    settings = training_loss(view)
    if settings is None:
        st.caption("Thresholds can be moved once it is said which loss this run was trained with.")
        return
    if recorded_loss(view) is not None:
        st.markdown(f"It is recorded that this run was trained with **{for_markdown(settings.title)}**.")
    _show_reliability(view, settings)
    _show_buttons(view, settings, tau)


def moved_to(view: View, settings: LossSettings, tau: float) -> ThresholdSet:
    """Every class at the output that means the true probability tau."""
    return _set_at(view, meaning_cache.meaning(view, settings, tau).logits, settings)


def read_as_plain(view: View, settings: LossSettings) -> ThresholdSet:
    """Each class's threshold t in force moved to the output that means the true probability t."""
    in_force = np.nan_to_num(view.thresholds.thresholds, nan=1.0)  # NaN: never predicted
    logits = meaning_cache.mapped_logits(settings, in_force, meaning_cache.class_counts(view))
    return _set_at(view, logits, settings)


def is_moved(view: View) -> bool:
    """Whether the thresholds in force mean true probabilities of a loss already."""
    return MARK in state.threshold_origin() or (view.has_set and "moved_for_loss" in view.base_set().details)


def _set_at(view, logits, settings) -> ThresholdSet:
    p = view.predictions
    scores = logits if p.score_kind == "logits" else np.where(np.isinf(logits), logits, sigmoid(logits))
    return ThresholdSet.from_scores(p, scores, moved_for_loss=str(settings))


def _declared_control(view, chosen) -> None:
    own = declared_loss(view)
    options = {str(each): each for each in (LossSettings("bce_with_logits"), *chosen, *([own] if own else []))}
    options = {text: each for text, each in options.items() if not why_no_zero(each)}
    state.preset_widget(DECLARED, NOT_DECLARED if own is None or why_no_zero(own) else str(own))
    st.selectbox(
        "This run was trained with",
        [NOT_DECLARED, *options],
        key=DECLARED,
        format_func=lambda text: options[text].title if text else "not declared",
        on_change=lambda: _declare(view, options),
        width=360,
    )


def _declare(view, options) -> None:
    declare_loss(view, options.get(state.widget_value(DECLARED)))
    address_bar.write_address()


def _show_reliability(view, settings) -> None:
    frame = reliability_frame(view, settings)
    st.markdown(reliability_sentence(frame, settings))
    show_table(
        frame,
        "meaning_reliability",
        file_name="loss_reliability.csv",
        alt="Calibration error and Brier score of the scores as given and read as outputs of the training loss",
    )
    if said := cells_sentence(view, loaded_cells(view, CLIPPED_AT)):
        st.caption(f"Read as outputs of the loss: {said}")


def reliability_sentence(frame: pd.DataFrame, settings: LossSettings) -> str:
    """Whether the loss explains how far the scores are from probabilities; Markdown."""
    (before, after), (usual, limit) = frame["ECE"], frame["95 % below"]
    read = f"**{short(after)}** when read as outputs of {for_markdown(settings.title)}"
    said = f"Measured on these samples: calibration error (ECE) **{short(before)}** as given, {read}"
    if before != before:
        return "No label is known, so nothing can be said of the reliability of this run."
    if before <= usual:
        return f"{said}. As given, scores like these would show as much if they were probabilities."
    if after <= limit:
        return f"{said}: the loss explains the miscalibration."
    explains = "explains part of the miscalibration" if after < before else "does not explain the miscalibration"
    return f"{said}: the loss {explains}."


def reliability_frame(view: View, settings: LossSettings) -> pd.DataFrame:
    """A row for the scores as given, one for the true probabilities that the loss makes of them."""
    rows = []
    for title, loss in (("score (0-1), as given", None), (f"read as outputs of {settings.title}", settings)):
        fit = meaning_cache.reliability_of(view, loss)
        rows.append((title, fit.error, fit.if_perfect, fit.limit, fit.brier))
    return pd.DataFrame(rows, columns=["scores", "ECE", "ECE if perfect", "95 % below", "Brier"])


def _show_buttons(view, settings, tau) -> None:
    moved = is_moved(view)
    st.markdown(f"What follows holds {MARK} {for_markdown(settings.title)}:")
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Move all classes to a true probability of {tau:.4g}",
            key="apply_meaning_all",
            on_click=_apply,
            args=(view, settings, tau),
        )
        st.button(
            "Read the thresholds in force as plain BCE's",
            key="apply_meaning_plain",
            disabled=moved,
            help="A threshold t becomes the output at which a fully trained model means a true probability of t.",
            on_click=_apply,
            args=(view, settings, None),
        )
        st.button(
            "Undo", key="meaning_undo", icon=":material/undo:", on_click=state.undo, disabled=not state.n_steps_back()
        )
    said = f"In force: {state.threshold_origin()}." if state.chosen().applied else "In force: no set of thresholds."
    again = " They were moved for a loss already; undo that before they are read as plain BCE's." if moved else ""
    st.caption(f"{said}{again} Locked classes keep their thresholds.")


def _apply(view, settings, tau) -> None:
    rule = read_as_plain(view, settings) if tau is None else moved_to(view, settings, tau)
    what = "thresholds of plain BCE moved" if tau is None else f"each class at a true probability of {tau:.4g}"
    applied.apply_set(view, rule, f"{what}, {MARK} {settings.title}")
