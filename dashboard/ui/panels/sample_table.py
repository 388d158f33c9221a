"""A list of samples as a table: what the class says of each, its true and predicted classes, its extra columns."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from dashboard.core.sample_cells import distance
from dashboard.core.scale import sigmoid
from dashboard.inputs.media import short_cell
from dashboard.ui.panels import sample_verdict
from dashboard.ui.panels.sample_list import Listing
from dashboard.ui.view import View

SCREEN_NAMES, CSV_NAMES = 3, 100  # classes named in a cell
SCREEN_TEXT, CSV_TEXT = 120, 32_000  # characters of a cell; spreadsheets take 32,767
_BLOCK = 65_536  # samples whose cells are looked at together
_FLIPS = {(True, 1): "positive gained", (True, 0): "false alarm added"}
_FLIPS |= {(False, 1): "positive lost", (False, 0): "false alarm removed"}


def sample_number(view: View, row: int) -> int:
    """The row of a sample in what was loaded, counted from 1; `row` is its place among the samples in view."""
    return view.sample_number(row)


def row_of_number(view: View, number: int) -> int | None:
    """The place in view of the sample with this row number, None where it is not in view."""
    rows = view.dataset.rows
    if rows is None:
        return number - 1 if 1 <= number <= view.predictions.n_samples else None
    found = np.flatnonzero(rows == number - 1)
    return int(found[0]) if len(found) else None


def sample_name(view: View, row: int) -> str:
    """The id of a sample, or its row number."""
    ids = view.predictions.sample_ids
    return str(sample_number(view, row)) if ids is None else str(ids[row])


def find_sample(view: View, text: str) -> int | None:
    """The place in view of the sample with this id, or else with this row number."""
    text, ids = text.strip(), view.predictions.sample_ids
    found = [] if ids is None else np.flatnonzero(ids.astype(str) == text)
    if len(found):
        return int(found[0])
    return row_of_number(view, int(text)) if text.isdecimal() and len(text) < 12 else None


def samples_table(view: View, listing: Listing, rows: np.ndarray, *, whole: bool = False) -> pd.DataFrame:
    """One row per sample; `whole` keeps long texts and many names, as a file does and a screen cannot."""
    p = view.predictions
    names, text = (CSV_NAMES, CSV_TEXT) if whole else (SCREEN_NAMES, SCREEN_TEXT)
    table = {"row": _numbers(view, rows)} if p.sample_ids is None else {"sample": p.sample_ids[rows]}
    table |= _flip_columns(view, listing, rows, names) if listing.all_classes else _class_columns(view, listing, rows)
    table |= sample_verdict.verdict_column(view, listing, _numbers(view, rows))
    table["true classes"] = _names_of(view, rows, lambda part: p.labels[part] == 1, names)
    table["predicted classes"] = _names_of(
        view, rows, lambda part: p.scores[part] >= listing.thresholds.score_thresholds, names
    )
    for name, values in p.columns.items():
        cells = [short_cell(str(value), text) for value in values[rows]]
        table[free_name(name, table)] = np.array(cells, dtype=object)
    return pd.DataFrame(table)


def column_config(table: pd.DataFrame) -> dict:
    """How numbers are shown: rounded, a score near 0 or 1 still told apart from it."""
    numbers = {name: st.column_config.NumberColumn(format="%.4g") for name in ("logit", "score (0-1)", "distance")}
    numbers["row"] = st.column_config.NumberColumn(format="%d")
    numbers["verdict"] = st.column_config.TextColumn(width=110)  # "label wrong" in full
    return {name: numbers[name] for name in table.columns if name in numbers}


def free_name(name: str, taken) -> str:
    """The user's name of a column, made another one where ours are called so."""
    while name in taken:
        name += " (column)"
    return name


def _numbers(view, rows) -> np.ndarray:
    return rows + 1 if view.dataset.rows is None else view.dataset.rows[rows] + 1


def _class_columns(view, listing, rows) -> dict:
    p = view.predictions
    scores, labels = p.scores[rows, listing.index], p.labels[rows, listing.index]
    columns = {"logit": scores, "score (0-1)": sigmoid(scores)} if p.score_kind == "logits" else {"score (0-1)": scores}
    columns |= {"distance": distance(scores, listing.threshold), "label": labels}
    if listing.before is not None:
        now = listing.threshold < listing.before.score_thresholds[listing.index]
        columns["flip"] = np.array([_FLIPS[bool(now), int(label)] for label in labels], dtype=object)
    return columns


def _flip_columns(view, listing, rows, limit) -> dict:
    p = view.predictions
    pair = [thresholds.score_thresholds for thresholds in (listing.before, listing.thresholds)]
    low, high = np.minimum(*pair), np.maximum(*pair)

    def flipped(part):
        return (p.scores[part] >= low) & (p.scores[part] < high) & (p.labels[part] >= 0)

    parts = [flipped(rows[start : start + _BLOCK]).sum(axis=1) for start in range(0, len(rows), _BLOCK)]
    counts = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    return {"flips": counts, "flipping classes": _names_of(view, rows, flipped, limit)}


def _names_of(view, rows, chosen, limit) -> np.ndarray:
    """The names of the classes that `chosen` (rows -> bool by class) says of each sample, in the order of the data."""
    names = pa.array(view.predictions.class_names)
    starts = range(0, len(rows), _BLOCK)
    parts = [_joined(names, chosen(rows[start : start + _BLOCK]), limit) for start in starts]
    return np.concatenate(parts) if parts else np.empty(0, dtype=object)


def _joined(names: pa.Array, chosen: np.ndarray, limit: int) -> np.ndarray:
    """The first `limit` names of each row of `chosen` as one text, and how many more there are.

    By Arrow: a Python loop over a million samples takes longer than all the rest of a file.
    """
    n_chosen = np.count_nonzero(chosen, axis=1)
    samples, classes = np.nonzero(chosen)
    ends = np.concatenate([[0], np.cumsum(n_chosen)])
    kept = np.arange(len(classes)) - ends[samples] < limit
    offsets = np.concatenate([[0], np.cumsum(np.minimum(n_chosen, limit))]).astype(np.int32)
    texts = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), names.take(pa.array(classes[kept]))), "; ")
    texts = texts.to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(n_chosen > limit):
        texts[row] += f"; and {n_chosen[row] - limit:,} more"
    return texts
