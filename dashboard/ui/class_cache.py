"""What the Classes page keeps between runs, found by content digest: areas and best F1 of all classes, curves of a few.

Nothing per class is computed before its class is drawn, except what is one array over all classes. As in `cache`,
every cache is bounded and no array is ever a key.
"""

import hashlib

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import Counts, ThresholdSet
from dashboard.core.best_cuts import BestCuts
from dashboard.core.grids import logit_grid, unit_grid
from dashboard.core.groups import group_counts as count_groups
from dashboard.core.groups import reader_group_counts
from dashboard.core.matching import ReaderMatch, reader_match
from dashboard.core.scale import logit, to_unit_threshold
from dashboard.core.sweep import class_counts
from dashboard.figures.alt_text import precision_recall_alt, roc_alt, score_histogram_alt
from dashboard.figures.class_curves import CurveKind, curve_handles
from dashboard.figures.curves import MAX_POINTS, ClassCuts, CurveTables, precision_recall_tables, roc_tables
from dashboard.figures.histogram import (
    histogram_handle,
    score_histogram,
    score_histogram_figure,
    score_thresholds_at,
)
from dashboard.figures.precision_recall import PRECISION_RECALL, precision_recall_figure
from dashboard.figures.readers import reader_table
from dashboard.figures.roc import ROC, roc_figure
from dashboard.figures.small_multiples import (
    ClassSweep,
    small_multiples_alt,
    small_multiples_figure,
    small_multiples_handles,
    small_multiples_table,
)
from dashboard.ui.cache import Drawn, find, groups, ranked, shared

HISTOGRAM, MULTIPLES = "score_histogram", "small_multiples"
MULTIPLES_STEPS = 101

# curve -> how its chart is made: the columns, the tables, the figure, the words.
_CURVES = {
    "pr": (PRECISION_RECALL, precision_recall_tables, precision_recall_figure, precision_recall_alt),
    "roc": (ROC, roc_tables, roc_figure, roc_alt),
}


def chart_key(curve: str) -> str:
    """The key of a chart of curves on its page."""
    return f"{curve}_chart"


def curve_kind(curve: str) -> CurveKind:
    return _CURVES[curve][0]


@st.cache_resource(max_entries=6, show_spinner="Finding the best F1 of each class...")
def best_f1(digest: str, run: str) -> BestCuts:
    return ranked(digest, run).best_f_beta()


@st.cache_resource(max_entries=6, show_spinner=False)
def best_f1_counts(digest: str, run: str) -> Counts:
    """Counts with every class at the threshold of its best F1, one row."""
    return ranked(digest, run).counts_at_scores(best_f1(digest, run).score_thresholds[None, :])


@st.cache_resource(max_entries=12, show_spinner=False)
def common_counts(digest: str, run: str, score_threshold: float) -> Counts:
    """Counts with every class at one score threshold, one row: kept, because own thresholds move and it stays."""
    return ranked(digest, run).counts_at_scores(score_threshold)


@st.cache_resource(max_entries=6, show_spinner="Ranking the scores of each class...")
def class_facts(digest: str, run: str) -> pd.DataFrame:
    """One row per class in the order of the data: what no threshold changes. Undefined figures are NaN."""
    r, best = ranked(digest, run), best_f1(digest, run)
    p = r.predictions
    return pd.DataFrame(
        {
            "class": p.class_names,
            "support": p.support,
            "prevalence": p.prevalence,
            "known": p.n_known / p.n_samples,
            "AP": r.average_precision(),
            "ROC AUC": r.roc_auc(),
            "best F1": best.value,
            "best at": to_unit_threshold(best.score_thresholds, p.score_kind),
        }
    )


@st.cache_resource(max_entries=12, show_spinner=False)
def reader_rates(digest: str, run: str) -> pd.DataFrame:
    """Rates and counts of each reader in each class."""
    p = ranked(digest, run).predictions
    counts = {name: Counts.from_reader(p, decided) for name, decided in find(digest).readers.items()}
    return reader_table(counts, p.class_names)


def digest_of(array: np.ndarray) -> str:
    """What stands for the array in a key."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


@st.cache_resource(max_entries=4, show_spinner=False)
def group_counts(
    digest: str, run: str, column: str, most: int, reader: str | None, thresholds_key: str, _thresholds: ThresholdSet
) -> Counts:
    """Counts in each group of a column (at most `most`, see `Groups.largest`), of a reader or at the thresholds."""
    p, found = find(digest).runs[run], groups(digest, column).largest(most)
    if reader is None:
        return count_groups(p, _thresholds, found.codes, len(found.names))
    return reader_group_counts(p, find(digest).readers[reader], found.codes, len(found.names))


@st.cache_resource(max_entries=24, show_spinner=False)
def reader_matches(digest: str, run: str, index: int) -> dict[str, ReaderMatch]:
    """The model at each reader's operating point in one class."""
    p, readers = find(digest).runs[run], find(digest).readers
    return {name: reader_match(p, decided[:, index], index) for name, decided in readers.items()}


