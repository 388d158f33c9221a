"""Losses and their gradients against the logit of a cell, and where the gradient goes on the loaded cells."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme
from dashboard.figures.loss_panels import axes_of, panels_figure

MOST_POINTS = 4_800  # of a chart
PANELS = (("loss", 1), ("loss", 0), ("gradient", 1), ("gradient", 0))
SIDES = ("negatives", "positives")
AS_IS, BY_LARGEST = "as_is", "largest"


def n_points(n_losses: int) -> int:
    """Of each curve: an odd number, so that the middle is one of them."""
    return min(401, MOST_POINTS // (len(PANELS) * max(1, n_losses)) // 2 * 2 - 1)


def shape_table(curves: Mapping[str, tuple]) -> pd.DataFrame:
    """A row per variant, target and logit. curves: title -> logits (n,), losses (2, n), gradients (2, n)."""
    parts = [
        pd.DataFrame({"variant": title, "y": y, "logit": logits, "loss": losses[y], "gradient": gradients[y]})
        for title, (logits, losses, gradients) in curves.items()
        for y in (1, 0)
    ]
    columns = ["variant", "y", "logit", "loss", "gradient"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def shape_figure(table: pd.DataFrame, *, scale: str = AS_IS) -> go.Figure:
    """Four panels, a line per variant in each. scale: AS_IS, or BY_LARGEST: each variant's loss and gradient divided by
    the largest that is drawn of it, so that forms can be compared.
    """
    variants = list(dict.fromkeys(table["variant"]))
    titles = [f"<b>{what}</b>, y = {y}" for what, y in PANELS]
    ends = theme.with_room(float(table["logit"].min()), float(table["logit"].max())) if len(table) else [-1, 1]
    figure = panels_figure(titles, x_title="logit", x_range=ends, n_entries=len(variants))
    for number, variant in enumerate(variants):
        rows = table[table["variant"] == variant]
        for panel, (what, y) in enumerate(PANELS):
            values = rows.loc[rows["y"] == y, what].to_numpy(np.float64) / _unit(rows[what], scale)
            logits = rows.loc[rows["y"] == y, "logit"].to_numpy(np.float64)
            figure.add_trace(_line(logits, values, variant, number, panel))
    return figure.update_layout(uirevision=f"{scale} {ends}")


def _unit(values, scale) -> float:
    sizes = np.abs(values.to_numpy(np.float64))
    largest = sizes[np.isfinite(sizes)].max(initial=0.0)
    return largest if scale == BY_LARGEST and largest > 0 else 1.0


def _line(x, y, name, number, panel) -> go.Scatter:
    return go.Scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        mode="lines",
        line={"color": theme.colour(number), "dash": theme.dash(number), "width": 2},
        name=theme.shortened(name, 40),
        legendgroup=name,
        showlegend=not panel,
        uid=f"variant-{number}-{panel}",  # Plotly looks it up as a CSS class: no spaces, no text of users
        hovertemplate=f"{for_plotly(name)}<br>%{{y:.4~g}} at logit %{{x:.3~g}}<extra></extra>",
        **axes_of(panel),
    )


def shape_alt(table: pd.DataFrame) -> str:
    """Plain text: the steepest gradient of each variant on either side, and where it is."""
    said = []
    for variant, rows in table.groupby("variant", sort=False):
        steepest = []
        for y in (1, 0):
            of_y = rows[(rows["y"] == y) & np.isfinite(rows["gradient"])]
            if len(of_y):
                row = of_y.loc[of_y["gradient"].abs().idxmax()]
                steepest.append(f"{row['gradient']:.3g} at logit {row['logit']:.3g} for y = {y}")
        said.append(f"{variant}: {' and '.join(steepest) or 'undefined'}")
    if not said:
        return "An empty chart: no variant has a curve."
    return f"Loss and gradient against the logit for y = 1 and y = 0. Steepest gradients: {'; '.join(said)}."


def share_table(shares: Mapping[str, np.ndarray], edges: np.ndarray, n: np.ndarray) -> pd.DataFrame:
    """A row per side (negatives, positives) and bin: its cells and each variant's part of its own absolute gradient.

    shares: title -> (2, n_bins), row 0 of negatives. edges: (n_bins + 1,). n: (2, n_bins) cells.
    """
    columns = {
        "cells of": np.repeat(SIDES, len(edges) - 1),
        "score from": np.tile(edges[:-1], 2),
        "to": np.tile(edges[1:], 2),
        "cells": n.ravel(),
    }
    return pd.DataFrame(columns | {title: share.ravel() for title, share in shares.items()})


def share_figure(table: pd.DataFrame, variants) -> go.Figure:
    """A panel for negatives and one for positives; a line per variant over the middles of the bins."""
    titles = [f"<b>{side}</b>" for side in SIDES]
    figure = panels_figure(titles, x_title="score (0-1)", x_range=theme.UNIT_RANGE, n_entries=len(variants))
    for number, variant in enumerate(variants):
        for panel, side in enumerate(SIDES):
            rows = table[table["cells of"] == side]
            middles = ((rows["score from"] + rows["to"]) / 2).to_numpy(np.float64)
            line = _line(middles, rows[variant].to_numpy(np.float64), variant, number, panel)
            ends = [f"{low:.2f} to {high:.2f}" for low, high in zip(rows["score from"], rows["to"], strict=True)]
            texts = [f"score {text}, {count:,} cells" for text, count in zip(ends, rows["cells"], strict=True)]
            template = f"{for_plotly(variant)}<br>%{{y:.1%}} of its gradient<br>%{{text}}<extra></extra>"
            look = {"mode": "lines+markers", "marker": {"size": 6, "color": theme.colour(number)}}
            figure.add_trace(line.update(text=texts, hovertemplate=template, **look))
    return figure.update_yaxes(tickformat=".0%", rangemode="tozero")


def share_alt(table: pd.DataFrame, variants) -> str:
    """Plain text: for each variant the part of positives and the bin with the largest part."""
    said = []
    for variant in variants:
        if table[variant].isna().all():
            said.append(f"{variant}: no gradient")
            continue
        row = table.loc[table[variant].idxmax()]
        positives = table.loc[table["cells of"] == "positives", variant].sum()
        said.append(
            f"{variant}: {positives:.1%} on positives, the most, {row[variant]:.1%}, on {row['cells of']} that score "
            f"{row['score from']:.2f} to {row['to']:.2f}"
        )
    return f"Share of the absolute gradient by score. {'. '.join(said)}."
