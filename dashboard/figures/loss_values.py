"""Who carries each loss: negatives and positives, each hard, between and easy, as parts of the loss's own sum."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme

PARTS = (
    ("hard positives", 1, 1.0),
    ("positives between", 1, 0.6),
    ("easy positives", 1, 0.3),
    ("easy negatives", 0, 0.3),
    ("negatives between", 0, 0.6),
    ("hard negatives", 0, 1.0),
)  # in the order drawn; number of the colour, opacity
_PLACES = ((1, 0), (1, 1), (1, 2), (0, 2), (0, 1), (0, 0))  # of each in (positive, ease)
ROW = 44  # pixels


def carried_table(shares: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """A row per loss, a column per part. shares: title -> (2, 3) of its sum, negatives first, hard first."""
    columns = {
        name: [share[place] for share in shares.values()] for (name, *_), place in zip(PARTS, _PLACES, strict=True)
    }
    return pd.DataFrame({"loss": list(shares)} | columns)


def carried_figure(table: pd.DataFrame) -> go.Figure:
    """A bar per loss, the first on top."""
    figure = theme.empty_figure(x_title="part of the loss's own sum", y_title="", height=150 + ROW * len(table))
    names = [theme.shortened(name, 22) for name in table["loss"]]
    for name, colour, opacity in PARTS:
        figure.add_trace(
            go.Bar(
                x=table[name],
                y=list(range(len(table))),
                orientation="h",
                name=name,
                marker={"color": theme.colour(colour), "line": {"width": 0}},
                opacity=opacity,
                customdata=[for_plotly(loss) for loss in table["loss"]],
                hovertemplate=f"%{{customdata}}<br>{name}: %{{x:.1%}}<extra></extra>",
            )
        )
    figure.update_layout(barmode="relative", bargap=0.3)
    is_whole = not (table.drop(columns="loss") < 0).any(axis=None)  # a loss may be negative, as Poly-1 can
    figure.update_xaxes(tickformat=".0%", range=[0, 1] if is_whole else None)
    return figure.update_yaxes(
        tickvals=list(range(len(table))),
        ticktext=names,
        range=[len(table) - 0.5, -0.5],
        automargin=True,
        showgrid=False,
    )


def carried_alt(table: pd.DataFrame) -> str:
    """Plain text: what carries each loss most."""
    if not len(table):
        return "An empty chart: no chosen loss has a value per cell."
    said = []
    for _, row in table.iterrows():
        parts = row.drop("loss").astype(float)
        if parts.isna().all():
            said.append(f"{row['loss']}: nothing, its sum is 0")
        else:
            said.append(f"{row['loss']}: {parts.max():.1%} by {parts.idxmax()}")
    return f"What carries most of each loss's sum. {'; '.join(said)}."
