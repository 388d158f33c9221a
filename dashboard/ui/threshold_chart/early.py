"""Starts Plotly early: names the charts' scripts in the page that the server answers with, beside Streamlit's own.

A browser takes most of a second to run Plotly. Asked for when the first chart arrives, that second comes on top; asked
for at once, it passes while the page waits for its first run (`js/early.js`).
"""

from dashboard.ui.threshold_chart.assets import PLOTLY, asset_paths, assets_folder

PAGES_WITHOUT_CHARTS = ("/data",)
_STALE = (b"content-length", b"etag", b"last-modified")  # of the page as Streamlit has it


def tags() -> bytes:
    """HTML for the page's head, with addresses that are relative as Streamlit's own are."""
    folder = f"./{assets_folder()}"
    modules = [name for name in asset_paths() if name != PLOTLY]
    links = [f'<link rel="preload" as="script" href="{folder}{PLOTLY}">']
    links += [f'<link rel="modulepreload" href="{folder}{name}">' for name in modules]
    return "".join([*links, f'<script type="module" src="{folder}early.js"></script>']).encode()


class EarlyCharts:
    """Pure ASGI: adds the tags to every HTML page but those without charts."""

    def __init__(self, app):
        self.app = app
        self.tags = tags()

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http" or scope["path"].endswith(PAGES_WITHOUT_CHARTS) or not _asks_for_page(scope):
            await self.app(scope, receive, send)
            return
        # Compressed, it could not be added to; a page is six kilobytes.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self.app({**scope, "headers": plain}, receive, _Page(self.tags, send).send)


class _Page:
    """Holds an HTML response back until it is whole; everything else passes."""

    def __init__(self, tags: bytes, send):
        self._tags, self._send = tags, send
        self._start, self._body = None, b""

    async def send(self, message):
        if message["type"] == "http.response.start" and _is_html(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()
        else:
            await self._send(message)

    async def _finish(self):
        body = self._body.replace(b"</head>", self._tags + b"</head>", 1)
        headers = [(name, value) for name, value in self._start["headers"] if name.lower() not in _STALE]
        headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**self._start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def _asks_for_page(scope) -> bool:
    return scope["method"] == "GET" and any(
        name == b"accept" and b"text/html" in value for name, value in scope["headers"]
    )


def _is_html(message) -> bool:
    return message["status"] == 200 and any(
        name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message.get("headers", [])
    )
