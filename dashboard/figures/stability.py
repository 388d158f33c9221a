"""How a class's best threshold scatters over resamples. Knows nothing of how they were drawn."""

import numpy as np
import plotly.graph_objects as go

from dashboard.figures import theme


def stability_figure(n: np.ndarray, edges: np.ndarray, plateau: np.ndarray) -> go.Figure:
    """Bars: resamples whose best threshold lies in each bin of the 0-1 scale; shaded: the plateau (low, high)."""
    figure = theme.empty_figure(x_title="best threshold (0-1)", y_title="resamples", height=260)
    middles, widths = (edges[:-1] + edges[1:]) / 2, np.diff(edges)
    figure.add_trace(
        go.Bar(
            x=middles,
            y=n,
            width=widths,
            marker={"color": theme.colour(0)},
            customdata=np.column_stack([edges[:-1], edges[1:]]),
            hovertemplate="%{customdata[0]:.3f} to %{customdata[1]:.3f}: %{y} resamples<extra></extra>",
            name="resamples",
            showlegend=False,
        )
    )
    if np.isfinite(plateau).all():
        figure.add_vrect(*plateau, fillcolor=theme.GREY, opacity=0.25, line_width=0)
    most = float(n.max(initial=1))
    figure.update_yaxes(range=[0, 1.05 * most])
    return figure


def stability_alt(n: np.ndarray, edges: np.ndarray, plateau: np.ndarray, name: str) -> str:
    """The same in words."""
    if not n.sum():
        return f"No resample has a best threshold of {name}."
    top = int(n.argmax())
    said = f"Histogram of the best threshold of {name} in {int(n.sum())} resamples, most often "
    said += f"{edges[top]:.3f} to {edges[top + 1]:.3f}."
    if np.isfinite(plateau).all():
        said += f" Shaded: {plateau[0]:.3f} to {plateau[1]:.3f}, within 1 % of the best F1."
    return said
