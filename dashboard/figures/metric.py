"""Metrics against one threshold for all classes: the tidy tables and the chart. Knows no threshold in use."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.core import Counts, metrics
from dashboard.core.scale import logit, to_unit_threshold
from dashboard.figures import theme
from dashboard.figures.handles import LINE, Handle, Readout

METRIC_NAMES = {"f1": "F1", "jaccard": "Jaccard", "subset_accuracy": "exact match", "hamming_loss": "Hamming loss"}
UNAVERAGED = ("subset_accuracy", "hamming_loss")
AVERAGES = ("micro", "macro", "weighted", "samples")
METRIC_COLUMNS = ("metric", "average", "threshold", "logit", "value")
AXES = {"probability": "threshold", "logit": "logit"}


def line_name(metric: str, average: str | None) -> str:
    """micro-F1, exact match."""
    name = METRIC_NAMES.get(metric, metric.replace("_", " "))
    return name if metric in UNAVERAGED or not average else f"{average}-{name}"


def metric_table(values: Mapping, thresholds, score_thresholds, score_kind: str) -> pd.DataFrame:
    """One row per metric, average and threshold.

    values: (metric, average) -> (n_thresholds,), average None where the metric has none; thresholds: on the 0-1 scale
    and on the scores' own. The logit of 0 is -inf.
    """
    thresholds = np.asarray(thresholds, dtype=np.float64)
    logits = _logits(thresholds, score_thresholds, score_kind)
    parts = [
        pd.DataFrame(
            {"metric": metric, "average": average or "", "threshold": thresholds, "logit": logits, "value": value}
        )
        for (metric, average), value in values.items()
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(METRIC_COLUMNS))


def optima_table(optima: Mapping, score_kind: str) -> pd.DataFrame:
    """One row per best threshold, with the columns of `metric_table`.

    optima: (metric, average) -> GlobalOptimum. Where it is best to predict nothing both scales say +inf.
    """
    rows = []
    for (metric, average), best in optima.items():
        score = float(best.score_threshold)
        shown = best.threshold if best.threshold is not None else float(to_unit_threshold(score, score_kind))
        never = np.isposinf(score)
        position = {
            "threshold": np.inf if never else shown,
            "logit": score if never or score_kind == "logits" else float(logit(shown)),
        }
        rows.append({"metric": metric, "average": average or ""} | position | {"value": float(best.value)})
    return pd.DataFrame(rows, columns=list(METRIC_COLUMNS))


def metric_figure(
    table: pd.DataFrame,
    optima: pd.DataFrame | None = None,
    *,
    axis: str = "probability",
    pooled: Counts | None = None,
) -> go.Figure:
    """One line per metric and average, each with a diamond where it is best; `axis` is "probability" or "logit".

    A line is exact at the thresholds of the table and straight between them. pooled: the counts over all cells at
    those thresholds, (n_thresholds, 1), for the hover.
    """
    figure = theme.empty_figure(x_title="threshold" if axis == "probability" else "threshold (logit)", y_title="")
    figure.update_layout(hovermode="x unified", uirevision=axis)
    figure.update_xaxes(unifiedhovertitle_text=f"{AXES[axis]} %{{x:.4~g}}")
    lines = _lines(table)
    figure.update_yaxes(title_text=_value_title(lines))
    for (metric, average), look in lines.items():
        rows = table[(table["metric"] == metric) & (table["average"] == average)]
        figure.add_trace(_line(rows, axis, look).update(name=line_name(metric, average)))
    if axis == "logit" and len(table):
        figure.update_xaxes(range=theme.with_room(*finite_range(table["logit"])))
    if pooled is not None and lines:
        figure.add_trace(_counts_in_hover(table[: len(pooled.tp)], pooled, axis))
    if optima is not None:
        _add_best_marks(figure, optima, lines, axis)
    theme.add_note(figure, undefined_lines(table), centred=not table["value"].notna().any())
    return figure


def metric_handle(table: pd.DataFrame, *, axis: str, pooled: Counts) -> Handle:
    """The line of the threshold of all classes; what is read off it are the chart's lines and the counts of all cells.

    pooled: as in `metric_figure`.
    """
    places = table[AXES[axis]].to_numpy()[: len(pooled.tp)]
    drawn = np.isfinite(places)
    rates = [Readout(line_name(*key), trace=line_name(*key)) for key in _lines(table)]
    counts = [
        Readout(name, x=places[drawn], y=getattr(pooled, name)[:, 0][drawn], digits=0) for name in ("tp", "fp", "fn")
    ]
    span = (0.0, 1.0) if axis == "probability" else finite_range(table["logit"])
    shares = [Readout("micro precision", share=("tp", "fp")), Readout("micro recall", share=("tp", "fn"))]
    shown = [each for each in shares if each.label not in {rate.label for rate in rates}]
    return Handle("common", LINE, "Threshold of all classes", span=span, readouts=(*rates, *counts, *shown))


def undefined_lines(table: pd.DataFrame) -> tuple[str, ...]:
    """A sentence for each line that has no value at any threshold."""
    if table.empty:
        return ("No metric is chosen.",)
    defined = table.groupby(["metric", "average"], sort=False)["value"].count()
    return tuple(f"{line_name(*key)} is undefined at every threshold." for key, n in defined.items() if not n)


def _logits(thresholds, score_thresholds, score_kind) -> np.ndarray:
    return np.asarray(score_thresholds, dtype=np.float64) if score_kind == "logits" else logit(thresholds)


def _lines(table) -> dict[tuple, dict]:
    """(metric, average) -> colour by average, dash by metric or, for a single metric, by average."""
    keys = list(dict.fromkeys(zip(table["metric"], table["average"], strict=True)))
    metrics = list(dict.fromkeys(metric for metric, _ in keys))
    looks = {}
    for number, (metric, average) in enumerate(keys):
        place = AVERAGES.index(average) if average in AVERAGES else len(AVERAGES) + metrics.index(metric)
        dash = theme.dash(number if len(metrics) == 1 else metrics.index(metric))
        symbol = theme.BEST_SYMBOLS[place % len(theme.BEST_SYMBOLS)]
        looks[metric, average] = {"color": theme.colour(place), "dash": dash, "symbol": symbol}
    return looks


def _line(rows, axis, look) -> go.Scatter:
    rows = rows[np.isfinite(rows[AXES[axis]])]
    name = line_name(rows["metric"].iat[0], rows["average"].iat[0]) if len(rows) else ""
    return go.Scatter(
        x=rows[AXES[axis]].to_numpy(),
        y=rows["value"].to_numpy(),
        mode="lines",
        line={"color": look["color"], "dash": look["dash"], "width": 2},
        legendgroup=name,
        uid=name,
        hovertemplate="%{y:.3f}",
    )


def _counts_in_hover(rows, pooled: Counts, axis) -> go.Scatter:
    """No line of its own: what the hover says of all cells at a threshold."""
    drawn = np.isfinite(rows[AXES[axis]].to_numpy())
    columns = [metric(pooled, average="micro") for metric in (metrics.precision, metrics.recall)]
    columns += [array[:, 0] for array in (pooled.tp, pooled.fp, pooled.fn)]
    return go.Scatter(
        x=rows[AXES[axis]].to_numpy()[drawn],
        y=rows["value"].to_numpy()[drawn],
        customdata=theme.compact(*columns)[drawn],
        mode="lines",
        line={"width": 0},
        showlegend=False,
        name="all cells",
        hovertemplate="precision %{customdata[0]:.3f}, recall %{customdata[1]:.3f}<br>"
        "tp %{customdata[2]:,.0f}, fp %{customdata[3]:,.0f}, fn %{customdata[4]:,.0f}",
    )


def _value_title(lines) -> str:
    metrics = {metric for metric, _ in lines}
    return line_name(metrics.pop(), None) if len(metrics) == 1 else "value"


def finite_range(logits) -> tuple[float, float]:
    """The lowest and the highest finite logit; (-1, 1) where there is none."""
    finite = logits[np.isfinite(logits)]
    low, high = (finite.min(), finite.max()) if len(finite) else (-1.0, 1.0)
    return float(low), float(high)


def _add_best_marks(figure, optima, lines, axis) -> None:
    right = figure.layout.xaxis.range[1]
    for row in optima.dropna(subset=["value"]).to_dict("records"):
        name, look = line_name(row["metric"], row["average"]), lines.get((row["metric"], row["average"]))
        if look is None:
            continue
        x = row[AXES[axis]]
        marker = {"symbol": look["symbol"], "size": 12, "color": look["color"]}
        marker |= {"line": {"color": theme.GREY, "width": 1}}
        figure.add_trace(
            go.Scatter(
                x=[x if np.isfinite(x) else np.copysign(right, x)],
                y=[row["value"]],
                mode="markers",
                marker=marker,
                name=f"best {name}",
                legendgroup=name,
                showlegend=False,
                hovertemplate=f"{row['value']:.3f} {best_place(row)}<extra>best {name}</extra>",
            )
        )


def best_place(row: Mapping) -> str:
    """Where a best mark lies, in words: "at 0.34"."""
    if np.isposinf(row["threshold"]):
        return "when nothing is predicted"
    return f"at {row['threshold']:.4g}"
