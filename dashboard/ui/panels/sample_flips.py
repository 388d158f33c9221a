"""What a list of samples is, in a sentence; and what flips in each class, as a table."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.flips import FlipCounts, class_flips
from dashboard.escape import for_markdown
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.panels.sample_list import Listing, against_text
from dashboard.ui.view import View
from dashboard.ui.wording import count, place

_MEANING = {
    "fp": "without the label but predicted as",
    "fn": "labelled but not predicted as",
    "tp": "labelled and predicted as",
    "tn": "neither labelled nor predicted as",
}


def sentence(view: View, listing: Listing, total: int) -> str:
    """What is listed, and in which order."""
    p = view.predictions
    if listing.before is None:
        name, at = for_markdown(p.class_names[listing.index]), place(listing.thresholds.thresholds[listing.index])
        what = _MEANING[listing.kind]
        return f"{count(total, 'sample')} {what} **{name}** at {at}, the nearest to the threshold first."
    against = against_text(view, listing)
    if listing.all_classes:
        otherwise = listing.otherwise or f"at {against}"
        return f"{count(total, 'sample')} decided otherwise than {otherwise}, those with the most flips first."
    if not total:
        return f"Nothing flips against {against}."
    before = listing.before.score_thresholds[listing.index]
    n_positives, n_negatives = class_flips(view.ranked, listing.index, before, listing.threshold)
    verbs = ("more found", "added") if listing.threshold < before else ("lost", "removed")
    return (
        f"Against {against}: **{count(n_positives, 'positive')}** {verbs[0]}, "
        f"**{count(n_negatives, 'false alarm')}** {verbs[1]}; the nearest to the threshold first."
    )


def class_flips_table(view: View, listing: Listing) -> pd.DataFrame:
    """One row per class in which anything flips, the most flips first."""
    flips = FlipCounts.between(view.ranked.counts(listing.before), view.ranked.counts(listing.thresholds))
    order = np.argsort(-flips.total, kind="stable")
    order = order[flips.total[order] > 0]
    before, now = _threshold_names(listing)
    columns = {
        "class": np.array(view.predictions.class_names, dtype=object)[order],
        before: listing.before.thresholds[order],
        now: listing.thresholds.thresholds[order],
        "positives gained": flips.gained[order],
        "positives lost": flips.lost[order],
        "false alarms added": flips.added[order],
        "false alarms removed": flips.removed[order],
    }
    return pd.DataFrame(columns)


def _threshold_names(listing: Listing) -> tuple[str, str]:
    """Of a change that somebody made, or of what is merely compared."""
    return ("before", "now") if listing.against else ("compared", "threshold")


def show_class_flips(view: View, listing: Listing) -> None:
    table = class_flips_table(view, listing)
    if not len(table):
        return
    config = {name: st.column_config.NumberColumn(format="%.4g") for name in _threshold_names(listing)}
    show_paged_table(
        table,
        "class_flips",
        file_name="flips_by_class.csv",
        given_order="flips",
        alt="Positives and false alarms gained and lost in each class",
        column_config=config,
        placeholder="–",
        height="content" if len(table) <= 8 else 320,
    )
