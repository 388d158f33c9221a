"""Small multiples: F1, precision and recall of each class against its own threshold, all on one shared scale.

Knows no threshold in use and not how many columns the window holds: the browser arranges the cells by its width.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.core import Counts, metrics
from dashboard.core.grids import Grid
from dashboard.core.scale import logit
from dashboard.figures import theme
from dashboard.figures.handles import LINE, Handle, Readout
from dashboard.figures.metric import finite_range

METRICS = {"F1": metrics.f_beta, "precision": metrics.precision, "recall": metrics.recall}
CELL = (215, 120)  # pixels: the least width and the height of a cell
_DASHES = {"F1": "solid", "precision": "4px,2px", "recall": "2px,2px"}


@dataclass(frozen=True, eq=False)
class ClassSweep:
    """One class along the grid: counts (n_thresholds, 1), and its best F1 as (threshold, its logit, value)."""

    index: int
    name: str
    counts: Counts
    best: tuple[float, float, float]


def small_multiples_table(sweeps: Sequence[ClassSweep], grid: Grid, score_kind: str) -> pd.DataFrame:
    """One row per class and threshold: threshold, logit, the counts and the metrics; undefined metrics are NaN."""
    logits = grid.score_thresholds.astype(np.float64) if score_kind == "logits" else logit(grid.thresholds)
    parts = [
        pd.DataFrame(
            {"class": sweep.name, "threshold": grid.thresholds, "logit": logits}
            | {name: metric(sweep.counts, zero_division=np.nan)[:, 0] for name, metric in METRICS.items()}
            | {name: getattr(sweep.counts, name)[:, 0] for name in ("tp", "fp", "fn", "tn")}
        )
        for sweep in sweeps
    ]
    return pd.concat(parts, ignore_index=True)


def small_multiples_figure(sweeps: Sequence[ClassSweep], table: pd.DataFrame, *, axis: str) -> go.Figure:
    """A cell per class with a line per metric and a diamond at its best F1; `axis` is "probability" or "logit"."""
    figure = theme.empty_figure(x_title="", y_title="")
    span = theme.with_room(*shared_span(table, axis))
    layout = {"meta": {"grid": {"titles": [theme.shortened(sweep.name, 30) for sweep in sweeps], "cell": CELL}}}
    for number, sweep in enumerate(sweeps):
        suffix = axes_suffix(number)
        layout[f"xaxis{suffix}"] = _axis(span, number, "x", anchor=f"y{suffix}")
        layout[f"yaxis{suffix}"] = _axis(theme.UNIT_RANGE, number, "y", anchor=f"x{suffix}") | {"tickvals": [0, 0.5, 1]}
        rows = table[table["class"] == sweep.name]
        figure.add_traces([_line(rows, name, number, sweep, axis) for name in METRICS])
        figure.add_trace(_best_mark(sweep, number, axis, span))
    return figure.update_layout(layout, uirevision=axis)


def small_multiples_handles(sweeps: Sequence[ClassSweep], table: pd.DataFrame, *, axis: str) -> list[Handle]:
    """One line per class, in its own cell."""
    span = shared_span(table, axis)
    handles = []
    for number, sweep in enumerate(sweeps):
        rows = table[table["class"] == sweep.name]
        drawn = rows[np.isfinite(rows[_column(axis)])]
        rates = [Readout(name, trace=_uid(name, sweep)) for name in METRICS]
        counts = [
            Readout(name, x=drawn[_column(axis)].to_numpy(), y=drawn[name].to_numpy(), digits=0)
            for name in ("tp", "fp", "fn")
        ]
        name = f"Threshold of {sweep.name}"
        handles.append(Handle(str(sweep.index), LINE, name, axes_suffix(number), span, (*rates, *counts)))
    return handles


def small_multiples_alt(sweeps: Sequence[ClassSweep]) -> str:
    """The best F1 of each class in words."""
    best = ", ".join(f"{sweep.name} {_best_text(sweep)}" for sweep in sweeps)
    return f"F1, precision and recall of {len(sweeps)} classes against their own threshold; best F1: {best}."


def _best_text(sweep) -> str:
    threshold, _, value = sweep.best
    if np.isnan(value):
        return "undefined"
    return f"{value:.3f} " + (f"at {threshold:.4g}" if np.isfinite(threshold) else "when nothing is predicted")


def shared_span(table: pd.DataFrame, axis: str) -> tuple[float, float]:
    """The lowest and the highest place of a threshold on the shared axis."""
    return (0.0, 1.0) if axis == "probability" else finite_range(table["logit"])


def axes_suffix(number: int) -> str:
    """How Plotly names the axes of the number-th cell: "", "2", "3", ..."""
    return str(number + 1) if number else ""


def _column(axis) -> str:
    return "threshold" if axis == "probability" else "logit"


def _uid(metric, sweep) -> str:
    return f"{metric} {sweep.index}"


def _axis(span, number, letter, *, anchor) -> dict:
    grid = {"showgrid": True, "gridcolor": "rgba(128, 128, 128, 0.18)", "zeroline": False, "nticks": 5}
    shared = {"matches": letter} if number else {}
    return grid | shared | {"range": list(span), "anchor": anchor}


def _line(rows, name, number, sweep, axis) -> go.Scatter:
    rows = rows[np.isfinite(rows[_column(axis)])]
    return go.Scatter(
        x=rows[_column(axis)].to_numpy(np.float32),
        y=rows[name].to_numpy(np.float32),
        mode="lines",
        line={
            "color": theme.colour(list(METRICS).index(name)),
            "dash": _DASHES[name],
            "width": 2 if name == "F1" else 1.3,
        },
        name=name,
        legendgroup=name,
        showlegend=not number,
        uid=_uid(name, sweep),
        xaxis=f"x{axes_suffix(number)}",
        yaxis=f"y{axes_suffix(number)}",
        hovertemplate=f"{name} %{{y:.3f}} at %{{x:.4~g}}<extra></extra>",
    )


def _best_mark(sweep, number, axis, span) -> go.Scatter:
    threshold, its_logit, value = sweep.best
    x = threshold if axis == "probability" else its_logit
    drawn = np.isfinite(x) and np.isfinite(value)
    return go.Scatter(
        x=[min(max(x, span[0]), span[1])] if drawn else [None],
        y=[value] if drawn else [None],
        mode="markers",
        marker={"symbol": "diamond", "size": 9, "color": theme.colour(0), "line": {"color": theme.GREY, "width": 1}},
        name="best F1",
        legendgroup="F1",
        showlegend=False,
        uid=f"best {sweep.index}",
        xaxis=f"x{axes_suffix(number)}",
        yaxis=f"y{axes_suffix(number)}",
        hovertemplate=f"best F1 {value:.3f} at threshold {threshold:.4g}<extra></extra>",
    )
