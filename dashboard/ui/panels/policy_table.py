"""The table of policies: what each is worth on these samples and what to expect of it on new ones; apply one.

Where thresholds come from is `policy_rows`' job, what is expected of them `estimates`'; here both are put side by side.
"""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.escape import for_markdown
from dashboard.ui import applied, state
from dashboard.ui.controls import choice_control
from dashboard.ui.panels import estimates, headline, policy_compare, policy_reason
from dashboard.ui.panels.estimate_settings import EstimateSettings, show_estimate_settings, units_sentence
from dashboard.ui.panels.policy_form import show_policy_form
from dashboard.ui.panels.policy_rows import CURRENT, READER, PolicyRow, policy_rows
from dashboard.ui.policy_cache import Estimate
from dashboard.ui.tables import show_download
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

FIGURES = (
    "micro_f1",
    "macro_f1",
    "weighted_f1",
    "samples_f1",
    "exact_match",
    "predicted_cardinality",
    "n_predicted_empty",
)
JUDGES = FIGURES[:5]  # higher is better
COLUMNS = {"both": "both", "tuned": "tuned here", "expected": "expected on new samples"}
BEST = "background-color: rgba(46, 160, 67, 0.22); font-weight: bold"
KEY, NOTHING = "policy_table", "nothing"


@dataclass(frozen=True, eq=False)
class Table:
    """The rows in the order shown, with what is expected of them as far as it is known, by the row's key."""

    rows: list[PolicyRow]
    estimates: dict[str, Estimate]
    judge: str

    @property
    def keys(self) -> list[str]:
        return [row.key for row in self.rows]

    def row(self, key: str) -> PolicyRow:
        return self.rows[self.keys.index(key)]


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
    found = estimates.find_estimates(view, rows, settings)
    table = Table(_sorted(rows, found.by_key, judge), found.by_key, judge)
    st.markdown(_sentence(view, table, settings))
    _show_table(table, columns)
    for note in _notes(view, table, settings):
        st.caption(note)
    _show_choice(view, table, settings)
    estimates.continue_with(found)  # last: it may start the run anew


def _sorted(rows, known, judge) -> list[PolicyRow]:
    """By what is expected where all of it is known, else by what was reached here; the best first."""
    tuned_only = any(row.policy is not None and row.key not in known for row in rows)

    def value(row):
        figures = row.outcome.figures if tuned_only or row.key not in known else known[row.key].figures
        found = getattr(figures, judge)
        return float("-inf") if found is None or found != found else found

    return sorted(rows, key=value, reverse=True)


def _best(table, figures_of) -> PolicyRow | None:
    """The row of a policy with the highest figure that it is judged by."""
    tuned = [row for row in table.rows if row.policy is not None and figures_of(row) is not None]
    values = {row.key: getattr(figures_of(row), table.judge) for row in tuned}
    defined = [row for row in tuned if values[row.key] is not None and values[row.key] == values[row.key]]
    return max(defined, key=lambda row: values[row.key], default=None)


def _sentence(view: View, table: Table, settings: EstimateSettings) -> str:
    """Which policy is best here, what it is worth here, and what to expect of it."""
    title = headline.COLUMNS[table.judge]
    here = _best(table, lambda row: row.outcome.figures)
    if here is None:
        return f"{title} is undefined for every policy on these samples."
    value = short(getattr(here.outcome.figures, table.judge))
    said = (
        f"Best {title} on {_these(view.predictions.n_samples)}: **{value}**, tuned here, by "
        f"*{for_markdown(here.title)}*."
    )
    if here.key not in table.estimates:
        return said
    said += f" Expected on new samples: {_estimate_words(table.estimates[here.key], table.judge)}, {settings.words}."
    expected = _best(table, lambda row: table.estimates[row.key].figures if row.key in table.estimates else None)
    if expected is None or expected.key == here.key:
        return said
    words = _estimate_words(table.estimates[expected.key], table.judge)
    return f"{said} The highest expected: {words}, by *{for_markdown(expected.title)}*."


def _these(n_samples: int) -> str:
    return "this 1 sample" if n_samples == 1 else f"these {count(n_samples, 'sample')}"


def _estimate_words(estimate: Estimate, field: str) -> str:
    text = f"**{short(getattr(estimate.figures, field))}**"
    ends = estimate.interval_text(field)
    return f"{text} {for_markdown(ends)}" if ends else text


def policy_frame(table: Table) -> pd.DataFrame:
    """A row per policy; a figure is a column for "tuned here", one for "expected", and its 95 % interval as text.

    The figure that is judged by comes first.
    """
    columns = {"policy": [row.name for row in table.rows]}
    for field in sorted(FIGURES, key=lambda field: field != table.judge):
        title = headline.COLUMNS[field]
        known = [table.estimates.get(row.key) for row in table.rows]
        columns[title] = [getattr(row.outcome.figures, field) for row in table.rows]
        columns[f"{title} expected"] = [None if each is None else getattr(each.figures, field) for each in known]
        columns[f"{title} 95 %"] = [None if each is None else each.interval_text(field) for each in known]
    frame = pd.DataFrame(columns)
    numbers = [name for name in frame if name != "policy" and not name.endswith("95 %")]
    frame["note"] = [row.note or None for row in table.rows]
    return frame.astype(dict.fromkeys(numbers, "float64"))


