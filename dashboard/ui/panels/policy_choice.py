"""What is done with rows of the table of policies: one is put in force, two are held side by side."""

import streamlit as st

from dashboard.core.policies.by_group import GroupThresholds
from dashboard.ui import applied
from dashboard.ui.panels import policy_compare, policy_floors, policy_reason
from dashboard.ui.panels.estimate_settings import EstimateSettings
from dashboard.ui.panels.policy_grid import BESIDE, CHOSEN, NOTHING, Table
from dashboard.ui.panels.policy_rows import CURRENT, READER, PolicyRow
from dashboard.ui.view import View


def show_choice(view: View, table: Table, settings: EstimateSettings) -> None:
    """One row to apply, or two to hold side by side."""
    # Without the mark of what is in force: a browser sends back the words it was shown, which must name a row after
    # "Apply" too.
    titles = {row.key: row.title for row in table.rows} | {NOTHING: "–"}
    with st.container(horizontal=True, vertical_alignment="bottom", key="policy_choice"):
        chosen = table.row(st.selectbox("Policy", table.keys, key=CHOSEN, format_func=titles.get, width=360))
        beside = st.selectbox(
            "Side by side with", [NOTHING, *table.keys], key=BESIDE, format_func=titles.get, width=360
        )
        st.button(
            "Apply",
            key="apply_policy",
            type="primary",
            icon=":material/check:",
            disabled=not chosen.applicable,
            on_click=_apply,
            args=(view, chosen),
        )
    if not chosen.applicable:
        st.caption(_why_not(chosen))
    policy_reason.show_shortfall(view, chosen)
    policy_floors.show_floor(view, chosen, table.estimates.get(chosen.key), settings)
    if beside not in (NOTHING, chosen.key):
        policy_compare.show_policy_compare(view, chosen, table.row(beside), settings)
    policy_reason.show_policy_reason(view, chosen)


def _apply(view: View, row: PolicyRow) -> None:
    applied.apply_policy(view, row.policy)


def _why_not(row: PolicyRow) -> str:
    if row.key == CURRENT:
        return "These thresholds are in force."
    if row.key.startswith(READER):
        return "A reader decides without thresholds, so nothing can be applied."
    if isinstance(row.outcome.rule, GroupThresholds):
        return (
            "Each group has thresholds of its own: no thresholds per class decide the same, so it cannot be applied. "
            "`python -m dashboard thresholds` writes it as a file."
        )
    return "This rule looks at whole samples: no thresholds per class decide the same, so it cannot be applied."
