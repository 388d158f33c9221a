"""A client that speaks to the upload route as a server would, one message at a time; it may break off anywhere."""

import asyncio
import json
from dataclasses import dataclass

from starlette.applications import Starlette
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from dashboard.ui.file_upload.route import upload_routes

TOKEN = generate_xsrf_token_string(b"0123456789abcdef", 1)
SAME_TOKEN = generate_xsrf_token_string(b"0123456789abcdef", 2)  # masked anew, as the page reads it later


@dataclass
class Answer:
    status: int | None
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)


def headers_of(name="scores.npy", size=None, *, token=SAME_TOKEN, cookie=TOKEN, host="127.0.0.1:8501", **others):
    headers = {"host": host, "x-xsrftoken": token, "cookie": cookie and f"_streamlit_xsrf={cookie}"}
    headers |= {"x-file-name": name, "content-length": None if size is None else str(size)}
    headers |= {key.replace("_", "-"): value for key, value in others.items()}
    return [(key.encode(), value.encode()) for key, value in headers.items() if value is not None]


def ask(store, method="PUT", path="/api/uploads", *, chunks=(), headers=None, query="", breaks_off=False) -> Answer:
    """The answer to a request; with `breaks_off` the client leaves after its chunks."""
    sent = []
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.disconnect"} if breaks_off else {"type": "http.request", "body": b""})
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode()}
    scope |= {"headers": headers if headers is not None else headers_of(size=sum(map(len, chunks)))}
    scope |= {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8501), "scheme": "http", "http_version": "1.1"}

    async def receive():
        await asyncio.sleep(0)
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    asyncio.run(Starlette(routes=upload_routes(store))(scope, receive, send))
    status = next((message["status"] for message in sent if message["type"] == "http.response.start"), None)
    return Answer(status, b"".join(message.get("body", b"") for message in sent))
