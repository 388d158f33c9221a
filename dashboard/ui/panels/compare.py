"""The Compare page from top to bottom: the answer, all runs and readers, and two of them in full."""

import streamlit as st

from dashboard.escape import for_markdown
from dashboard.ui import frame, state
from dashboard.ui.panels import compare_cache
from dashboard.ui.panels.compare_cache import Asked
from dashboard.ui.panels.compare_classes import show_classes
from dashboard.ui.panels.compare_controls import asked_control, sides_control
from dashboard.ui.panels.compare_groups import show_groups
from dashboard.ui.panels.compare_parts import show_parts
from dashboard.ui.panels.compare_runs import show_runs
from dashboard.ui.panels.compare_sides import sides_of, threshold_notes
from dashboard.ui.panels.compare_words import opening_sentence
from dashboard.ui.panels.estimate_settings import units_sentence
from dashboard.ui.panels.estimates import AT_ONCE
from dashboard.ui.progress import progress_bar
from dashboard.ui.view import View
from dashboard.ui.wording import count

WANTED = "comparing_wanted"


def show_comparison(view: View, sentence) -> None:
    """sentence: where the answer in numbers goes, above everything else."""
    sides = sides_of(view)
    asked, margin = asked_control(view)
    if not _wanted(view, asked):
        return
    with progress_bar("Tuning each run without each fold") as progress:
        show_runs(view, asked, sides, progress)
    pair = sides_control(sides)
    if pair is None:
        _show_what_is_missing(sides)
        return
    for note in threshold_notes(view, pair, asked.at):
        st.caption(note)
    _show_pair(view, asked.of(*pair), margin, sentence)


def _show_pair(view: View, asked: Asked, margin: float | None, sentence) -> None:
    with progress_bar("Comparing on resamples of the units") as progress:
        found = compare_cache.comparison(view, asked, progress)
    sentence.markdown(opening_sentence(asked, found))
    show_parts(asked, found, margin)
    show_classes(asked, found, margin)
    show_groups(view, asked)
    st.caption(f"{units_sentence(view)} {_how(asked, found)}")


def _show_what_is_missing(sides) -> None:
    """Why no two are compared, and what to do."""
    n_runs = sum(not side.is_reader for side in sides.values())
    if n_runs > 1 or len(sides) > 1:
        st.info(
            "Choose two different ones as A and B, at least one of them a run: two readers have no scores, so nothing "
            "can be said of their ranking.",
            icon=":material/compare_arrows:",
        )
        return
    st.info(
        f"{for_markdown(next(iter(sides)))} is the only run of these samples. Load the scores of a second run, with "
        "the same samples and classes, or the decisions of a reader with the same files, and both are compared here.",
        icon=":material/compare_arrows:",
    )
    if st.button("Load files", key="compare_load", icon=":material/upload_file:", type="primary"):
        st.switch_page(frame.DATA_PAGE, query_params={})


def _wanted(view: View, asked: Asked) -> bool:
    """Small data at once; else when somebody asks, until the data changes."""
    if view.predictions.labels.size <= AT_ONCE:
        return True
    about = repr((view.digest, asked.unit))
    if state.recalled(WANTED) == about:
        return True
    st.button("Compare", key="compare_start", icon=":material/science:", on_click=lambda: state.remember(WANTED, about))
    st.caption(
        f"On {count(view.predictions.n_samples, 'sample')} of {count(view.predictions.n_classes, 'class', 'classes')} "
        "tuning each run without each fold and resampling takes a while."
    )
    return False


def _how(asked: Asked, found) -> str:
    intervals = f"Intervals are 95 %, paired, from {count(found.n_replicates, 'resample')} of the units"
    if asked.a.is_reader:
        return f"{intervals}, decisions held fixed; cells that the reader left open are left out for both."
    return (
        f"{intervals} with all decisions held fixed; own best thresholds are cross-fitted over "
        f"{count(found.n_folds, 'fold')}. Only threshold and ranking add up to the total; differences in AP and at the "
        "same recall or precision stand beside it."
    )
