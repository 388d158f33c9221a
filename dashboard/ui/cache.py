"""Everything worth keeping between runs, found by content digest; the only user of Streamlit's caches.

Arrays are shared by all visitors and read-only. Every cache is bounded. Streamlit's own hash of arrays samples them and
collides, so no array is ever a key.
"""

import gc

import streamlit as st

from dashboard.core import RankedScores
from dashboard.core.exact_match import ExactMatch
from dashboard.core.global_optimum import best_global_threshold
from dashboard.core.grids import logit_grid, unit_grid
from dashboard.core.sweep import AVERAGES, Sweep, threshold_sweep
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.sample import read_sample
from dashboard.ui.state import ADDRESS_DIGITS

SAMPLE_PARTS = ("validation", "test")


@st.cache_resource(show_spinner=False)
def warm_up() -> bool:
    """Import what every page needs, then exempt it from the collection that Streamlit runs after each rerun."""
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    gc.collect()
    gc.freeze()
    return True


@st.cache_resource(max_entries=2, show_spinner=False)
def sample(part: str) -> Dataset:
    return read_sample(part)


@st.cache_resource(show_spinner="Reading the files given on the command line...")
def opening_dataset() -> Dataset:
    """What a visitor sees first: the files given to `python -m dashboard open`, else the sample."""
    from dashboard.inputs.opened import read_opened

    return keep(read_opened() or sample("validation"))


def keep(dataset: Dataset) -> Dataset:
    """Make a dataset available to every address that names its digest."""
    return _held(dataset.digest[:ADDRESS_DIGITS], dataset)


def find(digest: str) -> Dataset | None:
    """The dataset with this digest, or None when this server does not hold it (any more)."""
    for part in SAMPLE_PARTS:
        if sample(part).digest.startswith(digest[:ADDRESS_DIGITS]) and len(digest) >= ADDRESS_DIGITS:
            return sample(part)
    try:
        return _held(digest[:ADDRESS_DIGITS], None)
    except LookupError:
        return None


@st.cache_resource(max_entries=8, show_spinner=False)
def _held(digest: str, _dataset: Dataset | None) -> Dataset:
    if _dataset is None:
        raise LookupError(digest)  # an exception is not cached
    return _dataset


@st.cache_resource(max_entries=6, show_spinner="Ranking the scores of each class...")
def ranked(digest: str, run: str) -> RankedScores:
    return RankedScores.from_predictions(find(digest).runs[run])


@st.cache_resource(max_entries=6, show_spinner=False)
def exact_match(digest: str, run: str) -> ExactMatch:
    return ExactMatch.from_predictions(find(digest).runs[run])


@st.cache_resource(max_entries=12, show_spinner=False)
def sweep(digest: str, run: str, axis: str) -> Sweep:
    """The metrics along a grid that is even on the axis it is drawn on."""
    r = ranked(digest, run)
    grid = logit_grid(r) if axis == "logit" else unit_grid(r.predictions)
    return threshold_sweep(r, grid, exact_match=exact_match(digest, run))


@st.cache_resource(max_entries=60, show_spinner="Finding the exact optimum...")
def optima(digest: str, run: str, metric: str) -> dict:
    """average -> GlobalOptimum; for subset accuracy there is one, under "exact match"."""
    r = ranked(digest, run)
    if metric == "subset_accuracy":
        return {"exact match": best_global_threshold(r, "subset_accuracy", None)}
    return {average: best_global_threshold(r, metric, average) for average in AVERAGES}
