"""Where the scores of one class lie: the tidy table and the chart, positives upwards and negatives downwards.

Right of a threshold are the true positives (above) and the false positives (below). Knows no threshold in use.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.core import Counts, metrics
from dashboard.core.scale import logit, round_up, sigmoid, to_score_threshold
from dashboard.figures import theme
from dashboard.figures.handles import LINE, Handle, Readout

LABELS = ("positives", "negatives")


@dataclass(frozen=True, eq=False)
class ScoreHistogram:
    """rows: "bin start", "bin end" (not included, except the last) in units of the axis, "positives", "negatives".

    totals, medians: by label, of all scores; medians on the axis (the higher middle one), NaN without scores.
    outside: by label, how many scores lie at -infinity and at +infinity of the axis and so in no bin.
    """

    class_name: str
    axis: str
    rows: pd.DataFrame
    totals: dict[str, int]
    medians: dict[str, float]
    outside: dict[str, tuple[int, int]]

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what the chart cannot show."""
        absent = [f"No {label} of this class." for label in LABELS if not self.totals[label]]
        left_out = [
            f"{sum(self.outside[label]):,} of {self.totals[label]:,} {label} lie at an infinite logit, not drawn."
            for label in LABELS
            if any(self.outside[label])
        ]
        return (*absent, *left_out)


def score_histogram(
    positives, negatives, score_kind: str, *, class_name: str = "", axis: str = "probability", n_bins: int = 50
) -> ScoreHistogram:
    """Counts of ascending scores of one class in bins that both labels share; `axis` is "probability" or "logit".

    Probability: bins from 0 to 1. Logit: from the lowest to the highest finite logit, widened by 0.5 to either side
    when there is only one. Scores are compared with the bins' edges in their own kind and dtype.
    """
    scores = dict(zip(LABELS, (np.asarray(positives), np.asarray(negatives)), strict=True))
    inside = {
        label: _finite_part(values, score_kind) if axis == "logit" else values for label, values in scores.items()
    }
    edges = np.linspace(0.0, 1.0, n_bins + 1) if axis == "probability" else _logit_edges(inside, score_kind, n_bins)
    dtype = scores["positives"].dtype
    inner = score_thresholds_at(edges[1:-1], axis, score_kind, dtype)
    rows = pd.DataFrame({"bin start": edges[:-1], "bin end": edges[1:]})
    for label, values in inside.items():
        rows[label] = np.diff(np.searchsorted(values, inner), prepend=0, append=len(values))
    return ScoreHistogram(
        class_name,
        axis,
        rows,
        totals={label: len(values) for label, values in scores.items()},
        medians={label: _median(values, axis, score_kind) for label, values in scores.items()},
        outside={label: _n_outside(values, score_kind, axis) for label, values in scores.items()},
    )


def score_histogram_figure(histogram: ScoreHistogram, *, as_share: bool = True) -> go.Figure:
    """Bars of the positives upwards, of the negatives downwards; as shares of each label, or as counts."""
    title = "score (0-1)" if histogram.axis == "probability" else "score (logit)"
    figure = theme.empty_figure(x_title=title, y_title="negatives ↓ · positives ↑", height=320)
    figure.update_layout(hovermode="x")
    heights = {label: _heights(histogram, label, as_share) for label in LABELS}
    for index, (label, sign) in enumerate(zip(LABELS, (1, -1), strict=True)):
        if histogram.totals[label]:
            bars = _bars(histogram, label, sign * heights[label])
            name = f"{label} · {histogram.totals[label]:,}"
            line = {"color": theme.colour(index), "width": 1.5, "shape": "hvh"}
            figure.add_trace(bars.update(name=name, line=line, hovertemplate=_hover_text(label)))
    _set_axes(figure, histogram, heights, as_share)
    theme.add_note(figure, histogram.notes, centred=not any(histogram.totals.values()))
    return figure


def histogram_handle(index: int, histogram: ScoreHistogram, places, counts: Counts) -> Handle:
    """The line of a class's threshold over its scores.

    places: ascending thresholds in units of the axis; counts: the class's at them, (n_thresholds, 1).
    """
    readouts = [Readout(name, x=places, y=getattr(counts, name)[:, 0], digits=0) for name in ("tp", "fp", "fn")]
    readouts += [Readout("precision", share=("tp", "fp")), Readout("recall", share=("tp", "fn"))]
    readouts.append(Readout("F1", x=places, y=metrics.f_beta(counts, zero_division=np.nan)[:, 0]))
    span = float(histogram.rows["bin start"].iat[0]), float(histogram.rows["bin end"].iat[-1])
    return Handle(str(index), LINE, f"Threshold of {histogram.class_name}", span=span, readouts=tuple(readouts))


