"""What the server answers to requests that no page of its own makes; under a base path, as behind a proxy."""

import http.client
import json
import os
import re
import socket

import pytest
import streamlit as st

from dashboard.logs import HIDDEN
from dashboard.ui.security import content_security_policy
from tests.security.conftest import BASE, NAME
from tests.security.hostile import EVIL
from tests.unit.ui.file_upload.requests import SAME_TOKEN, TOKEN

SECRET = "S3cretToken" + "0" * 32


def ask(server, path, method="GET", body=None, **headers) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    connection.close()
    return found


def websocket_status(server, host: str, origin: str, query: str = "") -> int:
    """Of a handshake with these headers, whatever the real address is; 101 is an open connection."""
    path = server.url.removeprefix(server.origin) + f"/_stcore/stream{query}"
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", f"Origin: {origin}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version: 13"]
    lines += ["Sec-WebSocket-Protocol: streamlit", "", ""]
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        return int(connection.recv(100).split()[1])


def test_protection_is_switched_on():
    assert st.get_option("server.enableXsrfProtection") is True
    assert st.get_option("server.enableCORS") is True
    assert "127.0.0.1" in st.get_option("server.allowedHosts")
    assert not {"*", ""} & set(st.get_option("server.allowedHosts"))
    assert st.get_option("client.showErrorDetails") == "type"
    assert not st.get_option("server.enableAgentApi")


@pytest.mark.parametrize(
    "path", ["/", "/classes", "/health", "/api/uploads", "/_stcore/health", "/chart-assets/no/thing.js", "/media/none"]
)
def test_every_answer_has_the_headers(server, path):
    _, headers, _ = ask(server, f"/{BASE}{path}", Accept="text/html")
    assert headers["content-security-policy"] == content_security_policy()
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_our_routes_lie_below_the_base_path_and_nowhere_else(server):
    status, _, body = ask(server, f"/{BASE}/health")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert ask(server, "/health")[0] == 404
    page = ask(server, f"/{BASE}/", Accept="text/html")[2].decode()
    assets = re.findall(r'"\./(chart-assets/[^"]+)"', page)
    assert len(assets) > 3
    assert all(ask(server, f"/{BASE}/{asset}")[0] == 200 for asset in assets)


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("{host}", "http://{host}", 101),
        (NAME, f"http://{NAME}", 101),
        (NAME, f"https://{NAME}", 101),  # a proxy ends TLS
        ("localhost", "http://localhost", 403),  # not among the names of this server
        ("{host}", f"http://{EVIL}", 403),
        (EVIL, f"http://{EVIL}", 403),  # DNS rebinding: the name leads here, so both agree
        (f"{EVIL}:80", f"http://{EVIL}:80", 403),
        ("{host}", "null", 403),
    ],
)
def test_a_websocket_opens_only_from_a_page_of_ours(server, host, origin, status):
    assert websocket_status(server, host.format(host=server.host), origin.format(host=server.host)) == status


def test_without_allowed_hosts_rebinding_would_succeed(undefended):
    assert websocket_status(undefended, EVIL, f"http://{EVIL}") == 101


def _upload(server, path="/api/uploads", **changed):
    headers = {"X-Xsrftoken": SAME_TOKEN, "Cookie": f"_streamlit_xsrf={TOKEN}", "X-File-Name": "a.csv"} | changed
    headers = {name: value for name, value in headers.items() if value is not None}
    return ask(server, f"/{BASE}{path}", "PUT", b"a,b\n1,2\n", **headers)


@pytest.mark.parametrize(
    "changed",
    [{"X-Xsrftoken": None}, {"Cookie": None}, {"Origin": f"http://{EVIL}"}, {"Host": EVIL}, {"Origin": "null"}],
    ids=str,
)
def test_an_upload_from_elsewhere_is_refused(server, changed):
    assert _upload(server, **changed)[0] == 403


def test_an_upload_from_a_page_of_ours_is_taken_and_cannot_be_listed_or_read_back(server):
    status, _, body = _upload(server, Origin=server.origin)
    assert status == 200
    id = json.loads(body)["id"]
    for path in (f"/api/uploads/{id}", f"/api/uploads?id={id}", f"/media/{id}.file", "/api/uploads/"):
        status, _, body = ask(server, f"/{BASE}{path}", X_Xsrftoken=SAME_TOKEN, Cookie=f"_streamlit_xsrf={TOKEN}")
        assert b"1,2" not in body
        assert id.encode() not in body


@pytest.mark.parametrize("name", ["../../app.py", "..%2F..%2Fa.py", "/etc/passwd", "..\\..\\app.py", "a\0b", "." * 400])
def test_the_name_of_an_upload_is_no_path(server, hostile_environment, name):
    sent = name.replace("\0", "%00")
    assert _upload(server, **{"X-File-Name": sent})[0] == 200
    folder = hostile_environment["DASHBOARD_UPLOAD_FOLDER"]
    for parent, _, files in os.walk(folder):
        assert parent.startswith(folder)
        assert all(re.fullmatch(r"[0-9a-f]{32}\.file|in-use", file) for file in files)


@pytest.mark.parametrize("up", ["..", "%2e%2e", "..%2f..%2f..", "%252e%252e", "..%5c.."])
@pytest.mark.parametrize("route", ["chart-assets/x", "chart-assets", "media", "component", "static"])
def test_no_route_leaves_its_folder(server, route, up):
    for target in ("app.py", "requirements.txt", "dashboard/settings.py"):
        body = ask(server, f"/{BASE}/{route}/{up}/{target}")[2]
        assert b"import " not in body
        assert b"streamlit==" not in body


def _ask_with_secrets(server) -> str:
    """What the log says after requests with a secret in their address."""
    base = server.url.removeprefix(server.origin)
    for path in ("/", "/health", "/api/uploads", "/nothing/here"):
        ask(server, f"{base}{path}?review={SECRET}&data={SECRET}&job={SECRET}", Accept="text/html")
    websocket_status(server, server.host, server.origin, f"?review={SECRET}")
    websocket_status(server, EVIL, f"http://{EVIL}", f"?review={SECRET}")
    return server.log.read_text()


def test_secrets_in_addresses_never_reach_the_log(server):
    log = _ask_with_secrets(server)
    assert '"server_started"' in log
    assert SECRET not in log
    assert "HYPERLINK" not in log  # of the names in the data that this server has open


def test_nor_where_requests_are_logged(undefended):
    log = _ask_with_secrets(undefended)
    assert f"GET /health?review={HIDDEN}&data={HIDDEN}" in log
    assert SECRET not in log
