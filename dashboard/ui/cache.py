"""Everything worth keeping between runs, found by content digest: arrays in `arrays`, bounded in bytes, and what is
small in Streamlit's caches, bounded in number.

All of it is shared by all visitors and read-only. Streamlit's own hash of arrays samples them and collides, so no array
is ever a key.
"""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core import RankedScores
from dashboard.core.exact_match import ExactMatch
from dashboard.core.global_optimum import SUBSET_ACCURACY, GlobalOptimum, best_global_thresholds
from dashboard.core.grids import logit_grid, unit_grid
from dashboard.core.headline import Headline
from dashboard.core.headline import fixed_headlines as headlines_of_fixed_decisions
from dashboard.core.ranking_summary import RankingFigure, ranking_summary
from dashboard.core.sample_metrics import SampleMetrics, sample_metrics_at_scores
from dashboard.core.samples_optimum import best_samples_threshold
from dashboard.core.sweep import AVERAGES, Sweep, threshold_sweep
from dashboard.core.units import unit_codes
from dashboard.figures.alt_text import metric_alt
from dashboard.figures.handles import chart_payload, revision_of
from dashboard.figures.metric import metric_figure, metric_handle, metric_table, optima_table
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.groups import Groups
from dashboard.inputs.input_check import InputCheck, check_predictions
from dashboard.inputs.opened import read_opened
from dashboard.inputs.sample import read_sample
from dashboard.ui.address import Group, parse_group
from dashboard.ui.arrays import BASE, shared_arrays
from dashboard.ui.seats import Seat, all_seats
from dashboard.ui.state import ADDRESS_DIGITS

SAMPLE_PARTS = ("validation", "test")
METRIC_CHART = "metric_chart"
SAMPLES_OPTIMA = ("f1", "jaccard")  # metrics whose samples average has an exact optimum


@st.cache_resource(max_entries=20, show_spinner=False)
def exempt_imports(after: str) -> bool:
    """Exempt all that is imported by now from the collection that Streamlit runs after each rerun; once per `after`.

    Pages and the parts of plotly that they draw with are imported when a page is first opened: so once after each.
    """
    gc.collect()
    gc.freeze()
    return True


@st.cache_resource(max_entries=2, show_spinner=False)
def sample(part: str) -> Dataset:
    return read_sample(part)


def shared(spinner: str | None = None) -> Callable:
    """Of a function of the digest of data (or of a group of it) and settings: what it makes is kept in `arrays`.

    It goes with its data, or sooner where memory is short.
    """

    def decorate(function):
        @wraps(function)
        def kept(digest: str, *settings):
            def make():
                if spinner is None:
                    return function(digest, *settings)
                with st.spinner(spinner):
                    return function(digest, *settings)

            return shared_arrays().get(digest[:ADDRESS_DIGITS], (function.__name__, digest, *settings), make)

        return kept

    return decorate


@st.cache_resource(scope="session", max_entries=1, show_spinner=False, on_release=Seat.leave)
def seat() -> Seat:
    """The visitor's, from the first run until the connection ends; NoRoom where all are taken."""
    return all_seats().take()


def look(digest: str, opened: list[str]) -> None:
    """This visitor looks at this data now, so it stays, and may go back to what else was opened."""
    shared_arrays().look(seat().id, digest[:ADDRESS_DIGITS], opened)


@st.cache_resource(show_spinner="Reading the files given on the command line...")
def opening_dataset() -> Dataset:
    """What a visitor sees first: the files given to `python -m dashboard open`, else the sample."""
    opened = read_opened()
    if opened is None:
        return sample("validation")
    shared_arrays().look("the command line", opened.digest[:ADDRESS_DIGITS])  # so that nothing pushes it out
    return keep(opened)


def keep(dataset: Dataset) -> Dataset:
    """Make a dataset available to every address that names its digest."""
    return shared_arrays().put(dataset.digest[:ADDRESS_DIGITS], BASE, dataset)


def key_of(digest: str, group: Group | None) -> str:
    """What everything below finds data by: the digest of what was loaded, and the group of it that is in view."""
    return digest if group is None else f"{digest}\0{group}"


def find(key: str) -> Dataset | None:
    """The dataset under a key, or None when this server does not hold it (any more) or it has no such group."""
    digest, _, group = key.partition("\0")
    whole = _find_whole(digest[:ADDRESS_DIGITS])
    if whole is None or not group:
        return whole
    try:
        return _taken(digest, group)
    except LookupError:
        return None


@shared()
def _taken(digest: str, group: str) -> Dataset:
    """The samples of one group; a copy of their scores."""
    whole, group = _find_whole(digest[:ADDRESS_DIGITS]), parse_group(group)
    if group.column not in whole.group_columns or group.value not in groups(digest, group.column).names:
        raise LookupError
    return whole.take(groups(digest, group.column).rows(group.value))


@shared()
def groups(digest: str, column: str) -> Groups:
    """The groups of one column."""
    return Groups.of(find(digest).first_run.columns[column])


@shared()
def units(digest: str, column: str | None) -> np.ndarray:
    """Codes of the units, int64 (n_samples,), read-only: equal where the column is; without one each sample its own."""
    p = find(digest).first_run
    codes = unit_codes(None if column is None else p.columns[column], p.n_samples)
    codes.flags.writeable = False
    return codes


def _find_whole(digest: str) -> Dataset | None:
    for part in SAMPLE_PARTS:
        if sample(part).digest[:ADDRESS_DIGITS] == digest:
            return sample(part)
    try:
        return shared_arrays().find(digest)
    except LookupError:
        return None


