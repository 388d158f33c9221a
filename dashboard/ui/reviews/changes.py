"""What other thresholds change, per class and averaged, with intervals: since a decision, or by a proposal."""

import hashlib

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.core.threshold_change import SAME, ThresholdChange, threshold_change
from dashboard.core.units import unit_codes
from dashboard.escape import from_markdown
from dashboard.reviews import Decision, Review
from dashboard.reviews.report.changes import BY, SINCE, ClassChange, changes_table
from dashboard.reviews.report.tables import Estimate, Table
from dashboard.reviews.review import ACCEPTED
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.policy_cache import Place, kept_or
from dashboard.ui.reviews.change_words import flattered, how, other_runs, sentences
from dashboard.ui.reviews.judging import Judging, Samples, judging_control
from dashboard.ui.reviews.kept import review_store, who
from dashboard.ui.reviews.opening import fitting
from dashboard.ui.reviews.words import by, moment
from dashboard.ui.state import OpenedReview
from dashboard.ui.view import View


def show_change(judging: Judging, before: ThresholdSet, now: ThresholdSet, key: str) -> None:
    """A sentence with the averages for each samples that tell of it, and a table of the classes decided otherwise."""
    with st.spinner("Resampling what changes..."):  # seconds, where the samples are many
        found = [(samples, change_on(samples, before, now)) for samples in judging.samples]
    for (samples, _), (where, said) in zip(found, sentences(found, before, now), strict=True):
        st.markdown(f"**{where}** {said}" if samples.is_held_out else f"{where} {said}".strip())
    if elsewhere := other_runs(judging.samples[-1], (before, now)):
        st.warning(elsewhere, icon=":material/compare_arrows:")
    if not any(change.n_changed.any() for _, change in found):
        return
    shown = judging.shown
    where = from_markdown(shown.words)
    change = next(change for samples, change in found if samples is shown)
    show_paged_table(
        change_table(change, before, now),
        key,
        file_name="changes.csv",
        alt=f"Threshold and F1 of each class before and now on {where}, the difference with its interval",
        about=(shown.key, shown.run, _key(before), _key(now)),
        column_config=_columns(),
        placeholder="–",
    )
    of = f"Of {shown.words}. " if len(found) > 1 else ""
    st.caption(f"{of}{how(change)}{flattered(shown, before, now)}")


def change_on(samples: Samples, before: ThresholdSet, now: ThresholdSet) -> ThresholdChange:
    """What the thresholds change there, computed once for all who look."""

    def compute():
        column = None if samples.unit is None else samples.predictions.columns[samples.unit]
        return threshold_change(samples.predictions, before, now, unit_codes(column, samples.predictions.n_samples))

    place = Place.of(samples.key, samples.run, {})
    return kept_or(compute, "moved", place, samples.unit or "", _key(before), _key(now))


def change_table(found: ThresholdChange, before: ThresholdSet, now: ThresholdSet) -> pd.DataFrame:
    """A row per class with another threshold or a cell decided otherwise, the largest change of F1 first."""
    order, difference = _changed_classes(found, before, now), found.classes.difference
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


def _changed_classes(found: ThresholdChange, before: ThresholdSet, now: ThresholdSet) -> np.ndarray:
    """Their indices, in the order of the rows."""
    moved = np.flatnonzero((before.score_thresholds != now.score_thresholds) | (found.n_changed > 0))
    size = np.abs(np.nan_to_num(found.classes.difference.value[moved]))
    return moved[np.argsort(-size, kind="stable")]


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


def show_since_decision(view: View, review: Review, opened: OpenedReview) -> None:
    """What is in force on these pages now against what was accepted last; and what that changed itself."""
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
    judging = None
    if np.array_equal(before.score_thresholds, view.thresholds.score_thresholds):
        st.caption("They are those in force on these pages: nothing has changed since.")
    else:
        judging = judging_control(view)
        show_change(judging, before, view.thresholds, "since_decision")
    replaced = replaced_thresholds(review, opened)
    if replaced is None:
        return
    title = "What the decision itself changed, against the thresholds before it"
    with st.expander(title, on_change="rerun", key="by_decision_panel") as panel:
        earlier = fitting(view, replaced) if panel.open else None
        if earlier is not None:
            show_change(judging or judging_control(view), earlier, before, "by_decision")


def replaced_thresholds(review: Review, opened: OpenedReview) -> str | None:
    """The text of the thresholds that were in force before the last decision, where the history tells of them."""
    last = _last_accepted(review)
    told = [each.details for each in review.history if each.kind == ACCEPTED and last is not None]
    name = next((each.get("instead_of") for each in told if each.get("snapshot") == last.snapshot), None)
    return name and review_store().load_thresholds(opened.link, name, who())


def changes_told(
    view: View, review: Review, now: ThresholdSet, samples: tuple[Samples, ...], replaced: str | None
) -> Table | None:
    """For the report: what changed since the last decision, or, where nothing did, what it changed itself against the
    thresholds it `replaced`. A row per class decided otherwise, on the first samples; None where there is none.

    Reads nothing of the visitor's state.
    """
    last = _last_accepted(review)
    before = None if last is None else fitting(view, last.thresholds)
    if before is None:
        return None
    title, against = SINCE, f"Against the thresholds accepted on {moment(last.when)}."
    if np.array_equal(before.score_thresholds, now.score_thresholds):
        before, title = fitting(view, replaced), BY
        against = f"Against the thresholds in force before it, on {moment(last.when)}."
    if before is None or np.array_equal(before.score_thresholds, now.score_thresholds):
        return None
    found = [change_on(each, before, now) for each in samples]
    rows = [_class_change(found, before, now, index) for index in _changed_classes(found[0], before, now)]
    pairs = sentences(list(zip(samples, found, strict=True)), before, now)
    told = [from_markdown(f"{where} {said}".strip()) for where, said in pairs]
    runs = filter(None, [from_markdown(other_runs(samples[-1], (before, now)))])
    title += ", on held-out samples" if samples[0].is_held_out else ""
    return changes_table(rows, notes=(against, *told, *runs, how(found[0])), title=title)


def _class_change(found: list[ThresholdChange], before: ThresholdSet, now: ThresholdSet, index: int) -> ClassChange:
    """On the first samples; what the last ones say beside it where they are others."""
    first, classes = found[0], found[0].classes
    estimates = [Estimate(*(float(each[index]) for each in one.classes.difference)) for one in found]
    return ClassChange(
        first.class_names[index],
        float(before.thresholds[index]),
        float(now.thresholds[index]),
        float(classes.before[index]),
        float(classes.now[index]),
        estimates[0],
        first.verdicts[index],
        estimates[1] if len(found) > 1 else None,
    )
