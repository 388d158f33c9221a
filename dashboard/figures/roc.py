"""The ROC chart: recall against the false positive rate of classes. Knows no threshold in use."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures import theme
from dashboard.figures.class_curves import CurveKind, add_best_points, add_curves, add_readers
from dashboard.figures.curves import CurveTables

ROC = CurveKind("false positive rate", "recall", "ROC AUC", "AUC", steps=False)


def roc_figure(tables: CurveTables, *, readers: pd.DataFrame | None = None, focus: str | None = None) -> go.Figure:
    """One curve per class over the diagonal of chance: ROC AUC is the area under it.

    tables: of `roc_tables`; readers: of `reader_table`; focus: a class to bring to the front.
    """
    figure = theme.empty_figure(x_title="false positive rate", y_title="recall (true positive rate)")
    line = {"color": theme.GREY, "dash": "dot", "width": 1.5}
    figure.add_trace(go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line=line, name="chance", hoverinfo="name"))
    add_curves(figure, tables, ROC, focus=focus)
    add_best_points(figure, tables, ROC)
    if readers is not None:
        add_readers(figure, tables, ROC, readers, focus=focus)
    theme.fit_legend(figure)
    theme.add_note(figure, tables.undefined, centred=tables.rows.empty)
    return figure
