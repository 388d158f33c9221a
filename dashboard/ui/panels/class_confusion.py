"""Which classes are taken for which: a table of pairs, the samples behind one, and true against predicted as a map."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.class_confusion import ConfusedPairs, pair_samples
from dashboard.escape import for_markdown
from dashboard.ui import class_cache, state, worklist_cache
from dashboard.ui.paged_table import show_paged_table
from dashboard.ui.panels import samples
from dashboard.ui.panels.sample_detail import show_sample
from dashboard.ui.panels.sample_list import Listing
from dashboard.ui.panels.sample_table import samples_table
from dashboard.ui.tables import show_download
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.view import View
from dashboard.ui.wording import count, short

MOST_IN_MAP = 30
FIRST_IN_MAP = 12
SAMPLES_SHOWN = 50
_PAIR, _MAP = "confused_pair", "map_classes"


def show_confusion(view: View) -> None:
    """Pairs of classes first, then the map."""
    key = class_cache.digest_of(view.thresholds.score_thresholds)
    pairs = worklist_cache.pairs(view.digest, view.run, key, view.thresholds)
    st.subheader("Missed one class, said another", anchor=False)
    if not len(pairs.missed):
        st.markdown("No class is said where another is missed more often than chance would have it.")
    else:
        _show_pairs(view, pairs)
    if view.predictions.n_classes > 1:
        st.subheader("True against predicted", anchor=False)
        _show_map(view, key)


def pairs_table(view: View, pairs: ConfusedPairs) -> pd.DataFrame:
    """One row per pair, those furthest beyond chance first."""
    names = np.array(view.predictions.class_names, dtype=object)
    return pd.DataFrame(
        {
            "missed": names[pairs.missed],
            "said": names[pairs.said],
            "samples": pairs.n_both,
            "expected": pairs.expected,
            "lift": pairs.lift,
            "lift at least": pairs.lift_low,
            "misses": pairs.n_missed,
            "of the misses": pairs.n_both / pairs.n_missed,
        }
    )


def _show_pairs(view: View, pairs: ConfusedPairs) -> None:
    table = pairs_table(view, pairs)
    first = table.iloc[0]
    st.markdown(
        f"Where **{for_markdown(first['missed'])}** is missed, **{for_markdown(first['said'])}** is a false alarm "
        f"{first['lift']:.1f} times as often as overall: {count(int(first['samples']), 'sample')}."
    )
    number = st.column_config.NumberColumn
    show_paged_table(
        table,
        "confused_pairs",
        file_name="confused_classes.csv",
        given_order="most beyond chance",
        about=(view.digest, view.run),
        alt="Pairs of classes of which one is missed where the other is a false alarm",
        column_config={
            "expected": number(
                format="%.1f", help="Samples, were the misses of one and the false alarms of the other independent"
            ),
            "lift": number(format="%.2f", help="Samples / expected"),
            "lift at least": number(format="%.2f", help="Lower 95 % limit of the lift"),
            "of the misses": number(
                format="percent", help="Share of the misses of the first class with this false alarm"
            ),
        },
        height="content" if len(table) <= 8 else 320,
    )
    st.caption(
        "Most samples beyond what independence would give first, so that a single sample never leads; counted where "
        "the labels of both classes are known."
    )
    _show_samples(view, pairs)


def _show_samples(view: View, pairs: ConfusedPairs) -> None:
    names = view.predictions.class_names
    options = list(zip(pairs.missed.tolist(), pairs.said.tolist(), strict=True))
    held = state.recalled(_PAIR)
    state.preset_widget(_PAIR, held if held in options else options[0])
    missed, said = st.selectbox(
        "The samples behind",
        options,
        key=_PAIR,
        format_func=lambda pair: f"missed {names[pair[0]]}, said {names[pair[1]]}",
        on_change=lambda: state.remember(_PAIR, state.widget_value(_PAIR)),
        width=420,
    )
    rows = pair_samples(view.predictions, view.thresholds, missed, said)
    listing = Listing("fp", said, view.thresholds)
    shown, opened = st.columns([3, 2], gap="medium")
    with shown:
        table, look = samples.table_with_pictures(view, listing, rows[:SAMPLES_SHOWN])
        selected = st.dataframe(
            table,
            key=f"{_PAIR}_rows_{missed}_{said}",
            hide_index=True,
            on_select="rerun",
            selection_mode="single-row",
            height="content" if len(table) <= 6 else 420,
            **look,
            alt="Samples where one class is missed and the other falsely predicted",
        )["selection"]["rows"]
        with st.container(horizontal=True, vertical_alignment="center"):
            how_many = f"{min(len(rows), SAMPLES_SHOWN):,} of {len(rows):,}"
            st.caption(f"{how_many}, the highest score of {for_markdown(names[said])} first")
            show_download(lambda: samples_table(view, listing, rows, whole=True), _PAIR, "confused_samples.csv")
    with opened:
        if not selected or selected[0] >= len(table):
            st.caption("Select a row to open the whole sample.")
            return
        row = int(rows[selected[0]])
        st.button("Open in the worklist", key="open_in_worklist", on_click=samples.open_sample, args=(view, row))
        show_sample(view, row, None)


def _show_map(view: View, key: str) -> None:
    p = view.predictions
    order = np.argsort(-p.support, kind="stable").tolist()
    held = [index for index in state.recalled(_MAP, order[:FIRST_IN_MAP]) if index < p.n_classes]
    state.preset_widget(_MAP, held)
    classes = st.multiselect(
        "Classes of the map",
        order,
        key=_MAP,
        format_func=lambda index: p.class_names[index],
        max_selections=MOST_IN_MAP,
        on_change=lambda: state.remember(_MAP, state.widget_value(_MAP)),
    )
    if not classes:
        return
    drawn = worklist_cache.cooccurrence_chart(view.digest, view.run, tuple(classes), key, view.thresholds)
    show_chart(worklist_cache.COOCCURRENCE, drawn.payload)
    st.caption(
        "Numbers are samples; the shade is their share of the positives of the row, where the label of the column is "
        "known too. On the diagonal: recall "
        f"({short(_recall(view, classes))} over these classes together)."
    )
    show_download(lambda: drawn.table, worklist_cache.COOCCURRENCE, "true_against_predicted.csv")


def _recall(view: View, classes) -> float:
    counts = view.counts
    tp, fn = counts.tp[0, classes].sum(), counts.fn[0, classes].sum()
    return float(tp / (tp + fn)) if tp + fn else float("nan")
