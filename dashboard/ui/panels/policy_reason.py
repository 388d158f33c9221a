"""How a policy is found and what is proved of it, in plain words. Folded until somebody asks."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.policies.policy import (
    BEST_FOUND,
    CALIBRATED,
    LOCKED,
    MET,
    NO_POSITIVES,
    NOT_MET,
    NOT_PROVEN,
    OPTIMUM,
    SHRUNKEN,
    TOO_FEW,
    UNREACHABLE,
)
from dashboard.core.scale import to_unit_threshold
from dashboard.escape import for_markdown
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.panels.policy_rows import PolicyRow
from dashboard.ui.panels.policy_words import aim
from dashboard.ui.view import View
from dashboard.ui.wording import count, listed, short

_STATES = {
    OPTIMUM: "at the optimum: of all thresholds none is better on these samples, and of equally good ones it is the "
    "highest",
    BEST_FOUND: "the best that a search found on these samples, which need not be the best there is",
    CALIBRATED: "cut where its calibrated probability reaches half of the F1 that calibrated scores promise",
    MET: "what was asked for is met, with the most of the other metric",
    NOT_PROVEN: "met by the count on these samples, not proven by its 95 % limit",
    NOT_MET: "what was asked for is not met",
    UNREACHABLE: "no threshold reaches what was asked for",
    NO_POSITIVES: "without a known positive there is nothing to tune on, so it is never predicted",
    TOO_FEW: "too few positives to tune on",
    SHRUNKEN: "few positives, so drawn from its own optimum towards the threshold of all classes together",
    LOCKED: "locked by you: kept, and the others optimised beside it",
}
_TRACE_COLUMNS = 12


def show_policy_reason(view: View, row: PolicyRow) -> None:
    """The expander under the chosen row; a reader's decisions and the current thresholds have no such reason."""
    if row.policy is None:
        return
    details = row.outcome.rule.details
    is_best = OPTIMUM in details.get("states", ()) and BEST_FOUND not in details["states"]
    title = "Why this is the best" if is_best else "How this is found, and what is proved"
    with st.expander(title, on_change="rerun", key="policy_reason") as reason:
        if not reason.open:
            return
        for sentence in reason_sentences(view, row):
            st.markdown(sentence)
        _show_trace(details.get("certificate", {}))
        if "dropped" in details and "kept" in details:
            _show_intervals(view, details)


def reason_sentences(view: View, row: PolicyRow) -> list[str]:
    """What is made best, the value reached, the proof, and how the classes ended; for Markdown."""
    details, n_samples = row.outcome.rule.details, count(view.predictions.n_samples, "sample")
    metric = details.get("metric")
    said = [f"{aim(row.policy)} It was tuned on these {n_samples}, and on no others."]
    if metric is not None and details.get("value") is not None:
        said.append(
            f"{for_markdown(str(metric))} is **{short(float(details['value']), 6)}** there{_fraction(details)}."
        )
    said += [for_markdown(each) for each in _certificate_words(details.get("certificate", {}))]
    return said + _state_sentences(details.get("states", ()))


def _fraction(details) -> str:
    """The value as the fraction it is, where the policy gives one."""
    fraction = details.get("certificate", {}).get("fraction") or details.get("fraction")
    if fraction is None:
        return ""
    top, bottom = fraction if isinstance(fraction, tuple | list) else (fraction.numerator, fraction.denominator)
    return f", exactly {int(top):,} / {int(bottom):,}"


def _certificate_words(certificate: dict) -> list[str]:
    """The proof in words: entries that are known, then others that are a word or a number."""
    said = []
    if certificate.get("kind") == "exact":
        said.append("Exact: among all thresholds that the policy may choose there is no better value on these samples.")
    elif "kind" in certificate:
        said.append(f"{_words(str(certificate['kind']))}, not proven to be the best there is.")
    if "gains" in certificate:
        largest = float(np.max(certificate["gains"], initial=0.0))
        said.append(
            f"The most that moving any one class could still add is {largest:g}; at 0 no combination of moves helps "
            "either, since the classes add up."
        )
    if "slope" in certificate:
        said.append(
            f"So scores are predicted as long as more than {certificate['slope']:.6g} of the next block are positive."
        )
    return said + [text for name, value in certificate.items() if (text := _entry_words(name, value))]


