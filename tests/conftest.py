"""The one Playwright of a test process (a second could not be started beside it), and the Chromiums it starts."""

import os
import shutil

import pytest

from dashboard.processor import wait_asleep

wait_asleep()  # the processes of the tests share the cores

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
KEPT_OF_A_VISITOR = "cookies,local_storage,indexeddb,service_workers,cache_storage"


def pytest_collection_modifyitems(items):
    """Its event loop stays open in the process, and tests that start one of their own would fail after it."""
    items.sort(key=lambda item: "playwright" in item.fixturenames)


@pytest.fixture(scope="session")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


def _where() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=_where(), args=QUIET)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def warm_profile(playwright, tmp_path_factory):
    """A context on a folder of its own, which keeps scripts compiled: a page opens in less than half the time."""
    folder = tmp_path_factory.mktemp("profile")
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=_where(), args=QUIET, reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def new_visitor(request, warm_profile):
    """new_visitor(width=1440, height=1000, **options) -> an empty Page of a browser profile nobody has used.

    The first visitor of a test gets the warm profile; every other, or one of a touch screen, a new context.
    """
    first, others = [], []

    def arrive(*, width=1440, height=1000, color_scheme=None, **options):
        size = {"width": width, "height": height}
        if first or options:
            options |= {"viewport": size, "reduced_motion": "reduce", "color_scheme": color_scheme}
            others.append(request.getfixturevalue("chromium").new_context(**options))
            return others[-1].new_page()
        first.append(warm_profile.new_page())
        first[0].set_viewport_size(size)
        first[0].emulate_media(color_scheme=color_scheme)
        return first[0]

    yield arrive
    for context in others:
        context.close()
    if first:
        _forget(warm_profile)


def _forget(context) -> None:
    """All that the pages of a test left in the profile, but for the scripts that came from the server."""
    origins = {page.evaluate("location.origin") for page in context.pages}
    keeper = context.new_page()  # the last page must stay open
    for page in context.pages:
        if page != keeper:
            page.close()
    storage = context.new_cdp_session(keeper)
    for origin in origins - {"null"}:
        storage.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": KEPT_OF_A_VISITOR})
    storage.detach()
    context.clear_cookies()
    context.clear_permissions()
    context.unroute_all()
