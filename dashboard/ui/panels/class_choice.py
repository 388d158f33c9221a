"""Which classes are drawn, which of them is in focus, and as which curve; the choice itself lives in `state`."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from dashboard.ui import state
from dashboard.ui.address import MAX_CHOSEN_CLASSES
from dashboard.ui.controls import choice_control
from dashboard.ui.paged_table import PAGED_ABOVE
from dashboard.ui.view import View

MULTIPLES = "multiples"
CURVES = {"pr": "Precision-recall", "roc": "ROC", MULTIPLES: "Small multiples"}
_NOTICE = "class_notice"


@dataclass(frozen=True)
class Drawable:
    """How many classes a kind of chart draws: at most, at first, and up to how many all of them at first."""

    most: int
    at_first: int
    all_up_to: int


_TOGETHER = Drawable(most=12, at_first=6, all_up_to=6)
_BESIDE = Drawable(most=MAX_CHOSEN_CLASSES, at_first=12, all_up_to=MAX_CHOSEN_CLASSES)


def drawable(curve: str) -> Drawable:
    return _BESIDE if curve == MULTIPLES else _TOGETHER


@dataclass(frozen=True)
class Choice:
    """drawn: indices of classes in the order of their colours; focus: one of them, None when none is drawn."""

    drawn: tuple[int, ...]
    focus: int | None
    curve: str


def curve_control() -> str:
    """A key of CURVES."""
    return choice_control("Curve", CURVES, key="curve")


def drawn_classes(view: View, curve: str) -> tuple[int, ...]:
    """What was chosen; before that the classes with the most positives, or all when they are few."""
    limits, chosen = drawable(curve), state.chosen_classes()
    if chosen is not None:
        return chosen[: limits.most]
    if view.predictions.n_classes <= limits.all_up_to:
        return tuple(range(view.predictions.n_classes))
    support = view.whole.first_run.support  # of all samples, so that a group has the same classes and colours
    return tuple(np.argsort(-support, kind="stable")[: limits.at_first].tolist())


def by_support(view: View) -> np.ndarray:
    """Indices of all classes, those with the most positives first."""
    return np.argsort(-view.predictions.support, kind="stable")


def drawn_control(view: View, curve: str) -> tuple[int, ...]:
    """A search field that holds the drawn classes; rows of the table choose the same.

    Where the table has pages, and a search of its own, the field holds nothing but the drawn ones: thousands of names
    would be sent with it.
    """
    drawn, most = drawn_classes(view, curve), drawable(curve).most
    is_long = view.predictions.n_classes > PAGED_ABOVE
    state.preset_widget("drawn_classes", list(drawn))
    st.multiselect(
        "Classes drawn",
        drawn if is_long else range(view.predictions.n_classes),
        format_func=view.predictions.class_names.__getitem__,
        key="drawn_classes",
        on_change=lambda: choose(state.widget_value("drawn_classes"), curve),
        max_selections=most,
        placeholder="Tick classes in the table below" if is_long else "Search a class to draw",
        help=f"At most {most} together. The rows of the table below choose them too.",
    )
    return drawn


def choose(indices, curve: str) -> None:
    """Draw these classes; too many are cut off and said so until the next choice."""
    indices, most = list(indices), drawable(curve).most
    state.forget(_NOTICE)
    state.choose_classes(indices[:most])
    if len(indices) > most:
        notify(_cut_off(most, len(indices)))


def notify(sentence: str) -> None:
    """Say this beside the table of classes until the next choice."""
    state.remember(_NOTICE, sentence)


def show_notice(curve: str) -> None:
    """Say that more was chosen than is drawn, or what else stood in the way."""
    most, n_chosen = drawable(curve).most, len(state.chosen_classes() or ())
    sentence = _cut_off(most, n_chosen) if n_chosen > most else state.recalled(_NOTICE)
    if sentence:
        st.info(sentence, icon=":material/stacked_line_chart:")


def _cut_off(most: int, n_chosen: int) -> str:
    return f"At most {most} classes are drawn together: the first {most} of the {n_chosen:,} chosen are."


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
