"""Both forms of BCE as one data type computes them, over the exact value and gradient, against the logit."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import theme
from dashboard.figures.loss_panels import axes_of, panels_figure

EXACT, BCE, WITH_LOGITS = "exact", "BCELoss(sigmoid)", "BCEWithLogits"
FORMS = (EXACT, BCE, WITH_LOGITS)
PANELS = (("value", 1), ("value", 0), ("gradient", 1), ("gradient", 0))
COLUMNS = ("form", "y", "logit", "value", "gradient")
LINEAR, LOG = "linear", "log"
FLOOR = 1e-20  # of log axes; what is below it, zeros among it, is drawn there
_LOOKS = {
    EXACT: {"color": theme.PALE_GREY, "width": 7},
    BCE: {"color": theme.colour(1), "width": 2},
    WITH_LOGITS: {"color": theme.colour(0), "width": 2, "dash": "9px,3px"},
}


def numerics_table(forms: Mapping[tuple[str, int], tuple]) -> pd.DataFrame:
    """A row per form, target and logit. forms: (form, y) -> logits, values, gradients, each (n,)."""
    parts = [
        pd.DataFrame({"form": form, "y": y, "logit": logits, "value": values, "gradient": gradients})
        for (form, y), (logits, values, gradients) in forms.items()
    ]
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def numerics_figure(table: pd.DataFrame, *, scale: str = LINEAR) -> go.Figure:
    """Four panels with a line per form; where a form gives NaN its line has a gap and crosses stand at 0.

    scale: LINEAR, or LOG for absolute values.
    """
    titles = [f"<b>{what}</b>, y = {y}" for what, y in PANELS]
    if scale == LOG:
        titles = [title.replace("gradient", "|gradient|") for title in titles]
    ends = theme.with_room(float(table["logit"].min()), float(table["logit"].max()))
    figure = panels_figure(titles, x_title="logit", x_range=ends, n_entries=len(FORMS) + 1)
    for panel, (what, y) in enumerate(PANELS):
        for form in FORMS:
            rows = table[(table["form"] == form) & (table["y"] == y)]
            figure.add_trace(_line(rows, what, form, panel, scale))
    for panel, (what, y) in enumerate(PANELS):
        figure.add_trace(_nan_marks(table[(table["y"] == y) & table[what].isna()], panel, scale))
    if scale == LOG:
        figure.update_yaxes(type="log", exponentformat="power")
    return figure.update_layout(uirevision=f"{scale} {ends}")


def _drawn(values, scale) -> np.ndarray:
    values = np.asarray(values, dtype=np.float64)
    return values if scale == LINEAR else np.maximum(np.abs(values), FLOOR)


def _line(rows, what, form, panel, scale) -> go.Scatter:
    return go.Scatter(
        x=rows["logit"].to_numpy(np.float64),
        y=_drawn(rows[what], scale),
        mode="lines",
        line=_LOOKS[form],
        name=form,
        legendgroup=form,
        showlegend=not panel,
        uid=f"form-{FORMS.index(form)}-{panel}",
        customdata=rows[what].to_numpy(np.float64),
        hovertemplate=f"{form}: %{{customdata:.5~g}} at logit %{{x:.4~g}}<extra></extra>",
        connectgaps=False,
        **axes_of(panel),
    )


def _nan_marks(rows, panel, scale) -> go.Scatter:
    x = np.unique(rows["logit"].to_numpy(np.float64))
    return go.Scatter(
        x=x if len(x) else [None],
        y=np.full(len(x), 0.0 if scale == LINEAR else FLOOR) if len(x) else [None],
        mode="markers",
        marker={"symbol": "x-thin", "size": 5, "line": {"color": theme.colour(1), "width": 1}},
        name="NaN",
        legendgroup="NaN",
        showlegend=panel == len(PANELS) - 1,
        uid=f"nan-{panel}",
        hovertemplate="NaN at logit %{x:.4~g}<extra></extra>",
        **axes_of(panel),
    )


def numerics_alt(table: pd.DataFrame, dtype: str) -> str:
    """Plain text: what both forms give at the highest and the lowest logit drawn, and where NaN."""
    said = []
    for (what, y), (_, place) in zip(PANELS, [("", "min"), ("", "max")] * 2, strict=True):
        at = getattr(table["logit"], place)()
        rows = table[(table["y"] == y) & (table["logit"] == at)].set_index("form")[what]
        figures = ", ".join(f"{form} {rows[form]:.4g}" for form in FORMS)
        said.append(f"{what} at logit {at:g} for y = {y}: {figures}")
    nan = table[table[["value", "gradient"]].isna().any(axis=1)]
    gaps = f" NaN from |logit| {nan['logit'].abs().min():.4g} of the points drawn." if len(nan) else ""
    return f"Binary cross entropy in {dtype} against the logit. {'; '.join(said)}.{gaps}"
