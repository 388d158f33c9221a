"""What clipping the logits would change on the loaded data: cells, total BCE, gradient and the ranking."""

import pandas as pd
import streamlit as st

from dashboard.losses.numeric_zones import BceTotals, Clipping
from dashboard.ui.losses.loaded import loaded_cells, loaded_key
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.tables import show_table
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

LEAST, MOST, FIRST = 1.0, 50.0, 15.0


def bce_totals(view: View, eps: float) -> BceTotals:
    return kept_or(lambda: BceTotals.of(loaded_cells(view, eps)), *loaded_key(view, eps), "bce totals")


def clipping(view: View, eps: float, limit: float) -> Clipping:
    before = bce_totals(view, eps)
    return kept_or(
        lambda: Clipping.of(loaded_cells(view, eps), limit, before), *loaded_key(view, eps), "clipping", limit
    )


def show_clipping(view: View, eps: float) -> None:
    """A control for the limit, the answer in a sentence, and the figures."""
    limit = st.slider(
        "Clip the logits to ±",
        LEAST,
        MOST,
        FIRST,
        step=0.5,
        key="clip_logits",
        bind="query-params",
        format="%.1f",
        width=480,
    )
    before, after = bce_totals(view, eps), clipping(view, eps, limit)
    st.markdown(clipping_sentence(before, after))
    show_table(
        clipping_table(before, after),
        "clipping",
        file_name="clipping.csv",
        alt="Total BCE and gradient before and after clipping the logits, and the cells that become equal",
        placeholder="–",
    )
    st.caption(
        "Gradients are the summed absolute gradients of BCE. Clipping inside the model (torch.clamp) takes the "
        "gradient from the cells that move; clipping afterwards leaves the one at the limit."
    )


def clipping_sentence(before: BceTotals, after: Clipping) -> str:
    """Markdown."""
    if not after.n_moved:
        return f"Clipping to ±{after.limit:g} moves no known cell: nothing changes."
    change, lost = after.bce - before.bce, _percent(after.without_gradient, before.gradient)
    said = (
        f"Clipping to ±{after.limit:g} moves **{count(after.n_moved, 'known cell')}** ({after.n_negatives:,} negative, "
        f"{after.n_positives:,} positive), changes the total BCE by **{change:,.4g}** "
        f"({_percent(change, before.bce)}) and takes {lost} of the gradient. "
    )
    if not after.n_equal:
        return said + "No two different scores of a class become equal, so the ranking stays."
    return said + (
        f"**{count(after.n_equal, 'cell')}** in {count(after.n_classes_equal, 'class', 'classes')} become equal to "
        f"others of their class; in {after.n_classes_mixed:,} of these positives and negatives tie, and AP can change."
    )


def _percent(part: float, whole: float) -> str:
    return f"{short(100 * part / whole, 2)} %" if whole and whole != float("inf") else "undefined"


def clipping_table(before: BceTotals, after: Clipping) -> pd.DataFrame:
    rows = [
        ("total BCE", before.bce, after.bce),
        ("mean BCE per known cell", *(each.bce / before.n if before.n else None for each in (before, after))),
        ("summed |gradient|, clipped afterwards", before.gradient, after.gradient),
        ("summed |gradient|, clipped in the model", before.gradient, before.gradient - after.without_gradient),
        ("cells moved", 0, after.n_moved),
        ("cells equal to others of their class", 0, after.n_equal),
        ("classes with positives and negatives newly equal", 0, after.n_classes_mixed),
    ]
    return pd.DataFrame(rows, columns=["", "before", "after"])
