"""The component's scripts and Plotly itself, served by this app: nothing is loaded from anywhere else.

An address holds a hash of all the content, so that browsers keep it for good and an update is a new address.
"""

import gzip
import hashlib
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

SCRIPTS = Path(__file__).parent / "js"
PLOTLY = "plotly.min.js"
_HEADERS = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
_MEDIA_TYPE = "text/javascript"


@cache
def asset_paths() -> dict[str, Path]:
    """File name -> its path: what the route serves and nothing else. Finds Plotly without importing it."""
    scripts = {path.name: path for path in sorted(SCRIPTS.glob("*.js"))}
    return scripts | {PLOTLY: Path(find_spec("plotly").origin).parent / "package_data" / PLOTLY}


@cache
def assets_version() -> str:
    """Plotly counts by its version: reading its five megabytes at every start would delay the first page."""
    content = hashlib.sha256(version("plotly").encode())
    for name, path in asset_paths().items():
        content.update(name.encode() if name == PLOTLY else path.read_bytes())
    return content.hexdigest()[:16]


def assets_folder() -> str:
    """The part of an asset's address between the app's own and the file name."""
    return f"chart-assets/{assets_version()}/"


@cache
def _compressed(name: str) -> bytes:
    """Once per server: the server's own compression would do it anew for each visitor."""
    return gzip.compress(asset_paths()[name].read_bytes(), 6)


async def serve_asset(request: Request) -> Response:
    """Compressed, except for a browser on this machine, for which that only costs time."""
    name = request.path_params["name"]
    if name not in asset_paths() or request.path_params["version"] != assets_version():
        return Response(status_code=404)  # what an address says is for good, so an older one has nothing to say
    if _is_here(request) or "gzip" not in request.headers.get("accept-encoding", ""):
        # Named, because a response without an encoding is compressed on its way out, each time.
        return FileResponse(
            asset_paths()[name], media_type=_MEDIA_TYPE, headers=_HEADERS | {"content-encoding": "identity"}
        )
    content = await run_in_threadpool(_compressed, name)
    return Response(content, media_type=_MEDIA_TYPE, headers=_HEADERS | {"content-encoding": "gzip"})


def _is_here(request) -> bool:
    try:
        return ip_address(request.client.host).is_loopback
    except (AttributeError, ValueError):  # no client, or one without an address
        return False


def asset_routes() -> list[Route]:
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return [Route(f"{'/' + base if base else ''}/chart-assets/{{version}}/{{name}}", serve_asset)]
