"""What the worklist and the confusion of classes keep: the verdicts that all visitors share, and counted pairs."""

import pandas as pd
import streamlit as st

from dashboard.core import ThresholdSet
from dashboard.core.class_confusion import ConfusedPairs, confused_pairs, cooccurrence
from dashboard.core.flips import n_flagged as count_flagged
from dashboard.figures.class_confusion import cooccurrence_alt, cooccurrence_figure
from dashboard.ui.cache import Drawn, ranked
from dashboard.ui.verdicts import VerdictStore

COOCCURRENCE = "cooccurrence"


@st.cache_resource(show_spinner=False)
def verdict_store() -> VerdictStore:
    return VerdictStore()


@st.cache_resource(max_entries=24, show_spinner="Counting which classes are taken for which...")
def pairs(digest: str, run: str, thresholds_key: str, _thresholds: ThresholdSet) -> ConfusedPairs:
    """The pairs of classes that are confused more often than by chance; `thresholds_key` stands for the thresholds."""
    return confused_pairs(ranked(digest, run).predictions, _thresholds)


@st.cache_resource(max_entries=24, show_spinner=False)
def cooccurrence_chart(
    digest: str, run: str, classes: tuple[int, ...], thresholds_key: str, _thresholds: ThresholdSet
) -> Drawn:
    """True against predicted classes."""
    p = ranked(digest, run).predictions
    counts, positives = cooccurrence(p, _thresholds, classes)
    names = [p.class_names[index] for index in classes]
    table = pd.DataFrame(counts, columns=names)
    table.insert(0, "true", names, allow_duplicates=True)
    figure, alt = cooccurrence_figure(counts, positives, names), cooccurrence_alt(counts, positives, names)
    return Drawn.of(COOCCURRENCE, figure, table, alt=alt)


@st.cache_resource(max_entries=100, show_spinner=False)
def n_flagged(digest: str, run: str, thresholds_key: str, _thresholds: ThresholdSet) -> int:
    """Samples with any class predicted."""
    return count_flagged(ranked(digest, run).predictions, _thresholds)
