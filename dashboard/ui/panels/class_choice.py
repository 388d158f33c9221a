"""Which classes are drawn, which of them is in focus, and as which curve; the choice itself lives in `state`."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.ui import state
from dashboard.ui.address import MAX_DRAWN_CLASSES
from dashboard.ui.controls import choice_control
from dashboard.ui.view import View

CURVES = {"pr": "Precision-recall", "roc": "ROC"}
DRAWN_AT_FIRST = 6
_NOTICE = "too_many_classes"


@dataclass(frozen=True)
class Choice:
    """drawn: indices of classes in the order of their colours; focus: one of them, None when none is drawn."""

    drawn: tuple[int, ...]
    focus: int | None
    curve: str


def curve_control() -> str:
    """A key of CURVES."""
    return choice_control("Curve", CURVES, key="curve", label_visibility="collapsed")


def drawn_classes(view: View) -> tuple[int, ...]:
    """What was chosen; before that the classes with the most positives, or all when they are few."""
    chosen = state.chosen_classes()
    if chosen is not None:
        return chosen
    if view.predictions.n_classes <= DRAWN_AT_FIRST:
        return tuple(range(view.predictions.n_classes))
    return tuple(by_support(view)[:DRAWN_AT_FIRST].tolist())


def by_support(view: View) -> np.ndarray:
    """Indices of all classes, those with the most positives first."""
    return np.argsort(-view.predictions.support, kind="stable")


def drawn_control(view: View) -> tuple[int, ...]:
    """A search field that holds the drawn classes; rows of the table choose the same."""
    drawn = drawn_classes(view)
    state.preset_widget("drawn_classes", list(drawn))
    st.multiselect(
        "Classes drawn",
        range(view.predictions.n_classes),
        format_func=view.predictions.class_names.__getitem__,
        key="drawn_classes",
        on_change=lambda: choose(state.widget_value("drawn_classes")),
        max_selections=MAX_DRAWN_CLASSES,
        placeholder="Search a class to draw",
        help=f"At most {MAX_DRAWN_CLASSES} together. The rows of the table below choose them too.",
    )
    return drawn


def choose(indices) -> None:
    """Draw these classes; too many are cut off and said so until the next choice."""
    indices = list(indices)
    state.forget(_NOTICE)
    if not state.choose_classes(indices):
        state.remember(
            _NOTICE,
            f"At most {MAX_DRAWN_CLASSES} classes are drawn together: the first {MAX_DRAWN_CLASSES} of the "
            f"{len(indices):,} chosen are.",
        )


def show_notice() -> None:
    """Say that more was chosen than is drawn, if so."""
    if state.recalled(_NOTICE):
        st.info(state.recalled(_NOTICE), icon=":material/stacked_line_chart:")


def focus_control(view: View, drawn: tuple[int, ...]) -> int | None:
    """The class to look at closely: one of the drawn ones."""
    if not drawn:
        return None
    focus = state.focus() if state.focus() in drawn else drawn[0]
    state.preset_widget("focus_class", focus)
    st.selectbox(
        "Class in focus",
        drawn,
        format_func=view.predictions.class_names.__getitem__,
        key="focus_class",
        on_change=lambda: state.set_focus(state.widget_value("focus_class")),
        help="Its curve is in front; below are its own threshold and its scores.",
    )
    return focus
