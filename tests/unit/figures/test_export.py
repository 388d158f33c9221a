"""Figures for documents: own colours, opaque, nothing left of the app."""

import json
import re

import plotly.graph_objects as go

from dashboard.escape import for_plotly
from dashboard.figures import theme
from dashboard.figures.export import document_json


def _figure() -> go.Figure:
    figure = theme.empty_figure(x_title="recall", y_title="precision")
    name = for_plotly("#000001 </script>")
    figure.add_trace(go.Scatter(x=[0, 1], y=[0, 1], name=name, uid="a class", line={"color": theme.colour(0)}))
    return figure


def test_a_document_has_colours_of_its_own_on_white():
    layout = json.loads(document_json(_figure()))["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "#ffffff" and layout["font"]["color"] == "#1a1a1a"
    assert not layout.get("template", {}).get("layout") and not {"height", "uirevision"} & set(layout)
    assert layout["xaxis"]["automargin"] and layout["xaxis"]["gridcolor"] == "#d9d9d9"


def test_placeholders_are_replaced_and_names_are_kept():
    text = document_json(_figure())
    trace = json.loads(text)["data"][0]
    assert trace["line"]["color"] == theme.OKABE_ITO[0] and "uid" not in trace
    assert not re.search(r'"#0000(?:0[1-9]|10)"', text)
    assert trace["name"] == "&#35;000001 &lt;/script&gt;"


def test_the_apps_figure_is_not_changed():
    figure = _figure()
    before = figure.to_json()
    document_json(figure)
    assert figure.to_json() == before
