"""The table of policies: what each is worth on these samples and what to expect of it on new ones; apply one.

Where thresholds come from is `policy_rows`' job, what is expected of them `estimates`'; here both are put side by side.
"""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.ui import state
from dashboard.ui.controls import choice_control
from dashboard.ui.panels import estimates, headline
from dashboard.ui.panels.estimate_settings import EstimateSettings, show_estimate_settings, units_sentence
from dashboard.ui.panels.policy_choice import show_choice
from dashboard.ui.panels.policy_form import show_policy_form
from dashboard.ui.panels.policy_grid import JUDGES, Table, settle_choice, show_grid
from dashboard.ui.panels.policy_rows import CURRENT, PolicyRow, policy_rows
from dashboard.ui.policy_cache import Estimate
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

COLUMNS = {"both": "both", "tuned": "tuned here", "expected": "expected on new samples"}


def show_policy_table(view: View) -> None:
    """The table with its controls, the chosen row or two, and the buttons."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="policy_controls"):
        judge = choice_control("Judge by", {field: headline.COLUMNS[field] for field in JUDGES}, key="judge", wrap=True)
        columns = choice_control("Columns", COLUMNS, key="policy_columns", wrap=True)
        rowwise = headline.rowwise_wanted(view)
        settings = show_estimate_settings(view)
        with st.popover("Add a policy", icon=":material/add:"):
            show_policy_form(view)
    rows = policy_rows(view, rowwise=rowwise)
    found = estimates.find_estimates(view, rows, settings, shown=columns != "tuned")
    table = Table(_sorted(rows, found.by_key, judge), found.by_key, judge)
    st.markdown(_sentence(view, table, settings))
    settle_choice(table, is_complete=not found.missing)
    show_grid(table, columns)
    for note in _notes(view, table, settings):
        st.caption(note)
    show_choice(view, table, settings)
    estimates.continue_with(found)


def _sorted(rows, known, judge) -> list[PolicyRow]:
    """By what is expected where all of it is known, else by what was reached here; the best first."""
    tuned_only = any(row.policy is not None and row.key not in known for row in rows)

    def value(row):
        figures = row.outcome.figures if tuned_only or row.key not in known else known[row.key].figures
        found = getattr(figures, judge)
        return float("-inf") if found is None or found != found else found

    return sorted(rows, key=value, reverse=True)


def _sentence(view: View, table: Table, settings: EstimateSettings) -> str:
    """Which policy to apply by what is expected of it, what it is worth here, and which are higher but not the one."""
    title, leading, here = headline.COLUMNS[table.judge], table.leading, table.best_here
    if here is None:
        return f"{title} is undefined for every policy on these samples."
    leading = leading or here
    these, value = _these(view.predictions.n_samples), _here(leading, table)
    if leading.key in table.estimates:
        words = _estimate_words(table.estimates[leading.key], table.judge)
        said = f"Best {title} expected on new samples: {words}, {settings.words}, by *{for_markdown(leading.title)}*"
        said += f"; on {these} **{short(value)}**, tuned here."
        said += _better_but_not_applicable(table, leading)
    else:
        said = f"Best {title} on {these}: **{short(value)}**, tuned here, by *{for_markdown(leading.title)}*."
    if _here(here, table) > value:
        said += f" On {these} **{short(_here(here, table))}** by *{for_markdown(here.title)}*, tuned here{_also(here)}."
    return said


def _here(row: PolicyRow, table: Table) -> float:
    return getattr(row.outcome.figures, table.judge)


def _also(row: PolicyRow) -> str:
    return "" if row.applicable else "; it cannot be applied as thresholds per class"


def _better_but_not_applicable(table: Table, leading: PolicyRow) -> str:
    """A policy of which more is expected, though it gives no thresholds per class."""
    best = table.best_expected
    found, led = (getattr(table.estimates[row.key].figures, table.judge) for row in (best, leading))
    if best.key == leading.key or not found > led:
        return ""
    words = _estimate_words(table.estimates[best.key], table.judge)
    return f" More is expected of *{for_markdown(best.title)}*, {words}, which cannot be applied."


def _these(n_samples: int) -> str:
    return "this 1 sample" if n_samples == 1 else f"these {count(n_samples, 'sample')}"


def _estimate_words(estimate: Estimate, field: str) -> str:
    text = f"**{short(getattr(estimate.figures, field))}**"
    ends = estimate.interval_text(field)
    return f"{text} {for_markdown(ends)}" if ends else text


def _expected_note(view: View, settings: EstimateSettings) -> str:
    """What the expected figures are, or why there are none."""
    if not estimates.can_estimate(view, settings):
        return (
            "Expected: not shown, since cross-fitting needs 2 units or more, one to tune on and one to judge. Marked: "
            "the best policy of each column."
        )
    return (
        f"Expected: {settings.words}, with 95 % intervals over {settings.unit_words}. Marked: the best policy of each "
        "column; the highest of many expected figures is a little too high itself."
    )


def _notes(view: View, table: Table, settings: EstimateSettings) -> list[str]:
    """What the columns are, and what is missing in them."""
    n_samples = count(view.predictions.n_samples, "sample")
    said = [
        f"{units_sentence(view)} Here: tuned on {n_samples} and counted on them, which flatters every policy that "
        f"looks at labels. {_expected_note(view, settings)} ✓: in force."
    ]
    if state.locked_classes():
        said.append(
            f"{count(len(state.locked_classes()), 'locked class keeps its', 'locked classes keep their')} threshold in "
            "every policy with a threshold per class; the others are found beside it."
        )
    is_complete = all(row.policy is None or row.key in table.estimates for row in table.rows)
    if CURRENT in table.keys and is_complete and settings.held_out is None:
        said.append("The current thresholds have no expected figure of their own: it depends on how they were found.")
    return said