def _bounds(score_kind) -> tuple[float, float]:
    """The scores whose logits are infinite."""
    return (-np.inf, np.inf) if score_kind == "logits" else (0.0, 1.0)


def _n_outside(values, score_kind, axis) -> tuple[int, int]:
    if axis == "probability":
        return 0, 0
    low, high = _bounds(score_kind)
    return int(np.searchsorted(values, low, side="right")), int(len(values) - np.searchsorted(values, high))


def _finite_part(values, score_kind) -> np.ndarray:
    low, high = _n_outside(values, score_kind, "logit")
    return values[low : len(values) - high]


def _logit_edges(inside, score_kind, n_bins) -> np.ndarray:
    ends = np.concatenate([values[[0, -1]] for values in inside.values() if len(values)] or [[]]).astype(np.float64)
    if not len(ends):
        return np.linspace(-0.5, 0.5, n_bins + 1)
    ends = ends if score_kind == "logits" else logit(ends)
    low, high = float(ends.min()), float(ends.max())
    room = 0.5 if low == high else 0.0
    share = np.linspace(0.0, 1.0, n_bins + 1)
    return (low - room) * (1 - share) + (high + room) * share  # high - low may overflow


def score_thresholds_at(edges, axis: str, score_kind: str, dtype) -> np.ndarray:
    """Places on an axis, "probability" or "logit", as thresholds of the scores in their kind and dtype."""
    if axis == "probability" or score_kind == "probabilities":
        return to_score_threshold(edges if axis == "probability" else sigmoid(edges), score_kind, dtype)
    return round_up(edges, dtype)


def _median(values, axis, score_kind) -> float:
    if not len(values):
        return np.nan
    middle = float(values[len(values) // 2])
    if axis == "probability":
        return float(sigmoid(middle)) if score_kind == "logits" else middle
    return middle if score_kind == "logits" else float(logit(middle))


def _heights(histogram, label, as_share) -> np.ndarray:
    counts = histogram.rows[label].to_numpy(np.float64)
    return counts / max(histogram.totals[label], 1) if as_share else counts


def _bars(histogram, label, heights) -> go.Scatter:
    """A stepped outline with its points in the middle of the bins, where the pointer finds them."""
    rows = histogram.rows
    start, end = rows["bin start"].to_numpy(), rows["bin end"].to_numpy()
    x = np.concatenate([start[:1], start / 2 + end / 2, end[-1:]])
    spread = np.concatenate([[0], np.arange(len(rows)), [len(rows) - 1]])
    shown = theme.compact(start, end, rows[label], rows[label] / histogram.totals[label])[spread]
    return go.Scatter(x=x, y=heights[spread], mode="lines", fill="tozeroy", customdata=shown)


def _hover_text(label) -> str:
    span = "%{customdata[0]:.3~g} to %{customdata[1]:.3~g}"
    return f"{span}: %{{customdata[2]:,d}} {label} (%{{customdata[3]:.1%}})<extra></extra>"


def _set_axes(figure, histogram, heights, as_share) -> None:
    low, high = histogram.rows["bin start"].iat[0], histogram.rows["bin end"].iat[-1]
    top, bottom = (max(float(heights[label].max(initial=0)), 0.0) for label in LABELS)
    ticks = _ticks(max(top, bottom) or 1.0)
    labels = [f"{abs(tick):.3g}" if as_share else f"{abs(tick):,.0f}" for tick in ticks]
    figure.update_xaxes(range=theme.with_room(float(low), float(high)))
    figure.update_yaxes(range=[-1.1 * bottom or -0.1, 1.1 * top or 0.1], tickvals=ticks, ticktext=labels, zeroline=True)


def _ticks(largest: float) -> list[float]:
    """Round steps up and down from 0, about three to a side."""
    magnitude = 10 ** np.floor(np.log10(largest / 2))
    step = magnitude * max(factor for factor in (1, 2, 5) if factor * magnitude <= largest / 2)
    return [float(step * i) for i in range(-int(largest / step), int(largest / step) + 1)]
