"""The precision-recall chart: stepped curves of classes over iso-F1 lines. Knows no threshold in use."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import theme
from dashboard.figures.class_curves import CurveKind, add_best_points, add_curves, add_readers
from dashboard.figures.curves import CurveTables

PRECISION_RECALL = CurveKind("recall", "precision", "average precision", "AP", steps=True)
ISO_F1 = (0.2, 0.4, 0.6, 0.8)


def precision_recall_figure(
    tables: CurveTables, *, readers: pd.DataFrame | None = None, focus: str | None = None
) -> go.Figure:
    """One stepped curve per class: average precision is the area under it.

    tables: of `precision_recall_tables`; readers: of `reader_table`; focus: a class to bring to the front. The no-skill
    line (precision = prevalence) is drawn for the class in focus, or for an only one.
    """
    figure = theme.empty_figure(x_title="recall", y_title="precision")
    _add_iso_f1(figure)
    _add_no_skill(figure, tables, focus)
    add_curves(figure, tables, PRECISION_RECALL, focus=focus)
    add_best_points(figure, tables, PRECISION_RECALL)
    if readers is not None:
        add_readers(figure, tables, PRECISION_RECALL, readers, focus=focus)
    theme.fit_legend(figure)
    theme.add_note(figure, tables.undefined, centred=tables.rows.empty)
    return figure


def iso_f1_line(f1: float, n_points: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Recall and precision, both in [0, 1], of the points where F1 has this value, recall rising."""
    recall = np.geomspace(f1 / (2 - f1), 1.0, n_points)
    return recall, f1 * recall / (2 * recall - f1)


def _add_iso_f1(figure) -> None:
    lines = [np.column_stack(iso_f1_line(f1)) for f1 in ISO_F1]
    gap = np.full((1, 2), np.nan)
    x, y = np.concatenate([part for line in lines for part in (line, gap)]).astype(np.float32).T
    line = {"color": theme.PALE_GREY, "width": 1}
    figure.add_trace(go.Scatter(x=x, y=y, mode="lines", line=line, name="iso-F1", hoverinfo="skip", showlegend=False))
    for f1, points in zip(ISO_F1, lines, strict=True):
        x, y = points[-1]
        label = {"text": f"F1 {f1:g}", "font": {"size": 10, "color": theme.GREY}, "showarrow": False}
        figure.add_annotation(x=float(x), y=float(y), xanchor="right", yanchor="bottom", **label)


def _add_no_skill(figure, tables, focus) -> None:
    drawn = list(dict.fromkeys(tables.rows["class"]))
    name = focus if focus in drawn else drawn[0] if len(drawn) == 1 else None
    if name is None:
        return
    classes = tables.summary["class"].tolist()
    prevalence = float(tables.summary["prevalence"].iat[classes.index(name)])
    line = {"color": theme.colour(classes.index(name)), "dash": "dot", "width": 1.5}
    label = f"no skill: prevalence {prevalence:.3g}"
    figure.add_trace(go.Scatter(x=[0, 1], y=[prevalence] * 2, mode="lines", line=line, name=label, hoverinfo="name"))