@shared()
def class_cuts(digest: str, run: str, index: int) -> ClassCuts:
    """One class cut at each of its distinct scores; kept, so that drawing one more class computes one class."""
    return ClassCuts.from_ranked(ranked(digest, run), index, best_f1(digest, run))


@st.cache_resource(max_entries=24, show_spinner="Drawing the curves...")
def curve_tables(digest: str, run: str, classes: tuple[int, ...], curve: str) -> CurveTables:
    """The vertices to draw of some classes, and a summary per class; `curve` is "pr" or "roc"."""
    return _tables(digest, run, classes, curve, MAX_POINTS)


def full_curve_rows(digest: str, run: str, classes: tuple[int, ...], curve: str) -> pd.DataFrame:
    """All vertices of the curves of some classes."""
    return _tables(digest, run, classes, curve, None).rows


def n_vertices(digest: str, run: str, classes: tuple[int, ...]) -> int:
    """How many distinct scores the curves of some classes have together."""
    return sum(len(class_cuts(digest, run, index).cuts.scores) for index in classes)


def _tables(digest, run, classes, curve, points) -> CurveTables:
    make = _CURVES[curve][1]
    return make([class_cuts(digest, run, index) for index in classes], points=points)


@st.cache_resource(max_entries=48, show_spinner=False)
def curve_chart(digest: str, run: str, classes: tuple[int, ...], curve: str, *, focus: int | None) -> Drawn:
    """The curves of some classes, the one in focus in front."""
    tables = curve_tables(digest, run, classes, curve)
    _, _, make_figure, make_alt = _CURVES[curve]
    p = ranked(digest, run).predictions
    readers = reader_rates(digest, run) if find(digest).readers else None
    figure = make_figure(tables, readers=readers, focus=None if focus is None else p.class_names[focus])
    handles = curve_handles(tables, curve_kind(curve), classes)
    return Drawn.of(chart_key(curve), figure, tables.rows, handles=handles, alt=make_alt(tables, readers))


@st.cache_resource(max_entries=48, show_spinner=False)
def histogram(digest: str, run: str, index: int, axis: str) -> Drawn:
    """Where the scores of one class's positives and negatives lie."""
    r = ranked(digest, run)
    p = r.predictions
    made = score_histogram(
        r.positives(index), r.negatives(index), p.score_kind, class_name=p.class_names[index], axis=axis
    )
    low, high = made.rows["bin start"].iat[0], made.rows["bin end"].iat[-1]
    share = np.linspace(0.0, 1.0, 201)
    places = low * (1 - share) + high * share  # high - low may overflow
    counts = class_counts(r, index, score_thresholds_at(places, axis, p.score_kind, p.scores.dtype))
    handle = histogram_handle(index, made, places, counts)
    figure, alt = score_histogram_figure(made), score_histogram_alt(made)
    return Drawn.of(HISTOGRAM, figure, made.rows, handles=[handle], alt=alt)


@st.cache_resource(max_entries=24, show_spinner="Drawing each class...")
def multiples_chart(digest: str, run: str, classes: tuple[int, ...], axis: str) -> Drawn:
    """A small chart per class on one shared scale."""
    r, best = ranked(digest, run), best_f1(digest, run)
    p = r.predictions
    grid = logit_grid(r, MULTIPLES_STEPS) if axis == "logit" else unit_grid(p, MULTIPLES_STEPS)
    at = to_unit_threshold(best.score_thresholds, p.score_kind)
    logits = best.score_thresholds if p.score_kind == "logits" else logit(at)
    sweeps = [
        ClassSweep(
            c,
            p.class_names[c],
            class_counts(r, c, grid.score_thresholds),
            (float(at[c]), float(logits[c]), float(best.value[c])),
        )
        for c in classes
    ]
    table = small_multiples_table(sweeps, grid, p.score_kind)
    figure = small_multiples_figure(sweeps, table, axis=axis)
    handles = small_multiples_handles(sweeps, table, axis=axis)
    return Drawn.of(MULTIPLES, figure, table, handles=handles, alt=small_multiples_alt(sweeps))


def axis_span(digest: str, run: str, index: int, axis: str) -> tuple[float, float]:
    """The ends of the histogram's axis."""
    rows = histogram(digest, run, index, axis).table
    return float(rows["bin start"].iat[0]), float(np.asarray(rows["bin end"])[-1])
