"""What variants did epoch after epoch: one metric that all share, or each one's own loss, as far as training has come.

Takes a tidy table; knows nothing of jobs and of how the figures come about.
"""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme
from dashboard.figures.loss_panels import axes_of, panels_figure

MOST_POINTS = 500  # of a chart that changes every second
OWN_LOSSES = {"loss": "training", "validation_loss": "validation"}
KEYS = ["variant", "seed", "epoch"]


def training_table(rows, metrics) -> pd.DataFrame:
    """A row per variant, seed and epoch; rows: dicts with KEYS and the metrics."""
    return pd.DataFrame(list(rows), columns=[*KEYS, *metrics])


def training_figure(table: pd.DataFrame, metric: str, *, title: str, n_epochs: int) -> go.Figure:
    """The metric against the epoch, a colour per variant; of several seeds the last one stands out."""
    figure = theme.empty_figure(x_title="epoch", y_title=title, height=400)
    lines = [(key, rows[rows[metric].notna()]) for key, rows in table.groupby(KEYS[:2], sort=False)]
    variants, last_seed = _variants(table), table["seed"].iloc[-1] if len(table) else None
    for number, ((variant, seed), rows) in enumerate(lines):
        rows = thinned(rows, MOST_POINTS // len(lines))
        is_last = bool(seed == last_seed)
        line = _line(rows, metric, variants.index(variant), bold=is_last)
        line.update(name=theme.shortened(variant, 40), legendgroup=variant, uid=f"line-{number}")
        line.update(showlegend=is_last, hovertemplate=_hover(variant, seed, table, title))
        figure.add_trace(line)
    figure.update_xaxes(range=theme.with_room(0, n_epochs), tickformat="d")
    figure.update_yaxes(range=_span(table[metric]), nticks=7)
    theme.fit_legend(figure)
    theme.add_note(figure, [] if table[metric].notna().any() else ["Nothing is known yet."], centred=True)
    return figure.update_layout(uirevision=metric)


def own_losses_figure(table: pd.DataFrame, *, n_epochs: int) -> go.Figure:
    """A panel per variant, each on its own scale: its loss on the training batches and on the validation part.

    Of several seeds the last one is drawn: losses of several on top of each other tell nothing apart.
    """
    variants = _variants(table)
    shown = table[table["seed"] == table["seed"].iloc[-1]] if len(table) else table
    titles = [f"<b>{theme.shortened(variant, 30)}</b>" for variant in variants]
    x_range = theme.with_room(0, n_epochs)
    figure = panels_figure(titles, x_title="epoch", x_range=x_range, n_entries=len(OWN_LOSSES))
    each = MOST_POINTS // max(1, len(variants) * len(OWN_LOSSES))
    for panel, variant in enumerate(variants):
        rows = thinned(shown[shown["variant"] == variant], each)
        for number, (column, name) in enumerate(OWN_LOSSES.items()):
            line = _line(rows[rows[column].notna()], column, number, bold=True)
            line.update(name=name, legendgroup=name, showlegend=not panel, uid=f"loss-{panel}-{number}")
            line.update(hovertemplate=f"{for_plotly(variant)}, {name}<br>%{{y:.5~g}} at epoch %{{x}}<extra></extra>")
            figure.add_trace(line.update(axes_of(panel)))
    return figure.update_layout(uirevision="own losses")


def thinned(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many rows, evenly spaced in their order, the first and the last among them."""
    most = max(2, most)
    if len(rows) <= most:
        return rows
    return rows.iloc[np.linspace(0, len(rows) - 1, most).round().astype(int)]


def training_alt(table: pd.DataFrame, metric: str, *, title: str) -> str:
    """Plain text: where each variant stands, in the last seed."""
    known = table[table[metric].notna()]
    if known.empty:
        return "An empty chart: nothing is known yet."
    last = known[known["seed"] == known["seed"].iloc[-1]].groupby("variant", sort=False).tail(1)
    said = [f"{row['variant']} {row[metric]:.3f}" for row in last.to_dict("records")]
    return f"{title} against the epoch, up to epoch {int(known['epoch'].max())}. It stands at: {', '.join(said)}."


def own_losses_alt(table: pd.DataFrame) -> str:
    """Plain text: from where to where each variant's loss has come, in the last seed."""
    said = []
    for variant, rows in table.groupby("variant", sort=False):
        values = rows.loc[rows["seed"] == rows["seed"].iloc[-1], "validation_loss"].dropna()
        if len(values):
            said.append(f"{variant} from {values.iloc[0]:.4g} to {values.iloc[-1]:.4g}")
    return f"Each variant's own loss on the validation part against the epoch: {', '.join(said) or 'not known yet'}."


def _variants(table) -> list[str]:
    return list(dict.fromkeys(table["variant"]))


def _line(rows, column, number, *, bold) -> go.Scatter:
    return go.Scatter(
        x=rows["epoch"].to_numpy(np.float32),
        y=rows[column].to_numpy(np.float32),
        mode="lines+markers" if len(rows) <= 25 and bold else "lines",
        line={"color": theme.colour(number), "dash": theme.dash(number), "width": 2.2 if bold else 1.2},
        marker={"size": 5},
        opacity=1.0 if bold else 0.45,
    )


def _hover(variant, seed, table, title) -> str:
    of_seed = f", seed {seed}" if table["seed"].nunique() > 1 else ""
    return f"{for_plotly(variant)}{of_seed}<br>{for_plotly(title)} %{{y:.4f}} after epoch %{{x}}<extra></extra>"


def _span(values) -> list[float]:
    values = values.to_numpy(np.float64)
    values = values[np.isfinite(values)]
    return theme.with_room(values.min(), values.max()) if len(values) else list(theme.UNIT_RANGE)
