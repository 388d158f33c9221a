"""A figure for a document: dark text on white and colours of its own, where no theme of a page dresses it.

Knows nothing of what a figure shows or where it goes.
"""

import plotly.graph_objects as go

from dashboard.figures import theme

BACKGROUND, TEXT, LINES = "#ffffff", "#1a1a1a", "#d9d9d9"
FONT = 'system-ui, "Segoe UI", "DejaVu Sans", sans-serif'
_FRAME = {"tickcolor": LINES, "gridcolor": LINES, "linecolor": LINES, "zerolinecolor": LINES, "automargin": True}


def document_json(figure: go.Figure, palette=theme.OKABE_ITO) -> str:
    """The figure as JSON that draws the same anywhere: no placeholder, no template and nothing transparent is left.

    What only the app needs, identities of traces and a height in pixels, is left out.
    """
    shown = theme.with_palette(figure, palette)
    shown.layout.template = go.layout.Template()  # None is the default one: Streamlit's where that is loaded
    shown.update_layout(
        paper_bgcolor=BACKGROUND,
        plot_bgcolor=BACKGROUND,
        font={"color": TEXT, "family": FONT, "size": 13},
        hoverlabel={"bgcolor": BACKGROUND, "bordercolor": TEXT, "font": {"color": TEXT, "family": FONT}},
        modebar={"bgcolor": BACKGROUND, "color": "#595959", "activecolor": TEXT},
        colorway=palette,
        height=None,
        uirevision=None,
    )
    shown.update_xaxes(**_FRAME)
    shown.update_yaxes(**_FRAME)
    shown.update_traces(uid=None)
    return shown.to_json()
