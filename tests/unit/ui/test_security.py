"""Headers on every response; the policy allows exactly the installed index page's inline scripts."""

import asyncio
import base64
import hashlib
from pathlib import Path

import pytest
import streamlit

from dashboard.ui.security import SecurityHeaders, content_security_policy


def _headers_of_answer(status):
    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": status, "headers": [(b"x-own", b"kept")]})
        await send({"type": "http.response.body", "body": b""})

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(SecurityHeaders(answer)({"type": "http"}, None, send))
    return dict(sent[0]["headers"])


@pytest.mark.parametrize("status", [200, 404, 500])
def test_headers_are_on_every_response(status):
    headers = _headers_of_answer(status)
    assert headers[b"content-security-policy"] == content_security_policy().encode()
    assert headers[b"x-content-type-options"] == b"nosniff"
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
