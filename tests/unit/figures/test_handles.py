"""A chart packed for the browser: arrays whole, no template, infinities and NaN as JSON can say them."""

import base64
import json

import numpy as np
import plotly.graph_objects as go

from dashboard.figures.handles import LINE, POINT, Handle, Readout, chart_payload, revision_of


def _content(payload):
    return json.loads(payload.partition(b"\n")[2], parse_constant=_refuse)


def _refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def test_payload_holds_figure_handles_and_words():
    figure = go.Figure(go.Scatter(x=np.arange(3, dtype=np.float32), y=[0.5, np.nan, 1.0], uid="line"))
    handle = Handle("common", LINE, "Threshold", span=(0.0, 1.0), readouts=(Readout("F1", trace="line"),))
    content = _content(chart_payload("metric_chart", figure, [handle], "F1 against the threshold"))
    assert (content["key"], content["alt"]) == ("metric_chart", "F1 against the threshold")
    assert content["handles"][0] == {
        "id": "common", "kind": "line", "name": "Threshold", "axes": "", "span": [0.0, 1.0],
        "readouts": [{"label": "F1", "digits": 3, "trace": "line"}],
    }  # fmt: skip
    assert content["figure"]["data"][0]["uid"] == "line"
    assert "template" not in content["figure"]["layout"]


def test_readout_arrays_are_packed_without_loss():
    x, y = np.array([-1e30, 0.1, 1e30]), np.array([np.nan, 1 / 3, 7.0])
    handle = Handle("0", LINE, "", span=(0, 1), readouts=(Readout("tp", x=x, y=y, digits=0),))
    sent = _content(chart_payload("c", go.Figure(), [handle]))["handles"][0]["readouts"][0]
    for values, packed in ((x, sent["x"]), (y, sent["y"])):
        np.testing.assert_array_equal(np.frombuffer(base64.b64decode(packed), "<f8"), values)


def test_a_point_names_its_trace_and_where_its_vertices_begin():
    sent = _content(chart_payload("c", go.Figure(), [Handle("4", POINT, "n", trace="cat", first_vertex=1)]))
    assert sent["handles"] == [{"id": "4", "kind": "point", "name": "n", "axes": "", "trace": "cat", "first": 1}]


def test_revision_tells_payloads_apart():
    one, same, other = (chart_payload("c", go.Figure(), [], alt) for alt in ("a", "a", "b"))
    assert one == same and revision_of(one) == revision_of(same) != revision_of(other)


def test_columns_of_a_point_are_sent_where_it_has_some():
    handles = [Handle("a", POINT, "n", trace="t", columns=("point", "micro-F1"))]
    sent = _content(chart_payload("c", go.Figure(), handles))
    assert sent["handles"][0]["columns"] == ["point", "micro-F1"]
