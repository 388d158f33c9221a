"""Who may upload: the checks that Streamlit makes for its own uploads and websocket, asked of it in this one place.

`validate_xsrf_token`, `is_host_allowed` and the cookie's name are private to Streamlit; a test holds them to the
installed version.
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.requests import Request
from streamlit.web.server.server_util import is_allowed_origin, is_xsrf_enabled
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string, validate_xsrf_token
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

TOKEN_COOKIE = XSRF_COOKIE_NAME  # readable by the page's script, which sends it back as the header
TOKEN_HEADER = "X-Xsrftoken"


def refusal(request: Request) -> str | None:
    """Why this request is not from a page of this app, as a sentence; None when it is."""
    host, origin = request.headers.get("host"), request.headers.get("origin")
    if not is_host_allowed(host):
        return "This server must be opened under a name that it is set up for: see server.allowedHosts."
    if origin is not None and _host_of(origin) != host and not is_allowed_origin(origin):
        return "Files must be uploaded from a page of this app, but this request comes from elsewhere."
    token, cookie = request.headers.get(TOKEN_HEADER), request.cookies.get(TOKEN_COOKIE)
    if is_xsrf_enabled() and not validate_xsrf_token(token, cookie):
        return "The upload must carry this page's token, but it is missing or does not match: reload the page."
    return None


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # no address at all
        return None


def visitor(request: Request) -> str:
    """The same text for all requests of one browser: a digest of its token, else of its address."""
    known = browser_token(request.cookies) or (request.client.host if request.client else "").encode()
    return hashlib.sha256(known).hexdigest()


def browser_token(cookies: Mapping[str, str]) -> bytes | None:
    """The token of Streamlit's cookie, the same until the browser forgets it; None where there is none."""
    return decode_xsrf_token_string(cookies.get(TOKEN_COOKIE, ""))[0]