def _entry_words(name: str, value) -> str:
    if name in ("kind", "gains", "slope", "fraction", "trace"):
        return ""
    if isinstance(value, str):
        return f"{_words(name)}: {value}."
    if isinstance(value, bool | np.bool_):
        return f"{_words(name)}: {'yes' if value else 'no'}."
    if isinstance(value, int | np.integer):
        return f"{_words(name)}: {value:,}."
    return f"{_words(name)}: {value:.9g}." if isinstance(value, float | np.floating) else ""


def _words(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _state_sentences(states) -> list[str]:
    """How many classes ended in which state."""
    said = []
    for state_, words in _STATES.items():
        n_classes = sum(each == state_ for each in states)
        if n_classes:
            said.append(f"{count(n_classes, 'class', 'classes')}: {words}.")
    return said


def _show_trace(certificate: dict) -> None:
    """The steps to the optimum, one row each."""
    trace = certificate.get("trace")
    if trace is None or not len(trace):
        return
    rows = [each if isinstance(each, dict) else {"value": each} for each in trace]
    frame = pd.DataFrame(rows).map(lambda value: value if isinstance(value, int | float) else str(value))
    frame.insert(0, "step", range(1, len(frame) + 1))
    st.caption("The steps: each starts from the value before it and stops where no class improves it any more.")
    st.dataframe(
        frame.iloc[:, :_TRACE_COLUMNS], hide_index=True, key="policy_trace", alt="The steps to the optimum, one a row"
    )


def _show_intervals(view: View, details: dict) -> None:
    """Between which scores each threshold may lie without any decision here changing."""
    p, states = view.predictions, details.get("states", ())
    dropped, kept = (np.broadcast_to(details[name], (p.n_classes,)) for name in ("dropped", "kept"))
    table = pd.DataFrame(
        {
            "class": p.class_names,
            "above": to_unit_threshold(dropped, p.score_kind),
            "up to": to_unit_threshold(kept, p.score_kind),
            "state": states if len(states) == p.n_classes else "",
        }
        | {name: values for name, values in details.get("reached", {}).items() if np.shape(values) == (p.n_classes,)}
    )
    st.caption("Every threshold above the first and up to the second decides the same on these samples (0-1 scale).")
    number = st.column_config.NumberColumn(format="%.4f")
    show_paged_table(
        table,
        "policy_intervals",
        file_name="threshold_intervals.csv",
        alt="The interval of each class's threshold in which no decision changes",
        given_order="order of the data",
        about=(view.digest, view.run, str(details.get("policy"))),
        column_config={name: number for name in table if name not in ("class", "state")},
        placeholder="–",
    )


def show_shortfall(view: View, row: PolicyRow) -> None:
    """Which classes do not reach what the chosen policy asks for, and what they could reach at best."""
    states, reached = row.states, getattr(row.outcome.rule, "details", {}).get("reached", {})
    missed = [index for index, each in enumerate(states) if each == UNREACHABLE]
    unproven = [index for index, each in enumerate(states) if each == NOT_PROVEN]
    if missed:
        best = next((values for name, values in reached.items() if name.startswith("best reachable")), None)
        names = listed(missed, write=lambda index: _class_words(view, index, best, "at best"))
        st.warning(
            f"No threshold reaches what is asked for in {names}: never predicted there.",
            icon=":material/flag:",
        )
    if unproven:
        more = next((values for name, values in reached.items() if name.startswith("further")), None)
        names = listed(unproven, write=lambda index: _class_words(view, index, more, "further positives needed"))
        st.info(f"Met by the counts on these samples, not by their 95 % limit: {names}.", icon=":material/help:")


def _class_words(view, index, values, what) -> str:
    name = for_markdown(view.predictions.class_names[index])
    if values is None or not np.isfinite(values[index]):
        return name
    said = short(values[index]) if values[index] <= 1 else f"{np.ceil(values[index]):,.0f}"
    return f"{name} ({said} {what})"
