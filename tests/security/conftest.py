"""A server below a base path, looking at data full of hostile text, with its log at hand; and a Chromium."""

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from dashboard.inputs.opened import write_opened
from tests.browser.conftest import ROOT
from tests.security.hostile import write_hostile
from tests.servers import app_command, free_port, own_folders, wait_until_healthy

BASE = "team/dashboard"
SEATS = 3  # visitors that the undefended server takes at once
NAME = "dashboard.example.org"  # under which it is hosted


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("security"))  # one server


@dataclass(frozen=True)
class Server:
    """url: of the first page, without a slash at its end. log: the file that its log and all output goes to."""

    url: str
    log: Path

    @property
    def host(self) -> str:
        return self.url.split("/")[2]

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def port(self) -> int:
        return int(self.host.split(":")[1])


@contextmanager
def served(command: list[str], port: int, base: str, log: Path, environment: dict[str, str]):
    """A server of this machine only; it is ended by its process id."""
    url = f"http://127.0.0.1:{port}{'/' + base if base else ''}"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=output, stderr=output)
        try:
            wait_until_healthy(url, process)
            yield Server(url, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def hostile_environment(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("hostile")
    opened = write_opened(write_hostile(folder).opened(), folder / "opened.json")
    return opened | own_folders(folder) | {"DASHBOARD_ADMIN": "1"}


@pytest.fixture(scope="session")
def server(hostile_environment, tmp_path_factory):
    """The app below BASE, as behind a reverse proxy."""
    port = free_port()
    command = [*app_command(port), "--server.baseUrlPath", BASE]
    log = tmp_path_factory.mktemp("log") / "server.log"
    names = {"STREAMLIT_SERVER_ALLOWED_HOSTS": f"127.0.0.1 {NAME}"}  # as the README says
    with served(command, port, BASE, log, hostile_environment | names) as running:
        yield running


@pytest.fixture(scope="session")
def undefended(hostile_environment, tmp_path_factory):
    """The app without its escaping and its allowed hosts."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.security.undefended:app"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    log = tmp_path_factory.mktemp("log") / "undefended.log"
    with served(command, port, "", log, hostile_environment | {"DASHBOARD_VISITORS": str(SEATS)}) as running:
        yield running