def _shown_columns(frame: pd.DataFrame, columns: str) -> list[str]:
    def wanted(name):
        if name == "policy" or not frame[name].notna().any():
            return name == "policy"
        is_expected = name.endswith((" expected", " 95 %"))
        return name == "note" or columns == "both" or is_expected == (columns == "expected")

    return [name for name in frame if wanted(name)]


def _show_table(table: Table, columns: str) -> None:
    frame = policy_frame(table)
    shown = frame[_shown_columns(frame, columns)]
    judged = [headline.COLUMNS[field] for field in JUDGES]
    marked = [name for name in shown if name in judged or name.removesuffix(" expected") in judged]
    policies = [number for number, row in enumerate(table.rows) if row.policy is not None]
    styled = shown.style.highlight_max(subset=(policies, marked), axis=0, props=BEST)

    def choose():
        rows = (state.widget_value(f"{KEY}_rows") or {}).get("selection", {}).get("rows", [])
        picked = [table.keys[row] for row in rows if 0 <= row < len(table.keys)]
        state.preset_widget("policy_chosen", picked[0] if picked else table.keys[0])
        state.preset_widget("policy_beside", picked[1] if len(picked) > 1 else NOTHING)

    with st.container(key=KEY, gap="xsmall"):
        st.dataframe(
            styled,
            key=f"{KEY}_rows",
            hide_index=True,
            width="stretch",
            height="content" if len(shown) <= 30 else 1_000,
            alt="A row per policy with its figures tuned here and expected on new samples; the same choice of rows is "
            "in the two lists below",
            column_config=_column_config(shown),
            placeholder="–",
            on_select=choose,
            selection_mode="multi-row",
        )
        show_download(lambda: frame, KEY, "policies.csv")


def _column_config(shown) -> dict:
    number, config = st.column_config.NumberColumn, {}
    for field in FIGURES:
        title, help_ = headline.COLUMNS[field], headline.HELP.get(field, "")
        style = {"n_predicted_empty": "localized", "predicted_cardinality": "%.2f"}.get(field, "%.3f")
        config[title] = number(f"{title}, here", format=style, help=f"{help_} On the samples it was tuned on.")
        config[f"{title} expected"] = number(format=style, help=f"{help_} On samples it was not tuned on.")
    config["policy"] = st.column_config.TextColumn(pinned=True, width=235)
    return {name: each for name, each in config.items() if name in shown}


def _notes(view: View, table: Table, settings: EstimateSettings) -> list[str]:
    """What the columns are, and what is missing in them."""
    n_samples = count(view.predictions.n_samples, "sample")
    said = [
        f"{units_sentence(view)} Here: tuned on {n_samples} and counted on them, which flatters every policy that "
        f"looks at labels. Expected: {settings.words}, with 95 % intervals over {settings.unit_words}. Marked: the "
        "best policy of each column. ✓: in force."
    ]
    missing = [row for row in table.rows if row.policy is not None and row.key not in table.estimates]
    if not missing:
        said.append(
            "The current thresholds have no expected figure of their own: it depends on how they were found."
            if settings.held_out is None
            else ""
        )
    return [each for each in said if each]


def _show_choice(view: View, table: Table, settings: EstimateSettings) -> None:
    """One row to apply, or two to hold side by side."""
    for key, options in (("policy_chosen", table.keys), ("policy_beside", [NOTHING, *table.keys])):
        if state.widget_value(key) not in options:
            state.preset_widget(key, _first_choice(table) if key == "policy_chosen" else NOTHING)
    titles = {row.key: row.name for row in table.rows} | {NOTHING: "–"}
    with st.container(horizontal=True, vertical_alignment="bottom", key="policy_choice"):
        chosen = table.row(st.selectbox("Policy", table.keys, key="policy_chosen", format_func=titles.get, width=360))
        beside = st.selectbox(
            "Side by side with", [NOTHING, *table.keys], key="policy_beside", format_func=titles.get, width=360
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
    if beside not in (NOTHING, chosen.key):
        policy_compare.show_policy_compare(view, chosen, table.row(beside), settings)
    policy_reason.show_policy_reason(view, chosen)


def _first_choice(table: Table) -> str:
    best = _best(table, lambda row: row.outcome.figures)
    return table.keys[0] if best is None else best.key


def _apply(view: View, row: PolicyRow) -> None:
    applied.apply_policy(view, row.policy)


def _why_not(row: PolicyRow) -> str:
    if row.key == CURRENT:
        return "These thresholds are in force."
    if row.key.startswith(READER):
        return "A reader decides without thresholds, so nothing can be applied."
    return "This rule looks at whole samples: no thresholds per class decide the same, so it cannot be applied."
