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
ALL_CLASSES = -1
_AGAINST, _PREVALENCE, _CLASS = "day_against", "day_prevalence", "day_class"


@dataclass(frozen=True, eq=False)
class Change:
    """From one set of thresholds to the current one, with the counts at both, one row each."""

    before: ThresholdSet
    after: ThresholdSet
    counts_before: Counts
    counts_after: Counts
    name: str

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
    return Change(before, view.thresholds, *counts, REFERENCES[against])


def _reference(view: View, against: str) -> ThresholdSet:
    if against == "before":
        return applied.previous_thresholds(view)
    if against == "half":
        return ThresholdSet.from_unit(view.predictions, 0.5)
    best = class_cache.best_f1(view.digest, view.run)
    values = np.where(np.isnan(best.value), view.thresholds.score_thresholds, best.score_thresholds)
    return ThresholdSet.from_scores(view.predictions, values)


def _show_work(view: View, change: Change) -> None:
    st.subheader("Per 1,000 samples", anchor=False)
    p = view.predictions
    observed = p.support / np.maximum(p.n_known, 1)
    factor = st.number_input(
        "Prevalence where this will run, times that of these samples",
        0.0,
        1000.0,
        1.0,
        step=0.1,
        key=_PREVALENCE,
        width=320,
        help="1: as here. The rates at which positives are found and negatives are false alarms stay those of here.",
    )
    prevalence = np.clip(observed * factor, 0.0, 1.0)
    st.dataframe(
        work_table(view, change, prevalence),
        key="day_work",
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="%.1f") for name in ("before", "now", "change")},
        alt="Work per 1,000 samples before and now",
        placeholder="–",
    )
    where = "as on" if factor == 1 else f"{factor:g} times as on"
    st.caption(
        f"At {float(prevalence.sum()):.3g} positives per sample over all classes, {where} these "
        f"{count(p.n_samples, 'sample')}. Flagged samples, with any class predicted, are those of these samples."
    )


def work_table(view: View, change: Change, prevalence) -> pd.DataFrame:
    """False alarms, misses and flagged samples per 1,000 samples, summed over the classes that have rates."""
    work = [per_thousand(counts, prevalence) for counts in (change.counts_before, change.counts_after)]
    rows = {
        "false alarms": [float(np.nansum(each.false_alarms)) for each in work],
        "misses": [float(np.nansum(each.misses)) for each in work],
        "flagged samples (as here)": [_flagged(view, each) for each in (change.before, change.after)],
    }
    before, now = np.array(list(rows.values())).T
    return pd.DataFrame({"per 1,000 samples": list(rows), "before": before, "now": now, "change": now - before})


def _flagged(view: View, thresholds: ThresholdSet) -> float:
    key = class_cache.digest_of(thresholds.score_thresholds)
    n_flagged = worklist_cache.n_flagged(view.digest, view.run, key, thresholds)
    n_samples = view.predictions.n_samples
    return 1000 * n_flagged / n_samples if n_samples else float("nan")


@st.fragment
def _show_flipping(view: View, change: Change) -> None:
    """The samples that flip, of one class or of all; a fragment, since turning a page computes nothing else."""
    flips, names = change.flips.total, view.predictions.class_names
    order = np.argsort(-flips, kind="stable")
    options = [ALL_CLASSES, *order[flips[order] > 0].tolist()]
    held = state.recalled(_CLASS)
    state.preset_widget(_CLASS, held if held in options else ALL_CLASSES)
    index = st.selectbox(
        "What flips in",
        options,
        key=_CLASS,
        format_func=lambda c: "all classes" if c == ALL_CLASSES else f"{names[c]} · {flips[c]:,}",
        on_change=lambda: state.remember(_CLASS, state.widget_value(_CLASS)),
        width=320,
    )
    whole = index == ALL_CLASSES
    listing = Listing(FLIPS, max(index, 0), change.after, change.before, all_classes=whole, against=change.name)
    samples.show_listing(view, listing)
