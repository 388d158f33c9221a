"""What a floor policy is worth on samples it was not tuned on: met, not proven or not met, class by class.

Judged by the lower 95 % limit on cross-fitted or held-out counts, whatever the floor asked for on these samples.
"""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.core.policies import floor_asked, judged_on
from dashboard.core.policies.floor_judging import Floor
from dashboard.core.policies.policy import MET, NOT_MET, NOT_PROVEN
from dashboard.core.resampling import CROSS_FITTED, HELD_OUT
from dashboard.escape import for_markdown
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.panels.estimate_settings import EstimateSettings
from dashboard.ui.panels.policy_rows import PolicyRow
from dashboard.ui.policy_cache import Estimate
from dashboard.ui.view import View
from dashboard.ui.wording import count, listed, short

TABLE = "policy_floor"


def show_floor(view: View, row: PolicyRow, estimate: Estimate | None, settings: EstimateSettings) -> None:
    """A sentence, the classes that fall short of it, and all classes behind an expander; nothing for other policies."""
    rule = row.outcome.rule
    floor = floor_asked(rule.details) if isinstance(rule, ThresholdSet) else None
    if floor is None:
        return
    if estimate is None or estimate.counts is None:
        st.caption(f"The {floor.of} is that of the samples it was tuned on: whether new ones keep it is not known yet.")
        return
    judged = judged_on(rule, estimate.counts, CROSS_FITTED if settings.held_out is None else HELD_OUT)
    st.markdown(floor_sentence(floor, judged, settings))
    for state_ in (NOT_PROVEN, NOT_MET):
        _show_classes(judged, floor, state_)
    with st.expander("The floor in each class", on_change="rerun", key="policy_floor_classes") as classes:
        if classes.open:
            _show_table(view, row, judged, settings)


def floor_sentence(floor: Floor, judged: ThresholdSet, settings: EstimateSettings) -> str:
    """In how many classes the floor holds on samples not tuned on, for Markdown."""
    states = judged.details["states"]
    numbers = ((state_, states.count(state_)) for state_ in dict.fromkeys((MET, NOT_PROVEN, NOT_MET, *states)))
    told = "; ".join(f"{state_} in {count(n, 'class', 'classes')}" for state_, n in numbers if n)
    words = (
        f"{floor.of.capitalize()} of at least {floor.value:g} by its lower 95 % limit, {settings.words}: **{told}**."
    )
    if judged.details["parameters"].get("column"):
        words += " Judged over all samples, not in each group."
    if settings.unit is not None:
        words += " The limit takes samples as independent; those of one unit are not, so it may be too high."
    return words


def floor_table(row: PolicyRow, judged: ThresholdSet) -> pd.DataFrame:
    """A row per class: its state and both metrics tuned here and on samples not tuned on, and the lower limit there."""
    where, here, there = judged.details["judged"], row.outcome.rule.details, judged.details
    floor = floor_asked(there)
    table = {"class": judged.class_names, f"state, {where}": there["states"]}
    for name in (floor.of, floor.other):
        table[f"{name}, {where}"] = there["reached"][name]
        if name == floor.of:
            limit = f"lower limit of {name}"
            table[f"{limit}, {where}"] = there["reached"][limit]
            further = there["reached"]["further positives"]
            table["further positives needed"] = np.where(np.isfinite(further), further, np.nan)
    table["state, tuned here"] = here["states"]
    table |= {f"{name}, tuned here": here["reached"][name] for name in (floor.of, floor.other)}
    table[f"best reachable {floor.of}, tuned here"] = here["reached"][f"best reachable {floor.of}"]
    return pd.DataFrame(table)


def _show_table(view, row, judged, settings) -> None:
    table = floor_table(row, judged)
    rate = st.column_config.NumberColumn(format="%.3f")
    config = {name: rate for name in table if table[name].dtype.kind == "f"}
    config["further positives needed"] = st.column_config.NumberColumn(
        format="localized",
        help="Known positives beyond these that would prove the floor, were the rates to stay as they are; empty where "
        "the rate is not above the floor",
    )
    show_paged_table(
        table,
        TABLE,
        file_name="floor_of_classes.csv",
        alt="The state of the floor in each class, with precision and recall, tuned here and on samples not tuned on",
        given_order="order of the data",
        about=(view.digest, view.run, row.key, repr(settings)),
        column_config=config,
        placeholder="–",
    )


def _show_classes(judged: ThresholdSet, floor: Floor, state_: str) -> None:
    """The first classes in this state, with both metrics and what a proof would take."""
    found = [index for index, each in enumerate(judged.details["states"]) if each == state_]
    if found:
        names = listed(
            found, write=lambda index: f"{for_markdown(judged.class_names[index])} {_words(judged, floor, index)}"
        )
        st.markdown(f"{state_[:1].upper()}{state_[1:]}: {names}.")


def _words(judged, floor, index) -> str:
    figures = {name: values[index] for name, values in judged.details["reached"].items()}
    limit, further = figures[f"lower limit of {floor.of}"], figures["further positives"]
    said = [f"{floor.of} {short(figures[floor.of])}, lower limit {short(limit)}"]
    said.append(f"{floor.other} {short(figures[floor.other])}")
    if judged.details["states"][index] == NOT_PROVEN:
        proof = f"{further:,.0f} more positives" if np.isfinite(further) else "no number of positives at this rate"
        said.append(f"{proof} would prove it")
    return f"({'; '.join(said)})"
