"""A server of the app on a free port of this machine, and pages of a Chromium that look at it."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.servers import app_command, free_port, wait_until_healthy

ROOT = Path(__file__).parents[2]

expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))  # one server, one browser


@pytest.fixture(scope="session")
def upload_folder(tmp_path_factory):
    """Where the server makes its folder of uploads."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="session")
def running_server(upload_folder, tmp_path_factory):
    """The address of a running app, and the id of its process."""
    port = free_port()
    environment = os.environ | {
        "DASHBOARD_UPLOAD_FOLDER": str(upload_folder),
        "DASHBOARD_REVIEW_FOLDER": str(tmp_path_factory.mktemp("reviews")),
        "DASHBOARD_TRAINING_FOLDER": str(tmp_path_factory.mktemp("trainings")),
        "DASHBOARD_TRAINING_JOBS": "2",
    }
    process = subprocess.Popen(
        app_command(port), cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(running_server):
    """The address of a running app."""
    return running_server[0]


def _is_fault(message) -> bool:
    """Errors, but for Streamlit's own search for its base address when a page other than the first is opened."""
    probe = re.search(r"/[a-z]+/_stcore/(health|host-config)$", message.location.get("url", ""))
    return message.type == "error" and not probe


@pytest.fixture
def open_page(new_visitor, server):
    """open_page(path, width=1440, ...) -> a Page of a new visitor; in the end no page may have raised or logged an
    error.
    """
    visitors, problems = [], []

    def open_at(path="/", **options) -> Page:
        page = new_visitor(**options)
        visitors.append(page)
        page.add_init_script("delete window.showSaveFilePicker")
        page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
        page.on("console", lambda message: _is_fault(message) and problems.append(f"console: {message.text}"))
        page.goto(server + path)
        return settled(page)

    yield open_at
    raised = [page.get_by_test_id("stException").count() for first in visitors for page in first.context.pages]
    assert not problems, problems
    assert not any(raised), "a page shows an exception"


def settled(page: Page) -> Page:
    """Wait until the run that is under way has ended and its elements are drawn."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    return page
