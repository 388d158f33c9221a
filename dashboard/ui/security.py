"""Headers of every response: what the page may load and who may frame it. Knows nothing of the pages."""

import base64
import hashlib
import re
from pathlib import Path

import streamlit

from dashboard.settings import read_settings

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def inline_script_hashes() -> list[str]:
    """The hashes of the inline scripts in the installed Streamlit's index page, for the content security policy."""
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = _INLINE_SCRIPT.findall(index.read_text(encoding="utf-8"))
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_security_policy() -> str:
    """Nothing from outside. `blob:` is how Streamlit loads the script of a component that ships with the app."""
    scripts = " ".join(["'self'", "blob:", *inline_script_hashes()])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        "media-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        f"frame-ancestors {read_settings().frame_ancestors}"
    )


class SecurityHeaders:
    """Pure ASGI, so that no request body is consumed on the way (uploads would fail)."""

    def __init__(self, app):
        self.app = app
        self.headers = [
            (b"content-security-policy", content_security_policy().encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
        ]

    async def __call__(self, scope, receive, send):
        async def send_with_headers(message):
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *self.headers]}
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
