"""Headers on every response; the policy allows exactly the installed index page's inline scripts."""

import asyncio
import base64
import hashlib
import importlib
from pathlib import Path

import pytest
import streamlit

from dashboard.ui.security import SecurityHeaders, content_security_policy


def _headers_of_answer(status, defence=SecurityHeaders):
    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": [(b"x-own", b"kept")]})
        await send({"type": "http.response.body", "body": b""})

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(defence(answer)({"type": "http"}, None, send))
    return dict(sent[0]["headers"])


@pytest.mark.parametrize("status", [200, 404, 500])
def test_headers_are_on_every_response(status):
    headers = _headers_of_answer(status)
    assert headers[b"content-security-policy"] == content_security_policy().encode()
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"no-referrer"
    assert headers[b"x-own"] == b"kept"


def test_policy_names_the_hash_of_each_inline_script():
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    inline = index.split("<script>")[1:]
    assert inline, "Streamlit's index page has an inline script"
    for part in inline:
        digest = hashlib.sha256(part.split("</script>")[0].encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in content_security_policy()


def test_policy_lets_no_other_origin_in():
    sources = content_security_policy().replace(";", " ").split()
    assert not any("http" in source or source in ("*", "'unsafe-eval'") for source in sources)
    assert "frame-ancestors 'none'" in content_security_policy()


def test_frames_are_allowed_where_the_host_says_so(monkeypatch):
    monkeypatch.setenv("DASHBOARD_FRAME_ANCESTORS", "https://huggingface.co")
    assert content_security_policy().endswith("frame-ancestors https://huggingface.co")


def test_without_the_defence_no_answer_has_them():
    assert _headers_of_answer(200, defence=lambda app: app) == {b"x-own": b"kept"}


def test_the_app_is_behind_the_defence(monkeypatch, tmp_path):
    for name in ("UPLOAD", "TRAINING", "REVIEW"):
        monkeypatch.setenv(f"DASHBOARD_{name}_FOLDER", str(tmp_path))
    app = importlib.import_module("app").app
    assert SecurityHeaders in [each.cls for each in app._user_middleware]


def _allows(directive: str, source: str) -> bool:
    policy = dict(each.split(maxsplit=1) for each in content_security_policy().split("; "))
    return source in policy.get(directive, policy["default-src"]).split()


@pytest.mark.parametrize("directive", ["script-src", "connect-src", "img-src", "font-src", "frame-src", "form-action"])
@pytest.mark.parametrize("source", ["*", "https:", "http:", "'unsafe-eval'", "https://evil.example"])
def test_no_directive_lets_anything_from_outside_in(directive, source):
    assert not _allows(directive, source)


def test_no_inline_script_runs_and_no_base_or_object_is_set():
    assert not _allows("script-src", "'unsafe-inline'") and not _allows("script-src", "data:")
    assert _allows("object-src", "'none'") and _allows("base-uri", "'self'") and _allows("form-action", "'self'")


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_than_answers_go_through_as_they_are(kind):
    sent = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "headers": []})

    async def send(message):
        sent.append(message)

    asyncio.run(SecurityHeaders(app)({"type": kind}, None, send))
    assert sent == [{"type": "http.response.start", "headers": []}]
