"""What a perfectly trained model says for each true probability: a curve per loss. Knows no loss and no threshold."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import theme

HALF = 0.5
COLUMNS = ("loss", "true probability", "output (0-1)")


def meaning_table(curves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> pd.DataFrame:
    """A row per point of each loss's curve, (true probabilities, outputs), in the order of its outputs.

    What is no probability (not in [0, 1]) is left out: no data makes a model say that.
    """
    parts = []
    for name, (probability, output) in curves.items():
        probability, output = np.asarray(probability, np.float64), np.asarray(output, np.float64)
        real = (probability >= 0) & (probability <= 1)
        parts.append(pd.DataFrame({"loss": name, COLUMNS[1]: probability[real], COLUMNS[2]: output[real]}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def at_half(rows: pd.DataFrame) -> float:
    """The true probability at which a curve reaches an output of 0.5, between its points; NaN where it does not."""
    output = rows[COLUMNS[2]].to_numpy()
    if not len(output) or not output[0] <= HALF <= output[-1]:
        return np.nan
    return float(np.interp(HALF, output, rows[COLUMNS[1]]))


def meaning_figure(table: pd.DataFrame) -> go.Figure:
    """The curves over the diagonal of plain BCE, each with a mark where its output is 0.5."""
    figure = theme.empty_figure(x_title="true probability", y_title="output, score (0-1)")
    ends = [0, 1]
    dotted = {"color": theme.GREY, "dash": "dot", "width": 1.5}
    figure.add_trace(go.Scatter(x=ends, y=ends, mode="lines", line=dotted, name="as it is", hoverinfo="skip"))
    pale = {"color": theme.PALE_GREY, "width": 1, "dash": "dot"}
    figure.add_shape(type="line", x0=0, x1=1, y0=HALF, y1=HALF, line=pale, layer="below")
    for number, (name, rows) in enumerate(table.groupby("loss", sort=False)):
        figure.add_trace(_curve(rows, number, name))
        figure.add_trace(_mark(rows, number, name))
    theme.fit_legend(figure)
    theme.add_note(
        figure, ["No chosen loss has an output of its own for a class."] if table.empty else [], centred=True
    )
    return figure


def meaning_alt(table: pd.DataFrame) -> str:
    """Plain text: where each curve reaches 0.5."""
    said = [
        f"{name} reaches 0.5 at a true probability of {at_half(rows):.3f}"
        if at_half(rows) == at_half(rows)
        else f"{name} never reaches 0.5"
        for name, rows in table.groupby("loss", sort=False)
    ]
    return f"Output of a perfectly trained model against the true probability. {'; '.join(said)}." if said else "Empty."


def _curve(rows, number, name) -> go.Scatter:
    return go.Scatter(
        x=rows[COLUMNS[1]],
        y=rows[COLUMNS[2]],
        mode="lines",
        name=theme.shortened(name, 40),
        uid=f"curve-{number}",
        line={"color": theme.colour(number), "width": 2, "dash": theme.dash(number)},
        hovertemplate="true probability %{x:.3f}<br>output %{y:.3f}<extra>" + theme.shortened(name, 40) + "</extra>",
    )


def _mark(rows, number, name) -> go.Scatter:
    return go.Scatter(
        x=[at_half(rows)],
        y=[HALF],
        mode="markers",
        showlegend=False,
        uid=f"half-{number}",
        marker={"color": theme.colour(number), "size": 10, "symbol": "diamond"},
        hovertemplate="says 0.5 at a true probability of %{x:.3f}<extra>" + theme.shortened(name, 40) + "</extra>",
    )
