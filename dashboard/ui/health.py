"""Whether this server can do its work, for those who watch it: 200 while it can, 503 when it cannot write, or when
what it depends on does not answer.

Tells nothing of data or visitors.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard import __version__
from dashboard.logs import log

KEPT_SECONDS = 5  # an answer, so that asking often costs nothing

Check = Callable[[], None]  # raises OSError where something cannot be written or does not answer


def writes_to(folder: Path) -> Check:
    """The check that a file can be made in this folder and filled."""

    def check() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()

    return check


def health_routes(writable: Mapping[str, Check], answering: Mapping[str, Check] | None = None) -> list[Route]:
    """GET /health, below server.baseUrlPath.

    writable, answering: what has to be, by a name that anybody may read.
    """
    given = {"not_writable": writable, "not_answering": answering or {}}
    asked = {event: _Checks(event, checks) for event, checks in given.items()}

    async def answer(_request: Request) -> JSONResponse:
        found = {event: await run_in_threadpool(checks.failing) for event, checks in asked.items()}
        failing = {event: names for event, names in found.items() if names}
        content = {"status": "failing" if failing else "ok", "version": __version__} | failing
        return JSONResponse(content, 503 if failing else 200, headers={"Cache-Control": "no-store"})

    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return [Route(f"{'/' + base if base else ''}/health", answer, methods=["GET"])]


class _Checks:
    """event: what the log says of one that fails."""

    def __init__(self, event: str, checks: Mapping[str, Check]):
        self._event, self._checks = event, checks
        self._failing: list[str] = []
        self._asked_at = -KEPT_SECONDS
        self._lock = threading.Lock()

    def failing(self) -> list[str]:
        """The names of the checks that fail, at most KEPT_SECONDS old."""
        with self._lock:
            if time.monotonic() - self._asked_at >= KEPT_SECONDS:
                self._failing = [name for name, check in self._checks.items() if self._fails(name, check)]
                self._asked_at = time.monotonic()
            return self._failing

    def _fails(self, name: str, check: Check) -> bool:
        try:
            check()
        except OSError as error:
            log(self._event, "error", what=name, reason=error.strerror)
            return True
        return False
