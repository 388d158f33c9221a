"""Numerics: where BCELoss on a sigmoid and BCEWithLogits leave the exact values, and which cells lie there."""

import pandas as pd
import streamlit as st
import torch

from dashboard.figures.loss_numerics import (
    BCE,
    EXACT,
    LINEAR,
    LOG,
    WITH_LOGITS,
    numerics_alt,
    numerics_figure,
    numerics_table,
)
from dashboard.losses.extremes import infinite_logits, loss_caps
from dashboard.losses.numeric_zones import n_infinite, zone_counts
from dashboard.losses.numerics import DTYPES, EFFECTS, BceForms, breakdown_points
from dashboard.ui.cache import Drawn
from dashboard.ui.controls import choice_control
from dashboard.ui.losses.clipping import bce_totals, show_clipping
from dashboard.ui.losses.loaded import cells_sentence, clip_eps, loaded_cells, loaded_key
from dashboard.ui.policy_cache import kept_or
from dashboard.ui.tables import show_table
from dashboard.ui.threshold_chart import show_chart
from dashboard.ui.view import View
from dashboard.ui.wording import count, place

CHART = "numerics_chart"
SPANS = {"20": "±20", "50": "±50", "120": "±120"}
SCALES = {LINEAR: "linear", LOG: "log"}
N_POINTS = 201
_OFF = ("false_gradient", "missed_gradient")
_NAN = ("false_nan", "easy_nan", "right_nan", "missed_nan")
FLOAT16_MOST = torch.finfo(torch.float16).max


