"""One whole sample: its picture, sound and text, its extra columns, and every class with what was decided."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.core.sample_cells import UNKNOWN_OUTCOME, SampleCells, sample_cells
from dashboard.core.scale import sigmoid, to_unit_threshold
from dashboard.escape import for_markdown
from dashboard.inputs.media import short_cell
from dashboard.ui.paged_table import PAGED_ABOVE, show_paged_table
from dashboard.ui.panels.media import show_media
from dashboard.ui.panels.sample_table import sample_name, sample_number
from dashboard.ui.view import View
from dashboard.ui.wording import count

OUTCOMES = {
    "fp": "false alarm",
    "fn": "missed",
    "tp": "found",
    "tn": "correctly left out",
    UNKNOWN_OUTCOME: "label unknown",
}
_IN_THE_PICTURE = ("text", "image", "audio")


def show_sample(view: View, row: int, on_close) -> None:
    """What the sample is, what was decided of it, and every class; `on_close` None: something else closes it."""
    with st.container(border=True, key="sample_detail", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            what = "Row " if view.predictions.sample_ids is None else ""
            st.markdown(f"{what}**{for_markdown(sample_name(view, row))}**", width="stretch")
            if on_close is not None:
                st.button("Close", key="sample_close", icon=":material/close:", type="tertiary", on_click=on_close)
        show_media(view, row)
        if others := other_columns(view, row):
            st.caption(others)
        cells = sample_cells(view.predictions, row, view.thresholds)
        st.markdown(sentence(cells))
        _show_classes(view, row, cells)


def other_columns(view: View, row: int) -> str:
    """Groups, units and columns of other roles, in one line."""
    roles = view.dataset.column_roles
    columns = view.predictions.columns.items()
    told = [(name, str(values[row])) for name, values in columns if roles.get(name) not in _IN_THE_PICTURE]
    return " · ".join(f"{for_markdown(name)}: {for_markdown(short_cell(value))}" for name, value in told)


def sentence(cells: SampleCells) -> str:
    """How many classes are wrong, and how."""
    outcomes = cells.outcomes
    n = {outcome: int((outcomes == outcome).sum()) for outcome in OUTCOMES}
    known = len(outcomes) - n[UNKNOWN_OUTCOME]
    if not known:
        return "No label of this sample is known."
    faults = [count(n["fp"], "false alarm")] * bool(n["fp"]) + [count(n["fn"], "miss", "misses")] * bool(n["fn"])
    said = f"{n['fp'] + n['fn']:,} of {count(known, 'class', 'classes')} decided wrong" + ": " * bool(faults)
    unknown = f"; the label of {n[UNKNOWN_OUTCOME]:,} is unknown" if n[UNKNOWN_OUTCOME] else ""
    return f"{said}{', '.join(faults)}{unknown}."


def classes_table(view: View, cells: SampleCells) -> pd.DataFrame:
    """One row per class: the wrong ones first, each kind nearest to its threshold first."""
    p, order = view.predictions, cells.order()
    scores = {"logit": cells.scores} if p.score_kind == "logits" else {}
    scores["score (0-1)"] = sigmoid(cells.scores) if scores else cells.scores
    table = {
        "class": np.array(p.class_names, dtype=object),
        "outcome": np.array([OUTCOMES[outcome] for outcome in cells.outcomes], dtype=object),
        "label": pd.array(np.where(cells.labels < 0, 0, cells.labels), dtype="Int8"),
        **scores,
        "threshold": to_unit_threshold(cells.score_thresholds, p.score_kind),
        "distance": cells.distances,
    }
    table = pd.DataFrame(table)
    table.loc[cells.labels < 0, "label"] = pd.NA
    return table.iloc[order].reset_index(drop=True)


def _show_classes(view, row, cells) -> None:
    table = classes_table(view, cells)
    text = ""
    if len(table) > PAGED_ABOVE:
        text = st.text_input("Find a class", key="sample_class_search", type="search", placeholder="Class name")
        table = table[table["class"].str.contains(text.strip(), case=False, regex=False)]
    numbers = ("logit", "score (0-1)", "threshold", "distance")
    show_paged_table(
        table,
        "sample_classes",
        file_name=f"sample_{sample_number(view, row)}.csv",
        given_order="wrong, then nearest",
        about=(view.whole.digest, sample_number(view, row), text),
        height="content" if len(table) <= 12 else 450,
        column_config={name: st.column_config.NumberColumn(format="%.4g") for name in numbers if name in table},
        placeholder="–",
        alt="Every class of this sample with its score, threshold, label and outcome, the wrong ones first",
    )
