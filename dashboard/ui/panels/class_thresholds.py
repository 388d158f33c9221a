"""The threshold of the class in focus: to move, to set at its best, to give back; and what it means in counts."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, metrics
from dashboard.core.best_cuts import BestCuts
from dashboard.core.scale import unit_threshold_between
from dashboard.escape import for_markdown
from dashboard.ui import class_cache, state
from dashboard.ui.address import MAX_OWN_THRESHOLDS, Threshold
from dashboard.ui.controls import own_threshold_control
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, place, short

_COUNTS = ("tp", "fp", "fn", "tn")


def show_class_threshold(view: View, index: int, counts: Counts, axis: str) -> None:
    """What the class's threshold does, and the threshold itself to move, set and give back."""
    st.markdown(sentence(view, index, counts))
    own = state.own_thresholds()
    no_room = index not in own and len(own) >= MAX_OWN_THRESHOLDS
    if no_room:
        st.info(
            f"{MAX_OWN_THRESHOLDS} classes have a threshold of their own, as many as an address holds. Give one of "
            "them the common threshold again before this class gets its own.",
            icon=":material/block:",
        )
    span = class_cache.axis_span(view.digest, view.run, index, axis)
    own_threshold_control(view, index, axis, span, disabled=no_room)
    _show_buttons(view, index, no_room=no_room)


def show_decisions(view: View, index: int, counts: Counts) -> None:
    """The class's threshold beside other ways to decide, as a table."""
    name = for_markdown(view.predictions.class_names[index])
    st.subheader(f"{name}: its threshold beside others", anchor=False)
    config = {name: st.column_config.NumberColumn(format="%.3f") for name in ("precision", "recall", "F1")}
    config["threshold"] = st.column_config.NumberColumn(format="%.4g")
    config |= {name: st.column_config.NumberColumn(format="localized") for name in _COUNTS}
    show_table(
        decisions_table(view, index, counts),
        "class_decisions",
        file_name="class_decisions.csv",
        alt="Counts, precision, recall and F1 of this class at its threshold, at its best and by readers",
        column_config=config,
        placeholder="–",
    )


def sentence(view: View, index: int, counts: Counts) -> str:
    """What the class's threshold finds and what it costs."""
    row = _row("", np.nan, counts, index)
    tp, fp, fn = row["tp"], row["fp"], row["fn"]
    name = for_markdown(view.predictions.class_names[index])
    at = f"**{name}** at {place(view.thresholds.thresholds[index])}"
    if not view.predictions.n_known[index]:
        return f"{at}: no label of this class is known, so nothing can be counted."
    alarms = count(fp, "false alarm")
    if not tp + fn:
        return f"{at}: {alarms}. It has no known positive, so recall and its best F1 are undefined."
    f1 = short(row["F1"])
    if not tp + fp:
        return f"{at}: never predicted, so all {count(fn, 'positive')} are missed and precision is undefined; F1 {f1}."
    return (
        f"{at}: {tp:,} of {count(tp + fn, 'positive')} found (recall {short(row['recall'])}), {alarms} "
        f"(precision {short(row['precision'])}); F1 **{f1}**."
    )


def best_threshold(best: BestCuts, index: int, score_kind: str) -> Threshold | None:
    """The threshold of the class's best F1, None where that is undefined; a logit only where the 0-1 scale fails."""
    if np.isnan(best.value[index]):
        return None
    unit = unit_threshold_between(best.dropped[index], best.kept[index], score_kind)
    return Threshold.of_score(best.score_thresholds[index], unit)


def _show_buttons(view, index, *, no_room) -> None:
    best = class_cache.best_f1(view.digest, view.run)
    threshold = best_threshold(best, index, view.predictions.score_kind)
    text = f": {short(best.value[index])} at {place(threshold.unit)}" if threshold else " (undefined)"
    with st.container(horizontal=True, gap="small"):
        st.button(
            f"Apply its best F1{text}",
            key="apply_class_best",
            on_click=state.set_own_threshold,
            args=(index, threshold),
            disabled=threshold is None or no_room,
            help="The highest F1 that one threshold reaches for this class on these samples, exactly",
        )
        st.button(
            f"Use the common threshold, {place(state.threshold().unit)}",
            key="use_common",
            on_click=state.set_own_threshold,
            args=(index, None),
            disabled=index not in state.own_thresholds(),
        )


def decisions_table(view: View, index: int, counts: Counts) -> pd.DataFrame:
    """One row per way to decide: the threshold in force, the common one, the best, each reader."""
    own = state.own_thresholds()
    threshold = view.thresholds.thresholds[index]
    rows = [_row("own threshold" if index in own else "common threshold", threshold, counts, index)]
    if index in own:
        score_threshold = float(view.score_threshold(state.threshold()))
        common = class_cache.common_counts(view.digest, view.run, score_threshold)
        rows.append(_row("common threshold", state.threshold().unit, common, index))
    best = class_cache.best_f1(view.digest, view.run)
    if not np.isnan(best.value[index]):
        at = best_threshold(best, index, view.predictions.score_kind).unit
        rows.append(_row("best F1", at, class_cache.best_f1_counts(view.digest, view.run), index))
    table = pd.DataFrame(rows)
    readers = class_cache.reader_rates(view.digest, view.run)
    mine = readers[readers["class"] == view.predictions.class_names[index]]
    if len(mine):
        table = pd.concat([table, _reader_rows(mine)], ignore_index=True)
    return table


def _row(decisions, threshold, counts, index) -> dict:
    one = Counts(*(getattr(counts, name)[:, index : index + 1] for name in _COUNTS))
    rates = {
        "precision": metrics.precision(one, zero_division=np.nan)[0, 0],
        "recall": metrics.recall(one, zero_division=np.nan)[0, 0],
        "F1": metrics.f_beta(one, zero_division=np.nan)[0, 0],
    }
    whole = {name: int(getattr(one, name)[0, 0]) for name in _COUNTS}
    return {"decisions": decisions, "threshold": threshold} | rates | whole


def _reader_rows(readers: pd.DataFrame) -> pd.DataFrame:
    counts = {name: readers[name].to_numpy() for name in _COUNTS}
    f1 = metrics.f_beta(Counts(*(counts[name][None, :] for name in _COUNTS)), zero_division=np.nan)[0]
    names = "reader: " + readers["reader"].astype(str)
    return readers.assign(decisions=names, threshold=np.nan, F1=f1)[
        ["decisions", "threshold", "precision", "recall", "F1", *_COUNTS]
    ]
