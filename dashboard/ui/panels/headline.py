"""The figures at the current threshold: one sentence, four cards, and a table beside 0.5, nothing and everything."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.headline import Headline, Judged, headline, headline_of
from dashboard.core.scale import sigmoid
from dashboard.ui import cache, class_cache, state
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, place, short

# Above this many cells a pass over whole rows is felt while a slider moves, so it runs on demand.
ROWWISE_AT_ONCE = 5_000_000

COLUMNS = {
    "micro_f1": "micro-F1",
    "macro_f1": "macro-F1",
    "weighted_f1": "weighted-F1",
    "samples_f1": "samples-F1",
    "exact_match": "exact match",
    "per_cell_accuracy": "per cell (1 - Hamming)",
    "micro_precision": "micro precision",
    "micro_recall": "micro recall",
    "predicted_cardinality": "classes per sample",
    "n_predicted_empty": "empty samples",
    "n_never_predicted": "unused classes",
}
HELP = {
    "macro_f1": "The mean of the classes' F1; classes where F1 is 0/0 count as 0",
    "samples_f1": "The mean of the samples' F1; samples where F1 is 0/0 count as 0",
    "exact_match": "Share of samples with every class right (subset accuracy)",
    "per_cell_accuracy": "Share of single decisions that are right; high wherever positives are rare",
    "predicted_cardinality": "Mean number of classes predicted per sample",
    "n_predicted_empty": "Samples with nothing predicted",
    "n_never_predicted": "Classes never predicted",
}
CURRENT, HALF = "current threshold", "0.5"


def rowwise_wanted(view: View) -> bool:
    """Whether to pass over whole rows: always on data of ordinary size, else when asked."""
    if view.predictions.labels.size <= ROWWISE_AT_ONCE:
        return True
    return st.toggle(
        "Include samples-F1 and empty samples",
        key="rowwise",
        bind="query-params",
        help="They need a pass over every sample, which takes a moment on data of this size.",
    )


def headlines(view: View, current: Judged, *, rowwise: bool) -> dict[str, Headline]:
    """The headline of each set of decisions: the current thresholds, 0.5, nothing, everything, and each reader."""
    exact_match = cache.exact_match(view.digest, view.run)
    figures = {CURRENT: headline_of(current, view.thresholds, exact_match)}
    return figures | cache.fixed_headlines(view.digest, view.run, rowwise=rowwise)


def sentence(view: View, figures: Headline) -> str:
    """The state of affairs in numbers."""
    p = view.predictions
    at = "At the applied thresholds" if view.has_set else f"At {place(state.threshold().unit)}"
    if state.own_thresholds():
        at += f" ({count(len(state.own_thresholds()), 'class has its', 'classes have their')} own threshold)"
    never = f"{figures.n_never_predicted} of {count(p.n_classes, 'class', 'classes')}"
    verb = "is" if figures.n_never_predicted == 1 else "are"
    told = f"{never} {verb} never predicted" if figures.n_never_predicted else "every class is predicted at least once"
    return f"{at}: micro-F1 **{short(figures.micro_f1)}**, macro-F1 **{short(figures.macro_f1)}**; {told}."


def notes(view: View) -> list[str]:
    """What the figures leave out or count as 0, and why; and what 0.5 would mean on raw logits."""
    p = view.predictions
    said = []
    without = int(np.sum(p.support == 0))
    if without:
        said.append(
            f"{count(without, 'class has', 'classes have')} no known positive: recall and, where nothing is predicted, "
            "F1 are 0/0 there and count as 0, as in scikit-learn."
        )
    empty = cache.n_without_label(view.digest, view.run)
    if empty:
        said.append(
            f"{count(empty, 'sample has', 'samples have')} no positive label: with nothing predicted too, samples-F1 "
            "is 0/0 there and counts as 0, as in scikit-learn."
        )
    unknown = p.labels.size - int(p.n_known.sum())
    if unknown:
        said.append(f"{unknown:,} of {p.labels.size:,} cells are unknown and left out of every count.")
    if p.score_kind == "logits":
        raw = headline(class_cache.common_counts(view.digest, view.run, 0.5))
        said.append(
            "Cutting the raw logits at 0.5 would mean a probability of "
            f"{short(float(sigmoid(0.5)))}: micro-F1 {short(raw.micro_f1)}, macro-F1 {short(raw.macro_f1)}."
        )
    return said


def show_notes(view: View) -> None:
    for note in notes(view):
        st.caption(note)


def headline_table(figures: dict[str, Headline]) -> pd.DataFrame:
    """One row per set of decisions; columns that no row has are left out."""
    columns = {title: [getattr(values, field) for values in figures.values()] for field, title in COLUMNS.items()}
    held = {title: values for title, values in columns.items() if any(value is not None for value in values)}
    return pd.DataFrame({"decisions": list(figures), **held})


def show_cards(figures: dict[str, Headline]) -> None:
    """Four figures with their difference from 0.5."""
    current, at_half = figures[CURRENT], figures[HALF]
    with st.container(key="cards"):
        for pair in (("micro_f1", "macro_f1"), ("samples_f1", "exact_match")):
            for column, name in zip(st.columns(2), pair, strict=True):
                value, half = getattr(current, name), getattr(at_half, name)
                delta = (
                    None if value is None or half is None or abs(value - half) < 5e-4 else f"{value - half:+.3f} vs 0.5"
                )
                column.metric(COLUMNS[name], short(value), delta, border=True, help=HELP.get(name))


def show_headline_table(figures: dict[str, Headline]) -> None:
    table = headline_table(figures)
    whole = ("n_predicted_empty", "n_never_predicted")
    config = {
        title: st.column_config.NumberColumn(format="%d" if field in whole else "%.3f", help=HELP.get(field))
        for field, title in COLUMNS.items()
    }
    show_table(
        table,
        "headline_table",
        file_name="headline.csv",
        alt="Headline figures at the current threshold, at 0.5, for trivial decisions and for readers",
        column_config=config,
    )
