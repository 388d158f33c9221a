"""What a change of thresholds does to a reviewer's day: what flips, which samples, and the work per 1,000 samples."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, ThresholdSet
from dashboard.core.flips import FlipCounts
from dashboard.core.prevalence_shift import per_thousand
from dashboard.ui import applied, class_cache, state, worklist_cache
from dashboard.ui.panels import samples
from dashboard.ui.panels.sample_list import FLIPS, Listing
from dashboard.ui.view import View
from dashboard.ui.wording import count

REFERENCES = {
    "before": "those before the last change",
    "half": "0.5 for all classes",
    "best": "each class at its best F1",
}
OTHERWISE = {
    "before": "before the last change",
    "half": "at 0.5 for all classes",
    "best": "with each class at its best F1",
}
ALL = -1  # in place of the index of a class
_AGAINST, _FACTOR, _PREVALENCE = "day_against", "day_prevalence", "day_class_prevalence"
_CLASS, _WORK_CLASS = "day_class", "day_work_class"


@dataclass(frozen=True, eq=False)
class Change:
    """From one set of thresholds to the current one, with the counts at both, one row each.

    name, otherwise: the first set, as after "against" and "decided otherwise than".
    """

    before: ThresholdSet
    after: ThresholdSet
    counts_before: Counts
    counts_after: Counts
    name: str
    otherwise: str

    @property
    def flips(self) -> FlipCounts:
        return FlipCounts.between(self.counts_before, self.counts_after)


def show_reviewer_day(view: View) -> None:
    """The choice of what to compare with, then flips, work per 1,000 samples, and the samples themselves."""
    change = _change_control(view)
    st.markdown(flip_sentence(change))
    _show_work(view, change)
    if change.flips.total.any():
        st.subheader("What flips", anchor=False)
        _show_flipping(view, change)


def flip_sentence(change: Change) -> str:
    """All flips, in numbers."""
    flips = change.flips
    if not flips.total.any():
        return f"Nothing flips against {change.name}."
    gained, lost, added, removed = (int(each.sum()) for each in (flips.gained, flips.lost, flips.added, flips.removed))
    return (
        f"Against {change.name}: **{count(gained, 'positive')}** more found and **{lost:,}** lost, "
        f"**{count(added, 'false alarm')}** added and **{removed:,}** removed."
    )


def _change_control(view: View) -> Change:
    options = [key for key in REFERENCES if key != "before" or state.chosen_before() is not None]
    held = state.recalled(_AGAINST)
    state.preset_widget(_AGAINST, held if held in options else options[0])
    against = st.selectbox(
        "Compare the thresholds in force with",
        options,
        key=_AGAINST,
        format_func=REFERENCES.get,
        on_change=lambda: state.remember(_AGAINST, state.widget_value(_AGAINST)),
        width=320,
    )
    before = _reference(view, against)
    counts = view.ranked.counts(before), view.counts
    return Change(before, view.thresholds, *counts, REFERENCES[against], OTHERWISE[against])


def _reference(view: View, against: str) -> ThresholdSet:
    if against == "before":
        return applied.previous_thresholds(view)
    if against == "half":
        return ThresholdSet.from_unit(view.predictions, 0.5)
    best = class_cache.best_f1(view.digest, view.run)
    values = np.where(np.isnan(best.value), view.thresholds.score_thresholds, best.score_thresholds)
    return ThresholdSet.from_scores(view.predictions, values)


@st.fragment
def _show_work(view: View, change: Change) -> None:
    """Of all classes together or of one, at a prevalence that somebody states; a fragment: nothing else needs it."""
    st.subheader("Per 1,000 samples", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        index = _class_control(view, "Of", _WORK_CLASS, [ALL, *range(view.predictions.n_classes)])
        prevalence, said = _factor_control(view) if index == ALL else _prevalence_control(view, index)
    st.dataframe(
        work_table(view, change, prevalence, None if index == ALL else index),
        key="day_work",
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="%.1f") for name in ("before", "now", "change")},
        alt="Work per 1,000 samples before and now",
        placeholder="–",
    )
    st.caption(
        f"{said} The rates at which positives are found and negatives are false alarms stay those of these "
        f"{count(view.predictions.n_samples, 'sample')}."
        + (" Flagged samples, with any class predicted, are those of these samples." if index == ALL else "")
    )


def _factor_control(view: View) -> tuple[np.ndarray, str]:
    observed = _observed(view)
    factor = st.number_input("Prevalence in use / prevalence here", 0.0, 1000.0, 1.0, step=0.1, key=_FACTOR, width=260)
    prevalence = np.clip(observed * factor, 0.0, 1.0)
    where = "as" if factor == 1 else f"{factor:g} times as many as"
    return prevalence, f"At {float(prevalence.sum()):.3g} positives per sample over all classes, {where} here."


def _prevalence_control(view: View, index: int) -> tuple[np.ndarray, str]:
    observed = _observed(view)
    positives = st.number_input(
        "Positives per 1,000 samples in use",
        0.0,
        1000.0,
        float(1000 * observed[index]),
        step=1.0,
        format="%.4g",
        key=f"{_PREVALENCE}_{index}_{view.digest}",
        width=260,
    )
    observed[index] = positives / 1000
    here = 1000 * view.predictions.support[index] / max(1, view.predictions.n_known[index])
    return observed, f"Here {here:.4g} of 1,000 samples are positive."


def _observed(view: View) -> np.ndarray:
    p = view.predictions
    return p.support / np.maximum(p.n_known, 1)


def work_table(view: View, change: Change, prevalence, index: int | None = None) -> pd.DataFrame:
    """False alarms, misses and flagged samples per 1,000 samples, of one class or summed over those with rates."""
    work = [per_thousand(counts, prevalence) for counts in (change.counts_before, change.counts_after)]
    take = np.nansum if index is None else (lambda values: values[0, index])
    rows = {
        "false alarms": [float(take(each.false_alarms)) for each in work],
        "misses": [float(take(each.misses)) for each in work],
    }
    if index is None:
        rows["flagged samples (as here)"] = [_flagged(view, each) for each in (change.before, change.after)]
    else:
        rows["flagged samples"] = [
            float(take(each.false_alarms)) + 1000 * prevalence[index] - float(take(each.misses)) for each in work
        ]
    before, now = np.array(list(rows.values())).T
    return pd.DataFrame({"per 1,000 samples": list(rows), "before": before, "now": now, "change": now - before})


def _flagged(view: View, thresholds: ThresholdSet) -> float:
    key = class_cache.digest_of(thresholds.score_thresholds)
    n_flagged = worklist_cache.n_flagged(view.digest, view.run, key, thresholds)
    n_samples = view.predictions.n_samples
    return 1000 * n_flagged / n_samples if n_samples else float("nan")


def _class_control(view: View, label: str, key: str, options: list[int], write=None) -> int:
    """One of `options`, indices of classes or ALL; the choice outlives the widget."""
    write = write or (lambda index: view.predictions.class_names[index])
    held = state.recalled(key)
    state.preset_widget(key, held if held in options else ALL)
    return st.selectbox(
        label,
        options,
        key=key,
        format_func=lambda index: "all classes" if index == ALL else write(index),
        on_change=lambda: state.remember(key, state.widget_value(key)),
        width=320,
    )


@st.fragment
def _show_flipping(view: View, change: Change) -> None:
    """The samples that flip, of one class or of all; a fragment, since turning a page computes nothing else."""
    flips, names = change.flips.total, view.predictions.class_names
    order = np.argsort(-flips, kind="stable")
    options = [ALL, *order[flips[order] > 0].tolist()]
    index = _class_control(view, "What flips in", _CLASS, options, lambda c: f"{names[c]} · {flips[c]:,}")
    listing = Listing(
        FLIPS,
        max(index, 0),
        change.after,
        change.before,
        all_classes=index == ALL,
        against=change.name,
        otherwise=change.otherwise,
    )
    samples.show_listing(view, listing)
