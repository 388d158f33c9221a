"""The editable table of classes: thresholds, locks, and what each class has to reach when the rest is optimised."""

import math

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import metrics, policies
from dashboard.core.policies.policy import NOT_PROVEN, OPTIMUM, UNREACHABLE
from dashboard.core.policies.targets import Target, TargetedPolicy
from dashboard.ui import applied, class_cache, state
from dashboard.ui.address import Threshold
from dashboard.ui.paged_table import PAGED_ABOVE, LongTable, page_control, page_of, sort_control
from dashboard.ui.panels import class_trust
from dashboard.ui.tables import show_download
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

EDITOR = "threshold_editor"
_SHOWN = "thresholds_in_the_editor"
BASES = {"best_per_class": "each at its best F1", "best_micro_f_beta": "all together, best micro-F1"}
EDITABLE = ("threshold", "lock", "precision ≥", "recall ≥", "miss costs")
_TARGETS = {"precision ≥": "precision_floor", "recall ≥": "recall_floor", "miss costs": "miss_cost"}


def show_threshold_editor(view: View) -> None:
    """Every class with its threshold to type, to lock, and to hold to a floor or a cost."""
    _optimise_control(view)
    trusted = class_trust.trust_control(view)
    table = threshold_table(view, trusted=trusted)
    _lock_buttons(view, table)
    _forget_stale_edits()
    shown = _shown(table)
    # The index names the classes: other rows make another editor, which has no edits of these.
    rows = table.iloc[shown].set_index(pd.Index(shown, name="index"))
    key = f"{EDITOR}_{state.recalled(EDITOR, 0)}"
    st.data_editor(
        rows,
        key=key,
        hide_index=True,
        width="stretch",
        placeholder="–",
        disabled=[name for name in table if name not in EDITABLE],
        column_config=_column_config(),
        on_change=_take_edits,
        args=(view, key, shown),
        alt="Classes with thresholds to edit, locks, floors, and the figures at these thresholds",
    )
    st.caption(
        "Type a threshold on the 0-1 scale (empty: never predicted), or lock a class: its threshold stays when a "
        'policy is applied. A floor or a cost is what the class has to reach when "Optimise" is pressed; floors come '
        "before the cost. Precision, recall and F1 are tuned here: those on these "
        f"{count(view.predictions.n_samples, 'sample')}."
    )
    if trusted:
        class_trust.show_trust_notes(view, class_trust.class_control(view))


def threshold_table(view: View, *, trusted: bool = False) -> pd.DataFrame:
    """One row per class in the order of the data; trusted: with the columns that need resampling."""
    facts = class_cache.class_facts(view.digest, view.run)
    counts, targets = view.counts, state.targets()
    locked = np.zeros(len(facts), dtype=bool)
    locked[[index for index in state.locked_classes() if index < len(facts)]] = True
    table = {"class": facts["class"], "support": facts["support"], "threshold": view.thresholds.thresholds}
    table["lock"] = locked
    table["precision"] = metrics.precision(counts, zero_division=np.nan)[0]
    table["recall"] = metrics.recall(counts, zero_division=np.nan)[0]
    table["F1"] = metrics.f_beta(counts, zero_division=np.nan)[0]
    table["best F1"] = facts["best F1"]
    for name, field in _TARGETS.items():
        column = np.full(len(facts), np.nan)
        for index, target in targets.items():
            column[index] = np.nan if getattr(target, field) is None else getattr(target, field)
        table[name] = column
    table["answer"] = answers(view)
    table["within 1 % of best"] = class_trust.plateau_column(view)
    return pd.DataFrame(table | (class_trust.trust_columns(view) if trusted else {}))


def answers(view: View) -> list[str]:
    """What came of each class when the thresholds in force were found, where there is something to say."""
    details, own = view.base_set().details, state.own_thresholds()
    states, targets, reached = (details.get(name, {}) for name in ("states", "targets", "reached"))

    def figures(index):
        return targets.get(index) or {name: float(values[index]) for name, values in reached.items()}

    return [
        _answer(states[index], figures(index)) if index < len(states) and index not in own else ""
        for index in range(view.predictions.n_classes)
    ]


def _answer(state_: str, reached: dict[str, float]) -> str:
    if state_ == OPTIMUM:
        return ""
    best = [f"{name} {short(value)}" for name, value in reached.items() if name.startswith("best reachable")]
    further = reached.get("further positives", math.nan)
    if state_ == NOT_PROVEN and math.isfinite(further):
        best = [f"{further:,.0f} more positives would prove it"]
    return f"{state_}: {', '.join(best)}" if best and state_ in (UNREACHABLE, NOT_PROVEN) else state_


