"""A form that adds a row to the table of policies: a policy of the registry with the parameters somebody gives."""

import streamlit as st

from dashboard.core.policies import POLICIES, make_policy, parse_policy
from dashboard.escape import for_markdown
from dashboard.ui import policy_cache
from dashboard.ui.panels.policy_rows import add_policy, added_policies, place_in_view, remove_policy
from dashboard.ui.panels.policy_words import kind_aim, kind_name
from dashboard.ui.view import View


def show_policy_form(view: View) -> None:
    """Choose a policy and its parameters; it becomes a row. Added ones can be removed."""
    name = st.selectbox("Policy", list(POLICIES), key="add_kind", format_func=kind_name)
    kind = POLICIES[name]
    st.caption(kind_aim(name))
    parameters = {each.name: _parameter_control(view, name, each) for each in kind.parameters}
    if st.button("Add to the table", key="add_policy", type="primary"):
        _try_to_add(view, name, parameters)
    for text in added_policies():
        title = for_markdown(parse_policy(text).title)
        st.button(f"Remove {title}", key=f"remove_{text}", on_click=remove_policy, args=(text,), type="tertiary")


def _try_to_add(view, name, parameters) -> None:
    """Tuned once before it is added: some parameters do not go together, and the policy says which."""
    try:
        policy = make_policy(name, **parameters)
        policy_cache.tuned(place_in_view(view), policy, rowwise=False)
    except ValueError as error:
        st.error(str(error))
        return
    add_policy(policy)
    st.rerun()


def _parameter_control(view, name, parameter):
    key, default = f"add_{name}_{parameter.name}", parameter.default
    choices = _choices(view, parameter)
    if choices:
        return st.selectbox(
            parameter.label, choices, choices.index(default), key=key, format_func=lambda text: _words(parameter, text)
        )
    if isinstance(default, bool):
        return st.checkbox(parameter.label, default, key=key)
    if isinstance(default, str):
        return st.text_input(parameter.label, default, key=key)
    kind = type(default)
    low, high = (None if end is None else kind(end) for end in (parameter.low, parameter.high))
    step = 1 if kind is int or (high or 1) > 1 else 0.05
    return st.number_input(parameter.label, low, high, default, step=kind(step), key=key)


def _choices(view, parameter) -> list[str]:
    """What a parameter of text may be: a column of groups, a policy with thresholds per class, or as it says itself."""
    if parameter.name == "column":
        return ["", *view.dataset.group_columns]
    if parameter.name == "base":
        return [name for name, kind in POLICIES.items() if not kind.by_sample]
    return list(parameter.choices)


def _words(parameter, text: str) -> str:
    if parameter.name == "base":
        return make_policy(text).title
    return text.replace("_", " ") if text else "none"
