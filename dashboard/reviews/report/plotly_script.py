"""Plotly's script as a report carries it: deflated and in base64, with the hash that lets a browser run it.

The script is that of the installed package; it is read, never imported.
"""

import base64
import hashlib
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class PlotlyScript:
    """packed: base64 of the zlib stream of the script, UTF-8. hash: base64 of the SHA-256 of the script itself."""

    packed: str
    hash: str


@cache
def plotly_script() -> PlotlyScript:
    """Once per process: packing five megabytes takes a moment. About two megabytes."""
    script = (Path(find_spec("plotly").origin).parent / "package_data" / "plotly.min.js").read_bytes()
    packed = base64.b64encode(zlib.compress(script, 9)).decode()
    return PlotlyScript(packed, base64.b64encode(hashlib.sha256(script).digest()).decode())