def _shown(table) -> np.ndarray:
    """The positions of the rows on screen: all, or a page of those found, sorted."""
    found = np.arange(len(table))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input("Search classes", key="editor_search", type="search", placeholder="Class name", width=260)
        if text:
            found = np.flatnonzero(table["class"].str.contains(text.strip(), case=False, regex=False))
        if len(found) > PAGED_ABOVE:
            order, chosen = sort_control(LongTable.of(table.iloc[found]), EDITOR, "as in the data", 0, {})
            found = found[order]
    if len(found) > PAGED_ABOVE:
        found = page_of(found, page_control(EDITOR, len(found), (text, *chosen)))
    return found


def _optimise_control(view: View) -> None:
    """All classes that are not locked: those with a target by it, the rest together by one policy."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            "Classes without a target", list(BASES), key="optimise_by", format_func=BASES.get, width=320
        )
        st.button(
            "Optimise",
            key="optimise",
            type="primary",
            icon=":material/auto_fix_high:",
            on_click=_optimise,
            args=(view, name),
            help="Locked classes stay; classes with a floor or a cost are held to it",
        )


def _optimise(view: View, name: str) -> None:
    base, targets = policies.make_policy(name), state.targets()
    applied.apply_policy(view, TargetedPolicy.of(base, targets) if targets else base)
    start_anew()


def _lock_buttons(view: View, table: pd.DataFrame) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.button("Lock all", key="lock_all", on_click=_lock, args=(range(view.predictions.n_classes),))
        st.button("Unlock all", key="unlock_all", on_click=_lock, args=((),), disabled=not state.locked_classes())
        show_download(lambda: table, EDITOR, "thresholds_of_classes.csv")


def _lock(indices) -> None:
    state.lock_classes(indices)
    start_anew()


def start_anew() -> None:
    """Forget what was typed into the table: what it shows comes from elsewhere now."""
    state.remember(EDITOR, state.recalled(EDITOR, 0) + 1)


def _forget_stale_edits() -> None:
    """The browser lays its edits over whatever the table shows, and sends them all again with the next one: after an
    undo, or a policy applied, they are no longer in force.
    """
    if state.recalled(_SHOWN) not in (None, state.chosen()):
        start_anew()
    state.remember(_SHOWN, state.chosen())


def _take_edits(view: View, key: str, shown) -> None:
    """Puts into force what was typed. The browser sends all edits since the table was drawn; the same twice is none."""
    edits, locked, targets = {}, set(state.locked_classes()), state.targets()
    before = view.thresholds.thresholds
    for row, cells in state.widget_value(key)["edited_rows"].items():
        index = int(shown[int(row)])
        if "threshold" in cells and not _same(before[index], cells["threshold"]):
            edits[index] = _threshold(cells["threshold"])
        if "lock" in cells:
            (locked.add if cells["lock"] else locked.discard)(index)
        told = {field: cells[name] for name, field in _TARGETS.items() if name in cells}
        if told:
            targets[index] = targets.get(index, Target()).changed(**told)
    state.lock_classes(locked)
    state.set_targets(targets)
    applied.edit(view, edits)
    state.remember(_SHOWN, state.chosen())


def _threshold(typed: float | None) -> Threshold:
    """What a browser sends is checked again: outside 0-1 it is the nearer end."""
    return Threshold(math.nan if typed is None else min(max(float(typed), 0.0), 1.0))


def _same(threshold: float, typed: float | None) -> bool:
    return math.isnan(threshold) if typed is None else threshold == typed


def _column_config() -> dict:
    number = st.column_config.NumberColumn
    rate = number(format="%.3f")
    floor = {"format": "%.3f", "min_value": 0.0, "max_value": 1.0, "step": 0.001}
    text = st.column_config.TextColumn
    return {
        "class": st.column_config.TextColumn(pinned=True),
        "support": number(format="localized", help="Known positives"),
        "threshold": number(
            format="%.4g", min_value=0.0, max_value=1.0, help="On the 0-1 scale; empty: never predicted"
        ),
        "lock": st.column_config.CheckboxColumn(help="Stays as it is when a policy is applied"),
        "precision": rate,
        "recall": rate,
        "F1": rate,
        "best F1": number(format="%.3f", help="The highest F1 that one threshold reaches on these samples"),
        "precision ≥": number(**floor, help="A floor that Optimise holds this class to"),
        "answer": text(
            help="What came of the class when the thresholds in force were found, tuned here: by the samples they were "
            "found on. What a floor is worth on new samples stands with its policy"
        ),
        "within 1 % of best": text(
            help="Any threshold in this range has an F1 within 1 % of the best on these samples"
        ),
        "95 % of thresholds": text(help="Where the best threshold lies in 95 % of resamples, each tuned anew"),
        "best F1 expected": number(
            format="%.3f", help="Cross-fitted: each class tuned without the samples it is judged on"
        ),
        "expected 95 %": text(help="95 % interval of the expected F1"),
        "optimism": number(format="%.3f", help="Best F1 on these samples minus the expected one"),
        "recall ≥": number(**floor, help="A floor that Optimise holds this class to"),
        "miss costs": number(
            format="%.3g", min_value=0.0, help="One missed positive costs as much as this many false alarms"
        ),
    }
