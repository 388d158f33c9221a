"""The private parts of Streamlit that uploads rest on, held to the installed version."""

import inspect

from starlette.requests import Request
from starlette.responses import Response
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.web.server.starlette import starlette_routes, starlette_websocket

from dashboard.ui.file_upload import guard
from tests.unit.ui.file_upload.requests import SAME_TOKEN, TOKEN, headers_of


def request(**headers) -> Request:
    return Request({"type": "http", "headers": headers_of(**headers), "client": ("127.0.0.1", 1)})


def test_streamlit_checks_its_own_uploads_in_the_same_way():
    source = inspect.getsource(starlette_routes.create_upload_routes)
    assert f'request.headers.get("{guard.TOKEN_HEADER}")' in source
    assert "validate_xsrf_token(xsrf_header, xsrf_cookie)" in source
    assert "is_host_allowed(host)" in inspect.getsource(starlette_websocket._is_origin_allowed)


def test_the_cookie_can_be_read_by_the_page():
    response = Response()
    starlette_routes._set_unquoted_cookie(response, guard.TOKEN_COOKIE, TOKEN, secure=True)
    assert guard.TOKEN_COOKIE == "_streamlit_xsrf"
    assert response.headers["set-cookie"] == f"_streamlit_xsrf={TOKEN}; Path=/; SameSite=Lax; Secure"  # no HttpOnly


def test_a_browser_is_one_visitor_however_its_token_is_masked():
    assert guard.visitor(request(cookie=TOKEN)) == guard.visitor(request(cookie=SAME_TOKEN))
    assert guard.visitor(request(cookie=TOKEN)) != guard.visitor(request(cookie=None))


def test_the_manager_of_uploads_can_let_a_file_go():
    assert list(inspect.signature(MemoryUploadedFileManager.remove_file).parameters) == [
        "self",
        "session_id",
        "file_id",
    ]
