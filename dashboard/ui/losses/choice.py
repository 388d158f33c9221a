"""Choose the loss variants and set their parameters."""

import streamlit as st

from dashboard.losses import LOSSES, LossSettings
from dashboard.losses.variant import Parameter
from dashboard.ui import state
from dashboard.ui.losses.chosen import MOST, Choice

OWN = "a number"


def losses_control(choice: Choice) -> None:
    """The chosen variants, each with its own row of parameters behind a button."""
    with st.container(horizontal=True, vertical_alignment="center", key="chosen_losses"):
        for number, settings in enumerate(choice.settings):
            with st.popover(settings.title, key=f"loss_{number}"):
                _show_settings(choice, number)
        with st.popover("More", icon=":material/add:", key="more_losses", disabled=len(choice.settings) >= MOST):
            _show_more(choice)


def _show_settings(choice: Choice, number: int) -> None:
    settings = choice.settings[number]
    variant = settings.variant
    st.markdown(f"**{variant.title}**")
    st.latex(variant.latex)
    st.caption(f"Source: {variant.source}. {variant.coupling} {variant.note}".strip())
    for parameter in variant.parameters:
        _parameter_control(choice, number, parameter)
    with st.container(horizontal=True):
        st.button(
            "Remove",
            key=f"loss_remove_{number}",
            icon=":material/close:",
            disabled=len(choice.settings) < 2,
            on_click=choice.remove,
            args=(number,),
        )
        st.button(
            "Defaults",
            key=f"loss_defaults_{number}",
            disabled=not settings.given,
            on_click=choice.replace,
            args=(number, LossSettings(settings.name)),
        )


def _parameter_control(choice: Choice, number: int, parameter: Parameter) -> None:
    """A flag, a rule or number, or a number; what is typed is checked by the parameter itself."""
    settings = choice.settings[number]
    key = f"loss_{number}_{settings.name}_{parameter.name}"
    value = settings.parameters[parameter.name]

    def take(key=key):
        _set(choice, number, parameter, state.widget_value(key))

    shared = {"key": key, "help": parameter.explanation or None, "on_change": take}
    if isinstance(parameter.default, bool):
        state.preset_widget(key, value)
        st.toggle(parameter.title, **shared)
    elif parameter.choices:
        _rule_control(parameter, value, shared, take)
    elif isinstance(value, tuple):
        st.caption(f"{parameter.title}: {len(value)} numbers, one for each class, as the address says.")
    else:
        state.preset_widget(key, float(value))
        ends = (max(parameter.minimum, -1e9), min(parameter.maximum, 1e9))
        if max(map(abs, ends)) < 1e3:
            st.slider(parameter.title, *ends, step=parameter.step or (ends[1] - ends[0]) / 100, format="%g", **shared)
        else:
            st.number_input(parameter.title, *ends, **shared)


def _rule_control(parameter: Parameter, value, shared, take) -> None:
    """A rule by its name, or one number for all classes."""
    titles = dict(parameter.choices) | ({OWN: OWN} if parameter.per_class else {})
    is_rule = isinstance(value, str)
    state.preset_widget(shared["key"], value if is_rule else OWN)
    st.selectbox(parameter.title, list(titles), format_func=titles.get, **shared)
    if not is_rule and not isinstance(value, tuple):
        key = f"{shared['key']}_number"
        state.preset_widget(key, float(value))
        low, high = max(parameter.minimum, -1e9), min(parameter.maximum, 1e9)
        st.number_input("Number", low, high, key=key, on_change=take, args=(key,), label_visibility="collapsed")


def _set(choice, number, parameter: Parameter, value) -> None:
    settings = choice.settings[number]
    value = 1.0 if value == OWN else value
    choice.replace(number, LossSettings.of(settings.name, **(dict(settings.given) | {parameter.name: value})))


def _show_more(choice: Choice) -> None:
    """Every variant, also one that is chosen already: two of a kind can differ in their parameters."""
    for name, variant in LOSSES.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                variant.title,
                key=f"loss_add_{name}",
                icon=":material/add:",
                disabled=LossSettings(name) in choice.settings,
                on_click=choice.add,
                args=(LossSettings(name),),
            )
            st.caption(variant.formula, width="stretch")