def show_numerics(view: View, chosen) -> None:
    """The two forms in one data type, the zones of the loaded cells, clipping, and infinite logits. The chosen variants
    do not matter here.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="numerics_controls"):
        dtype = choice_control("Data type", {name: name for name in DTYPES}, key="dtype", first="float32", wrap=True)
        span = float(choice_control("Logits", SPANS, key="numerics_span", first="50"))
        scale = choice_control("Values", SCALES, key="numerics_scale")
        eps = clip_eps(view)
    st.markdown(breakdown_sentence(dtype))
    drawn = forms_chart(dtype, span, scale)
    show_chart(CHART, drawn.payload)
    st.caption(
        "Run in torch on the CPU, in this data type; exact: in float64 in a form without cancellation, at the logit as "
        "rounded." + (" Zeros and what is below 1e-20 stand at the lower edge." if scale == LOG else "")
    )
    with st.expander("The numbers behind this chart", on_change="rerun", key="numerics_numbers") as numbers:
        if numbers.open:
            alt = "Value and gradient of each form at each logit of the chart above"
            show_table(drawn.table, "numerics_table", file_name="bce_numerics.csv", alt=alt)
    _show_zones(view, dtype, eps)
    show_clipping(view, eps)
    _show_extremes()


def points() -> dict[str, dict[str, float | None]]:
    """dtype -> effect -> breakdown point; the same for all data."""
    return kept_or(lambda: {name: breakdown_points(dtype) for name, dtype in DTYPES.items()}, "breakdown points")


def forms_chart(dtype: str, span: float, scale: str) -> Drawn:
    def compute():
        logits = torch.linspace(-span, span, N_POINTS, dtype=torch.float64)
        forms = {}
        for y in (1, 0):
            f = BceForms(logits, y, DTYPES[dtype])
            forms[EXACT, y] = f.logits, f.exact_value, f.exact_gradient
            forms[BCE, y] = f.logits, f.bce_value, f.bce_gradient
            forms[WITH_LOGITS, y] = f.logits, f.with_logits_value, f.with_logits_gradient
        table = numerics_table({key: tuple(each.numpy() for each in arrays) for key, arrays in forms.items()})
        return Drawn.of(CHART, numerics_figure(table, scale=scale), table, alt=numerics_alt(table, dtype))

    return kept_or(compute, "bce numerics chart", dtype, span, scale)


def breakdown_sentence(dtype: str) -> str:
    """Where the gradient of BCELoss ends, where it is NaN, and where BCEWithLogits loses an easy negative; Markdown."""
    at = points()[dtype]
    if at["bce_false_nan"] is None:
        said = (
            f"dies at logit **{place(at['bce_false_gradient'])}** for a false positive, but only at "
            f"**-{place(at['bce_missed_gradient'])}** for a missed one"
        )
    else:
        said = (
            f"is **NaN** from logit **{place(at['bce_false_nan'])}** up and **-{place(at['bce_easy_nan'])}** down, "
            f"in cells that are right too; for a missed positive it is infinite from "
            f"-{place(at['bce_missed_infinite'])}"
        )
    return (
        f"In **{dtype}** the gradient of BCELoss(sigmoid) {said}. BCEWithLogits keeps the gradient, but the value of "
        f"an easy negative is off by over 1 % from logit -{place(at['with_logits_easy_value'])} and exactly 0 from "
        f"-{place(at['with_logits_easy_zero'])}."
    )


def zones_table(view: View, eps: float) -> pd.DataFrame:
    """A row per data type and effect: from which logit on it is seen, and the known cells of the loaded data there."""

    def compute():
        counts = zone_counts(loaded_cells(view, eps), points())
        rows = [_zone_row(name, each, counts) for name in DTYPES for each in EFFECTS]
        return pd.DataFrame(rows).astype({"negatives there": "Int64", "positives there": "Int64"})

    return kept_or(compute, *loaded_key(view, eps), "numeric zones")


def _zone_row(dtype, effect, counts) -> dict:
    size = points()[dtype][effect.name]
    n = counts[dtype][effect.name]
    concerned = [effect.target in (None, target) for target in (0, 1)]
    return {
        "data type": dtype,
        "what happens": effect.title,
        "cells": effect.cells,
        "from logit": None if size is None else effect.sign * size,
        "negatives there": int(n[0]) if concerned[0] else None,
        "positives there": int(n[1]) if concerned[1] else None,
    }


def _show_zones(view, dtype, eps) -> None:
    table = zones_table(view, eps)
    st.markdown(zones_sentence(view, dtype, eps))
    every = st.toggle("All data types", key="all_dtypes", bind="query-params")
    shown = table if every else table[(table["data type"] == dtype) & table["from logit"].notna()]
    show_table(
        shown if every else shown.drop(columns="data type"),
        "numeric_zones",
        file_name="numeric_zones.csv",
        alt="What floating point does, from which logit on, and how many known cells of the loaded data lie there",
        column_config={"from logit": st.column_config.NumberColumn(format="%.4f")},
        placeholder="–",
    )
    st.caption(
        "Found by trying logits in steps of 0.0001 up to 120. A cell is counted where its logit, rounded to the data "
        "type, lies there or beyond; short of zeros and NaN not every one of these need be off. "
        + cells_sentence(view, loaded_cells(view, eps))
    )


def zones_sentence(view: View, dtype: str, eps: float) -> str:
    """How many known cells of the loaded data lie where something goes wrong; Markdown."""
    n = _cells_by_effect(zones_table(view, eps), dtype)
    totals = bce_totals(view, eps)
    off, nan = (sum(n[f"bce_{side}"] for side in sides) for sides in (_OFF, _NAN))
    said = [
        f"Of {count(totals.n, 'known cell')} in view, in {dtype} **{off:,}** wrong ones lie where BCELoss gives them a "
        f"wrong gradient or none"
        + (f", and **{nan:,}** cells where it gives NaN" if nan else "")
        + f"; **{n['with_logits_easy_zero']:,}** easy negatives count exactly 0 in BCEWithLogits, and "
        f"{n['with_logits_easy_value']:,} lie where their value can be off by over 1 %."
    ]
    infinite = kept_or(lambda: n_infinite(loaded_cells(view, eps)), *loaded_key(view, eps), "infinite logits")[dtype]
    if infinite:
        said.append(f"In {dtype} **{count(infinite, 'logit')}** of them are infinite.")
    if dtype == "float16" and totals.bce > FLOAT16_MOST:
        said.append(f"Their summed BCE, {totals.bce:,.0f}, is infinite in float16, which ends at {FLOAT16_MOST:,.0f}.")
    return " ".join(said)


def _cells_by_effect(table: pd.DataFrame, dtype: str) -> dict[str, int]:
    rows = table.loc[table["data type"] == dtype, ["negatives there", "positives there"]]
    totals = rows.fillna(0).sum(axis=1).astype(int)
    return dict(zip((effect.name for effect in EFFECTS), totals, strict=True))


def _show_extremes() -> None:
    panel = st.expander("Infinite logits, and the most one wrong cell counts", on_change="rerun", key="extremes")
    if not panel.open:
        return
    with panel:
        show_table(
            pd.DataFrame([vars(each) for each in infinite_logits()]).astype({"logit": str}).rename(columns=_SAID),
            "infinite_logits",
            file_name="infinite_logits.csv",
            alt="Value and gradient of both forms at infinite logits, run in float32",
        )
        caps = pd.DataFrame(loss_caps().items(), columns=["implementation", "at most"])
        show_table(caps, "loss_caps", file_name="loss_caps.csv", alt="The most one completely wrong cell can count")


_SAID = {
    "target": "y",
    "bce_value": "BCELoss",
    "bce_gradient": "its gradient",
    "with_logits_value": "BCEWithLogits",
    "with_logits_gradient": "its gradient ",
}
