"""What can be dragged over a chart, what is read off meanwhile, and both packed with the figure for the browser.

A handle has no position here: where it lies is said apart, so that moving it never changes the chart. Knows nothing of
how the browser draws.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.utils import PlotlyJSONEncoder

LINE, POINT = "line", "point"


@dataclass(frozen=True, eq=False)
class Readout:
    """One figure that follows a dragged line, read off straight between two drawn thresholds, so approximate.

    Either `trace`, the uid of a line of the chart, or x (ascending, in units of the axis) and y, or `share`: the labels
    of counts that stand before it, of which it is the first's share. digits: after the point; 0 for counts.
    """

    label: str
    trace: str | None = None
    x: np.ndarray | None = None
    y: np.ndarray | None = None
    share: tuple[str, ...] = ()
    digits: int = 3


@dataclass(frozen=True, eq=False)
class Handle:
    """A vertical line, or a point on the trace with uid `trace`.

    id: what a release names; name: for those who hear the page; axes: the suffix of its axes ("", "2", "3", ...).
    span: the lowest and highest place of a line. first_vertex: points of the trace that stand before its vertices.
    columns: what the trace's customdata hold, the first being the name of the vertex and the others figures; empty for
    threshold, score, x, y, tp, fp, fn.
    """

    id: str
    kind: str
    name: str
    axes: str = ""
    span: tuple[float, float] | None = None
    readouts: tuple[Readout, ...] = ()
    trace: str | None = None
    first_vertex: int = 0
    columns: tuple[str, ...] = ()


def chart_payload(key: str, figure: go.Figure, handles: Sequence[Handle] = (), alt: str = "") -> bytes:
    """Everything the browser needs of a chart, as UTF-8 JSON with packed arrays, behind a revision and a line feed."""
    spec = figure.to_plotly_json()
    layout = {name: value for name, value in spec["layout"].items() if name != "template"}  # the browser has its own
    content = {"key": key, "alt": alt, "handles": [_handle(each) for each in handles]}
    content["figure"] = {"data": spec["data"], "layout": layout}
    packed = json.dumps(content, cls=PlotlyJSONEncoder, separators=(",", ":")).encode()
    return hashlib.sha256(packed).hexdigest()[:16].encode() + b"\n" + packed


def revision_of(payload: bytes) -> str:
    """What tells a chart's payload from every other one."""
    return payload.split(b"\n", 1)[0].decode()


def _handle(handle: Handle) -> dict:
    content = {"id": handle.id, "kind": handle.kind, "name": handle.name, "axes": handle.axes}
    if handle.kind == POINT:
        content |= {"trace": handle.trace, "first": handle.first_vertex}
        return content | {"columns": handle.columns} if handle.columns else content
    return content | {"span": handle.span, "readouts": [_readout(each) for each in handle.readouts]}


def _readout(readout: Readout) -> dict:
    content = {"label": readout.label, "digits": readout.digits}
    if readout.trace is not None:
        return content | {"trace": readout.trace}
    if readout.share:
        return content | {"share": readout.share}
    return content | {"x": _packed(readout.x), "y": _packed(readout.y)}


def _packed(values) -> str:
    """Little-endian float64 in base64: logits of any size keep their place."""
    return base64.b64encode(np.asarray(values, dtype="<f8").tobytes()).decode()
