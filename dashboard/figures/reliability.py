"""The reliability diagram: the share of positives in bins of scores against their mean score. Knows no threshold."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.core.reliability import Reliability
from dashboard.core.scale import logit
from dashboard.escape import for_plotly
from dashboard.figures import theme

COLUMNS = ("scores", "from", "to", "known", "positives", "mean score", "share", "low", "high")
SIZES = (5.0, 15.0)  # pixels across a marker: of a bin with next to no cells, and of one with all
UNIT, LOGIT = "unit", "logit"  # how both axes are spaced; scores and shares stay on the 0-1 scale
EDGE = 1e-6  # of logit axes, which have no place for 0 and 1
TICKS = np.array([1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1 - 1e-4, 1 - 1e-5, 1 - 1e-6])
_SYMBOLS = ("circle", "diamond", "square", "triangle-up")


def reliability_frame(tables: Mapping[str, Reliability]) -> pd.DataFrame:
    """A row per bin of each table, under its name; low and high are the exact 95 % limits of the share."""
    rows = []
    for name, each in tables.items():
        low, high = each.interval
        columns = (each.low, each.high, each.n, each.positives, each.mean_score, each.share, low, high)
        rows += [(name, *values) for values in zip(*columns, strict=True)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def reliability_figure(frame: pd.DataFrame, *, x_title: str, axis: str = UNIT) -> go.Figure:
    """Points with their intervals, the scores of each name in a colour of their own, over the diagonal.

    The area of a marker grows with the share of all known cells that its bin holds. axis: UNIT or LOGIT, for both axes;
    a diagonal is straight on either.
    """
    figure = theme.empty_figure(x_title=x_title, y_title="share of positives")
    ends = np.array([0.0, 1.0])
    if axis == LOGIT and len(frame):
        ends = _logit_ends(frame)
        _space_as_logits(figure, ends)
    line = {"color": theme.GREY, "dash": "dot", "width": 1.5}
    figure.add_trace(
        go.Scatter(
            x=_placed(ends, ends, axis),
            y=_placed(ends, ends, axis),
            mode="lines",
            line=line,
            name="perfect",
            hoverinfo="skip",
        )
    )
    for number, (name, rows) in enumerate(frame.groupby("scores", sort=False)):
        figure.add_trace(_points(rows, number, ends, axis).update(name=theme.shortened(name), uid=name))
    theme.fit_legend(figure)
    theme.add_note(figure, ["No label is known."] if frame.empty else [], centred=True)
    return figure


def reliability_alt(frame: pd.DataFrame) -> str:
    """Plain text: for each name how many bins there are and the one farthest from the diagonal."""
    said = []
    for name, rows in frame.groupby("scores", sort=False):
        row = rows.loc[(rows["share"] - rows["mean score"]).abs().idxmax()]
        said.append(
            f"{name}: {len(rows)} bins, farthest from the diagonal at mean score {row['mean score']:.3f} with a share "
            f"of positives of {row['share']:.3f}"
        )
    if not said:
        return "An empty chart: no label is known."
    return f"Share of positives against mean score. {'. '.join(said)}."


def _sizes(known) -> np.ndarray:
    least, most = SIZES
    share = known / known.sum()
    return np.sqrt(least**2 + (most**2 - least**2) * share)


def _logit_ends(frame) -> np.ndarray:
    """The lowest and the highest value that is drawn, within EDGE; a value of 0 or 1 is drawn at the end."""
    values = frame[["mean score", "share", "low", "high"]].to_numpy(np.float64)
    inner = np.clip(values[(values > 0) & (values < 1)], EDGE, 1 - EDGE)
    low, high = (inner.min(), inner.max()) if len(inner) else (0.5, 0.5)
    return np.array([min(low, 0.5) / 2, 1 - (1 - max(high, 0.5)) / 2])


def _space_as_logits(figure, ends) -> None:
    ticks = TICKS[(ends[0] <= TICKS) & (ends[1] >= TICKS)]
    look = {"range": theme.with_room(*logit(ends)), "tickvals": logit(ticks), "ticktext": [f"{t:.6g}" for t in ticks]}
    figure.update_xaxes(**look)
    figure.update_yaxes(**look)
    figure.update_layout(uirevision=LOGIT)


def _placed(values, ends, axis) -> np.ndarray:
    """Where values on the 0-1 scale are drawn."""
    values = np.asarray(values, dtype=np.float64)
    return values if axis == UNIT else logit(np.clip(values, *ends))


def _points(rows, number, ends, axis) -> go.Scatter:
    mean, share, low, high = (_placed(rows[name], ends, axis) for name in ("mean score", "share", "low", "high"))
    color = theme.colour(number)
    bars = {
        "type": "data",
        "symmetric": False,
        "array": high - share,
        "arrayminus": share - low,
        "color": color,
        "thickness": 1.2,
        "width": 4,
    }
    texts = [
        f"<b>{for_plotly(row['scores'])}</b><br>scores {row['from']:.4g} to {row['to']:.4g}, mean "
        f"{row['mean score']:.3f}<br>share {row['share']:.3f} ({row['low']:.3f} to {row['high']:.3f}), "
        f"{row['positives']:,} of {row['known']:,}"
        for _, row in rows.iterrows()
    ]
    return go.Scatter(
        x=mean,
        y=share,
        error_y=bars,
        mode="lines+markers",
        line={"color": color, "width": 1.5, "dash": theme.dash(number)},
        marker={
            "color": color,
            "size": _sizes(rows["known"].to_numpy()),
            "opacity": 1,
            "symbol": _SYMBOLS[number % len(_SYMBOLS)],
        },
        text=texts,
        hovertemplate="%{text}<extra></extra>",
    )
