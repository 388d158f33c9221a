"""The threshold of the class in focus: to move, to set at its best, to give back; and what it means in counts."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, metrics
from dashboard.core.best_cuts import BestCuts
from dashboard.core.scale import unit_threshold_between
from dashboard.escape import for_markdown
from dashboard.ui import class_cache, state
from dashboard.ui.address import Threshold
from dashboard.ui.applied import edit
from dashboard.ui.controls import own_threshold_control
from dashboard.ui.panels import reader_points
from dashboard.ui.panels.reader_points import Way, ways_table
from dashboard.ui.rates_table import show_rates_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, place, short


def show_class_threshold(view: View, index: int, counts: Counts, axis: str) -> None:
    """What the class's threshold does, and the threshold itself to move, set and give back."""
    st.markdown(sentence(view, index, counts))
    for said in reader_points.sentences(view, index):
        st.markdown(said)
    span = class_cache.axis_span(view.digest, view.run, index, axis)
    own_threshold_control(view, index, axis, span)
    _show_buttons(view, index)


def show_decisions(view: View, index: int, counts: Counts) -> None:
    """The class's threshold beside other ways to decide, as a table."""
    name = for_markdown(view.predictions.class_names[index])
    st.subheader(f"{name}: its threshold beside others", anchor=False)
    show_rates_table(
        decisions_table(view, index, counts),
        "class_decisions",
        file_name="class_decisions.csv",
        alt="Counts and rates of this class at its threshold, at its best, by readers and at their operating points",
        config={"threshold": st.column_config.NumberColumn(format="%.4g")},
    )
    st.caption(
        "Exact binomial 95 % intervals, with the decisions taken as given: a threshold chosen on these samples looks "
        "better here than it will on new ones."
    )
    for note in reader_points.notes(view, index):
        st.caption(note)
    reader_points.show_apply(view, index)


def sentence(view: View, index: int, counts: Counts) -> str:
    """What the class's threshold finds and what it costs."""
    tp, fp, fn = (int(getattr(counts, name)[0, index]) for name in ("tp", "fp", "fn"))
    name = for_markdown(view.predictions.class_names[index])
    at = f"**{name}** at {place(view.thresholds.thresholds[index])}"
    if not view.predictions.n_known[index]:
        return f"{at}: no label of this class is known, so nothing can be counted."
    alarms = count(fp, "false alarm")
    if not tp + fn:
        return f"{at}: {alarms}. It has no known positive, so recall and its best F1 are undefined."
    precision, recall, f1 = (
        short(metric(counts, zero_division=np.nan)[0, index])
        for metric in (metrics.precision, metrics.recall, metrics.f_beta)
    )
    if not tp + fp:
        return f"{at}: never predicted, so all {count(fn, 'positive')} are missed and precision is undefined; F1 {f1}."
    return (
        f"{at}: {tp:,} of {count(tp + fn, 'positive')} found (recall {recall}), {alarms} "
        f"(precision {precision}); F1 **{f1}**."
    )


def best_threshold(best: BestCuts, index: int, score_kind: str) -> Threshold | None:
    """The threshold of the class's best F1, None where that is undefined; a logit only where the 0-1 scale fails."""
    if np.isnan(best.value[index]):
        return None
    unit = unit_threshold_between(best.dropped[index], best.kept[index], score_kind)
    return Threshold.of_score(best.score_thresholds[index], unit)


def _show_buttons(view, index) -> None:
    best = class_cache.best_f1(view.digest, view.run)
    threshold = best_threshold(best, index, view.predictions.score_kind)
    text = f": {short(best.value[index])} at {place(threshold.unit)}" if threshold else " (undefined)"
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Apply its best F1{text}",
            key="apply_class_best",
            on_click=edit,
            args=(view, {index: threshold}),
            disabled=threshold is None,
            help="The highest F1 that one threshold reaches for this class on these samples, exactly",
        )
        st.button(
            f"Use the {_base_name()}, {place(view.base_threshold(index).unit)}",
            key="use_common",
            on_click=edit,
            args=(view, {index: None}),
            disabled=index not in state.own_thresholds(),
        )


def decisions_table(view: View, index: int, counts: Counts) -> pd.DataFrame:
    """One row per way to decide: the threshold in force, the common one, the best, each reader, the model beside."""
    own = state.own_thresholds()
    name = "own threshold" if index in own else _base_name()
    found = [Way(name, view.thresholds.thresholds[index], _of_class(counts, index))]
    if index in own:
        base = view.base_set()
        found.append(Way(_base_name(), base.thresholds[index], _of_class(view.ranked.counts(base), index)))
    best = class_cache.best_f1(view.digest, view.run)
    if not np.isnan(best.value[index]):
        at = best_threshold(best, index, view.predictions.score_kind).unit
        found.append(Way("best F1", at, _of_class(class_cache.best_f1_counts(view.digest, view.run), index)))
    return ways_table(found + reader_points.ways(view, index))


def _base_name() -> str:
    return "common threshold" if state.chosen().applied is None else "applied threshold"


def _of_class(counts: Counts, index: int) -> Counts:
    return Counts(*(getattr(counts, name)[:, index : index + 1] for name in ("tp", "fp", "fn", "tn")))