def _given(value):
    """The value that came to be cached; None came to ask for it, and an exception is not cached."""
    if value is None:
        raise LookupError
    return value


@shared("Ranking the scores of each class...")
def ranked(digest: str, run: str) -> RankedScores:
    return RankedScores.from_predictions(find(digest).runs[run])


@shared()
def exact_match(digest: str, run: str) -> ExactMatch:
    return ExactMatch.from_predictions(find(digest).runs[run])


@st.cache_resource(max_entries=12, show_spinner=False)
def sweep(digest: str, run: str, axis: str) -> Sweep:
    """The metrics along a grid that is even on the axis it is drawn on."""
    r = ranked(digest, run)
    grid = logit_grid(r) if axis == "logit" else unit_grid(r.predictions)
    return threshold_sweep(r, grid, exact_match=exact_match(digest, run))


@st.cache_resource(max_entries=60, show_spinner="Finding the exact optimum...")
def optima(digest: str, run: str, metric: str) -> dict[str, GlobalOptimum]:
    """average -> the exact optimum of the metric over one threshold for all classes."""
    averages = ("samples",) if metric == SUBSET_ACCURACY else AVERAGES
    targets = [(metric, average) for average in averages]
    found = best_global_thresholds(ranked(digest, run), targets, exact_match=exact_match(digest, run))
    return {average: found[metric, average] for average in averages}


def sample_sweep(digest: str, run: str, axis: str, progress=None) -> SampleMetrics:
    """Samples averages along the grid of `sweep`."""
    r, thresholds = ranked(digest, run), sweep(digest, run, axis).score_thresholds
    compute = partial(sample_metrics_at_scores, r.predictions, thresholds, progress=progress)
    return _kept_or(compute, "sample sweep", digest, run, axis)


def samples_optimum(digest: str, run: str, metric: str, progress=None) -> GlobalOptimum:
    """The exact optimum of samples-averaged "f1" or "jaccard"."""
    compute = partial(best_samples_threshold, ranked(digest, run), metric, progress=progress)
    return _kept_or(compute, "samples optimum", digest, run, metric)


def ranking_figures(digest: str, run: str, progress=None) -> list[RankingFigure]:
    """Everything of `ranking_summary`."""
    compute = partial(ranking_summary, ranked(digest, run), progress=progress)
    return _kept_or(compute, "ranking", digest, run, "")


def _kept_or(compute, what: str, digest: str, run: str, detail: str):
    """What is cached under these names, else computed now, outside the cache: only there can progress be shown."""
    try:
        return _kept(what, digest, run, detail, None)
    except LookupError:
        return _kept(what, digest, run, detail, compute())


@st.cache_resource(max_entries=60, show_spinner=False)
def _kept(what: str, digest: str, run: str, detail: str, _value):
    return _given(_value)


@dataclass(frozen=True)
class Drawn:
    """A chart as the browser gets it, and the table behind it. revision: tells it from what was drawn before."""

    payload: bytes
    table: pd.DataFrame
    revision: str

    @classmethod
    def of(cls, key: str, figure, table: pd.DataFrame, *, handles=(), alt: str) -> "Drawn":
        """key: of the chart on its page."""
        payload = chart_payload(key, figure, handles, alt)
        return cls(payload, table, revision_of(payload))


@st.cache_resource(max_entries=40, show_spinner=False)
def metric_chart(digest: str, run: str, metric: str, axis: str, *, rowwise: bool) -> Drawn:
    """The chart of one metric against the threshold, a line per average."""
    swept, p = sweep(digest, run, axis), ranked(digest, run).predictions
    if metric == SUBSET_ACCURACY:
        values = {(metric, None): swept.subset_accuracy}
        best = {(metric, None): optima(digest, run, metric)["samples"]}
    else:
        values = {(metric, average): swept.values[metric, average] for average in AVERAGES}
        best = {(metric, average): optimum for average, optimum in optima(digest, run, metric).items()}
    if rowwise and metric != SUBSET_ACCURACY:
        values[metric, "samples"] = getattr(sample_sweep(digest, run, axis), metric)
    if rowwise and metric in SAMPLES_OPTIMA:
        best[metric, "samples"] = samples_optimum(digest, run, metric)
    table = metric_table(values, swept.thresholds, swept.score_thresholds, p.score_kind)
    marks = optima_table(best, p.score_kind)
    pooled = ranked(digest, run).counts_at_scores(swept.score_thresholds).pooled()
    figure = metric_figure(table, marks, axis=axis, pooled=pooled)
    handle = metric_handle(table, axis=axis, pooled=pooled)
    return Drawn.of(METRIC_CHART, figure, table, handles=[handle], alt=metric_alt(table, marks))


@st.cache_resource(max_entries=20, show_spinner=False)
def n_without_label(digest: str, run: str) -> int:
    """Samples without a known positive."""
    return int((~(find(digest).runs[run].labels == 1).any(axis=1)).sum())


@st.cache_resource(max_entries=12, show_spinner=False)
def fixed_headlines(digest: str, run: str, *, rowwise: bool) -> dict[str, Headline]:
    """Of the decisions that no threshold of the visitor changes."""
    r, readers = ranked(digest, run), find(digest).readers
    return headlines_of_fixed_decisions(r, readers, rowwise=rowwise, exact_match=exact_match(digest, run))


@st.cache_resource(max_entries=12, show_spinner="Checking the input...")
def input_check(digest: str, run: str, _dataset: Dataset) -> InputCheck:
    """The check of one run; the dataset may not be in view yet, and then it is ranked for the check alone."""
    return check_predictions(_dataset.runs[run], None if find(digest) is None else ranked(digest, run))
