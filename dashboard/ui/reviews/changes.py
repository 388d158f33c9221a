"""What other thresholds change, per class and averaged, with intervals: since a decision, or by a proposal."""

import hashlib

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.core.threshold_change import SAME, Change, ThresholdChange, threshold_change
from dashboard.reviews import Decision, Review
from dashboard.reviews.report.changes import ClassChange, changes_table
from dashboard.reviews.report.tables import Estimate, Table
from dashboard.reviews.review import ACCEPTED
from dashboard.ui import cache
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.policy_cache import Place, kept_or
from dashboard.ui.reviews.opening import fitting
from dashboard.ui.reviews.words import by, moment
from dashboard.ui.view import View
from dashboard.ui.wording import count, short, signed

TITLES = {"micro": "micro-F1", "macro": "macro-F1"}


def show_change(view: View, before: ThresholdSet, now: ThresholdSet, key: str) -> None:
    """A sentence with the averages and a table of the classes that are decided otherwise."""
    found = _change(view, before, now, view.unit_column)
    n_changed = int(found.n_changed.sum())
    if not n_changed:
        st.markdown("Nothing is decided otherwise on these samples.")
        return
    said = "; ".join(_said(title, found.averages[average]) for average, title in TITLES.items())
    st.markdown(f"{count(n_changed, 'cell is', 'cells are')} decided otherwise: {said}.")
    show_paged_table(
        change_table(found, before, now),
        key,
        file_name="changes.csv",
        alt="Threshold and F1 of each class before and now, the difference with its interval",
        about=(view.digest, view.run, _key(before), _key(now)),
        column_config=_columns(),
        placeholder="–",
    )
    st.caption(
        f"On these {count(view.predictions.n_samples, 'sample')}; 95 % intervals are paired, from "
        f"{count(found.n_replicates, 'resample')} of {count(found.n_units, 'unit')}, decisions held fixed. Thresholds "
        "that were tuned on these samples are flattered by them."
    )


def _change(view: View, before: ThresholdSet, now: ThresholdSet, unit: str | None) -> ThresholdChange:
    def compute():
        return threshold_change(view.predictions, before, now, cache.units(view.digest, unit))

    place = Place.of(view.digest, view.run, {})
    return kept_or(compute, "moved", place, unit or "", _key(before), _key(now))


def _said(title: str, change: Change) -> str:
    low, high = change.difference.low, change.difference.high
    interval = "" if np.isnan(low) else f" \\[{signed(low)}, {signed(high)}\\]"
    return f"{title} {short(change.before)} → {short(change.now)} ({signed(change.difference.value)}{interval})"


def change_table(found: ThresholdChange, before: ThresholdSet, now: ThresholdSet) -> pd.DataFrame:
    """A row per class with another threshold or a cell decided otherwise, the largest change of F1 first."""
    moved = np.flatnonzero((before.score_thresholds != now.score_thresholds) | (found.n_changed > 0))
    difference = found.classes.difference
    order = moved[np.argsort(-np.abs(np.nan_to_num(difference.value[moved])), kind="stable")]
    return pd.DataFrame(
        {
            "class": [found.class_names[index] for index in order],
            "threshold before": before.thresholds[order],
            "threshold now": now.thresholds[order],
            "cells changed": found.n_changed[order],
            "F1 before": found.classes.before[order],
            "F1 now": found.classes.now[order],
            "difference": difference.value[order],
            "95 % interval": [_interval(difference.low[index], difference.high[index]) for index in order],
            "verdict": [found.verdicts[index] for index in order],
        }
    )


def _interval(low: float, high: float) -> str | None:
    return None if np.isnan(low) else f"[{low:+.3f}, {high:+.3f}]"


def _columns() -> dict:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    config = {name: number(format="%.4f") for name in ("threshold before", "threshold now")}
    config |= {name: number(format="%.3f") for name in ("F1 before", "F1 now")}
    return config | {"difference": number(format="%+.3f"), "class": text(pinned=True), "verdict": text(help=_HELP)}


_HELP = f"better, worse: the interval excludes 0; “{SAME}”: other threshold, same decisions"


def _key(thresholds: ThresholdSet) -> str:
    return hashlib.sha256(thresholds.score_thresholds.tobytes()).hexdigest()[:32]


def _last_accepted(review: Review) -> Decision | None:
    """The last decision with thresholds, whether it still stands or not."""
    return next((each for each in reversed(review.decisions) if each.thresholds is not None), None)


def show_since_decision(view: View, review: Review) -> None:
    """What is in force on these pages now against what was accepted last."""
    last = _last_accepted(review)
    if last is None:
        st.caption("Nothing was accepted yet. Once a proposal is, what changes afterwards stands here.")
        return
    what = "accepted" if last.state == ACCEPTED else "accepted, opened again since,"
    st.markdown(f"Against the thresholds {what} on {moment(last.when)}{by(last.who)}:")
    before = fitting(view, last.thresholds)
    if before is None:
        st.caption("They are for another run: choose that run in the header.")
        return
    show_change(view, before, view.thresholds, "since_decision")


def changes_since(view: View, review: Review, now: ThresholdSet, unit: str | None) -> Table | None:
    """The same for the report: a row per class decided otherwise since thresholds were accepted last.

    Reads nothing of the visitor's state.
    """
    last = _last_accepted(review)
    before = None if last is None else fitting(view, last.thresholds)
    if before is None:
        return None
    found = _change(view, before, now, unit)
    table = change_table(found, before, now)
    index_of = {name: index for index, name in enumerate(found.class_names)}
    rows = [_class_change(found, before, now, index_of[name]) for name in table["class"]]
    return changes_table(rows, notes=(f"Against the thresholds accepted on {moment(last.when)}.",))


def _class_change(found: ThresholdChange, before: ThresholdSet, now: ThresholdSet, index: int) -> ClassChange:
    classes = found.classes
    return ClassChange(
        found.class_names[index],
        float(before.thresholds[index]),
        float(now.thresholds[index]),
        float(classes.before[index]),
        float(classes.now[index]),
        Estimate(*(float(each[index]) for each in classes.difference)),
        found.verdicts[index],
    )
