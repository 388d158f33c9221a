"""Controls of the form: each shows one field of the draft and puts there what a visitor chooses."""

from collections.abc import Mapping

import streamlit as st

from dashboard.ui import state
from dashboard.ui.training import draft


def choice_field(label: str, options: Mapping[str, str], field: str, **look) -> str:
    """A key of `options`, side by side."""
    shared = _shared(field)
    st.segmented_control(
        label,
        list(options),
        format_func=options.get,
        required=True,
        on_change=_take,
        args=(field, options),
        **shared,
        **look,
    )
    return draft.value_of(field)


def list_field(label: str, options: Mapping[str, str], field: str, **look) -> str:
    """A key of `options`, in a list that opens."""
    shared = _shared(field)
    st.selectbox(
        label, list(options), format_func=options.get, on_change=_take, args=(field, options), **shared, **look
    )
    return draft.value_of(field)


def number_field(label: str, field: str, low, high, *, help: str = "", **look):
    """A whole number where the field holds one, else any number."""
    shared = _shared(field)
    value = draft.value_of(field)
    kind = type(value)
    if kind is float:
        look = {"format": "%g"} | look
    st.number_input(label, kind(low), kind(high), on_change=_take, args=(field,), help=help or None, **shared, **look)
    return value


def switch_field(label: str, field: str, *, help: str = "") -> bool:
    shared = _shared(field)
    st.toggle(label, on_change=_take, args=(field,), help=help or None, **shared)
    return draft.value_of(field)


def text_field(label: str, field: str, **look) -> str:
    shared = _shared(field)
    st.text_input(label, on_change=_take, args=(field,), **shared, **look)
    return draft.value_of(field)


def _shared(field: str) -> dict:
    """The widget's key, with the draft's value in it."""
    key = f"train_{field}"
    state.preset_widget(key, draft.value_of(field))
    return {"key": key}


def _take(field: str, options: Mapping[str, str] | None = None) -> None:
    """What a browser sends is not checked by Streamlit: what is no option, or of another kind, is dropped."""
    value = state.widget_value(f"train_{field}")
    if (options is None or value in options) and isinstance(value, type(draft.value_of(field))):
        draft.put(field, value)
