"""The model at a reader's operating point in the class in focus: in a sentence, beside the reader, and to apply."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, metrics
from dashboard.core.matching import FOUND, NO_POSITIVES, NOTHING_PREDICTED, OUT_OF_REACH, MatchedCut, ReaderMatch
from dashboard.core.scale import unit_threshold_between
from dashboard.escape import for_markdown
from dashboard.figures.rates import rates_with_intervals
from dashboard.ui import class_cache
from dashboard.ui.address import Threshold
from dashboard.ui.applied import edit
from dashboard.ui.view import View
from dashboard.ui.wording import place, short

MOST_SENTENCES = 3
_COUNTS = ("tp", "fp", "fn", "tn")
_WHY_NOT = {
    NO_POSITIVES: "No sample that {reader} decided is a known positive of this class.",
    NOTHING_PREDICTED: "{reader} predicted no sample of this class, so there is no precision to match.",
    OUT_OF_REACH: "No threshold reaches the precision of {reader}.",
}


def sentences(view: View, index: int) -> list[str]:
    """What the model's precision is at the recall of each reader, for Markdown; of the first few readers."""
    said = []
    for reader, match in list(_matches(view, index).items())[:MOST_SENTENCES]:
        if match.at_recall.state != FOUND:
            continue
        ours, theirs = (
            short(metrics.precision(counts, zero_division=np.nan)[0, 0])
            for counts in (match.at_recall.counts, match.counts)
        )
        recall = short(metrics.recall(match.counts)[0, 0])
        said.append(
            f"At the recall of {for_markdown(reader)} ({recall}) the model's precision is **{ours}** against the "
            f"reader's {theirs}."
        )
    return said


@dataclass(frozen=True, eq=False)
class Way:
    """A way to decide one class: its name, its threshold on the 0-1 scale (NaN: it has none), its counts, (1, 1)."""

    name: str
    threshold: float
    counts: Counts


def ways(view: View, index: int) -> list[Way]:
    """Each reader and the model at the reader's recall and at the reader's precision, on the same samples."""
    found = []
    for reader, match in _matches(view, index).items():
        found.append(Way(f"reader: {reader}", np.nan, match.counts))
        for what, cut in _cuts(match).items():
            if cut.state == FOUND:
                found.append(Way(f"model at the {what} of {reader}", threshold_of(view, cut).unit, cut.counts))
    return found


def ways_table(found: list[Way]) -> pd.DataFrame:
    """One row per way: its rates with intervals and its counts."""
    counts = {name: np.array([int(getattr(way.counts, name)[0, 0]) for way in found]) for name in _COUNTS}
    table = {"decisions": [way.name for way in found], "threshold": [way.threshold for way in found]}
    rates = rates_with_intervals(Counts(*(counts[name][:, None] for name in _COUNTS)))
    return pd.DataFrame(table | rates | counts)


def notes(view: View, index: int) -> list[str]:
    """What there is no cut for, and which samples a reader left open. For Markdown."""
    said = []
    for reader, match in _matches(view, index).items():
        name = for_markdown(reader)
        lacking = {_WHY_NOT[cut.state].format(reader=name) for cut in _cuts(match).values() if cut.state != FOUND}
        said += sorted(lacking)
        if match.n_judged < match.n_known:
            said.append(
                f"{name} decided {match.n_judged:,} of the {match.n_known:,} known samples of this class; beside that "
                "reader the model is judged on the same ones."
            )
    return said


def show_apply(view: View, index: int) -> None:
    """Give the class the threshold at which the model has a reader's recall or precision."""
    options = [
        (f"{what} of {reader}, at {place(threshold_of(view, cut).unit)}", threshold_of(view, cut))
        for reader, match in _matches(view, index).items()
        for what, cut in _cuts(match).items()
        if cut.state == FOUND
    ]
    if not options:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="reader_apply"):
        chosen = st.selectbox(
            "Threshold at a reader's",
            range(len(options)),
            format_func=lambda number: options[number][0],
            key=f"reader_threshold_{index}",
            width=360,
        )
        st.button(
            "Apply",
            key="apply_reader_threshold",
            on_click=edit,
            args=(view, {index: options[chosen][1]}),
            help="Give this class the threshold at which the model has at least that recall or precision",
        )


def threshold_of(view: View, cut: MatchedCut) -> Threshold:
    """A threshold that decides as the cut does; a logit only where the 0-1 scale fails."""
    unit = unit_threshold_between(cut.dropped, cut.kept, view.predictions.score_kind)
    return Threshold.of_score(cut.score_threshold, unit)


def _matches(view: View, index: int) -> dict[str, ReaderMatch]:
    return class_cache.reader_matches(view.digest, view.run, index)


def _cuts(match: ReaderMatch) -> dict[str, MatchedCut]:
    return {"recall": match.at_recall, "precision": match.at_precision}
