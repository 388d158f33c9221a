"""With 2,000 classes a page answers, a row ticked on another page is drawn, and a step sends one page of the table."""

import os
import re
import subprocess

import numpy as np
import pytest
from playwright.sync_api import expect

from dashboard.inputs.opened import Opened, write_opened
from tests.browser.conftest import ROOT, settled
from tests.servers import app_command, free_port, wait_until_healthy

N_CLASSES = 2_000
PAGE_SENT = 100_000  # bytes that a step may send; all classes would be 200,000


def _labels():
    return (np.random.default_rng(0).random((60, N_CLASSES)) < np.linspace(0.5, 0.05, N_CLASSES)).astype(np.int8)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of an app that was opened with 60 samples of 2,000 classes."""
    folder = tmp_path_factory.mktemp("wide")
    labels = _labels()
    np.save(folder / "labels.npy", labels)
    noise = np.random.default_rng(1).normal(size=labels.shape)
    np.save(folder / "scores.npy", (noise + labels).astype(np.float32))
    opened = Opened({"wide": str(folder / "scores.npy")}, str(folder / "labels.npy"), "logits")
    port = free_port()
    environment = os.environ | write_opened(opened, folder / "opened.json")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(app_command(port), cwd=ROOT, env=environment, **quiet)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


def _to_page(page, number, rows):
    page.locator(".st-key-class_table").get_by_role("button", name=re.compile(rf"^(Page )?{number}$")).click()
    expect(page.locator(".st-key-class_table").get_by_text(rows)).to_be_visible()
    settled(page)


def _wait_for_curve(page, name, *, drawn=True):
    page.wait_for_function(
        """([name, drawn]) => [...document.querySelectorAll('.js-plotly-plot')].some(chart =>
            (chart._fullData || []).some(trace => trace.name.startsWith(name + ' '))) === drawn""",
        arg=[name, drawn],
        timeout=20_000,
    )


def test_a_row_ticked_on_the_second_page_is_drawn(open_page):
    name = f"class {np.argsort(-_labels().sum(axis=0), kind='stable')[100]}"
    page = open_page("/classes")
    expect(page.get_by_text("2,000 classes, most positives first")).to_be_visible()
    _to_page(page, 2, "Rows 101 to 200 of 2,000")
    table = page.locator(".st-key-class_table").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    expect(table.get_by_test_id("glide-cell-1-0")).to_have_text(name)
    _wait_for_curve(page, name, drawn=False)
    table.click(position={"x": 16, "y": 35 + 17})
    _wait_for_curve(page, name)
    expect(page.locator(".st-key-class_table").get_by_text("Rows 101 to 200 of 2,000")).to_be_visible()
    expect(page).to_have_url(re.compile(r"classes=(\d+%2C){6}\d+"))


def test_a_step_sends_one_page_of_each_table(open_page):
    page = open_page()
    sizes = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(len(data))))
    page.reload()
    expect(page.get_by_text("Rows 1 to 100 of 2,000")).to_be_visible()
    settled(page)
    sizes.clear()
    page.locator("input[type=range]").first.focus()
    page.keyboard.press("PageDown")
    expect(page.get_by_text("Threshold 0.4 for all classes")).to_be_visible()
    settled(page)
    assert 0 < sum(sizes) < PAGE_SENT


@pytest.mark.parametrize("path", ["/", "/classes", "/data"])
def test_every_page_answers_in_a_narrow_dark_window(open_page, path):
    page = open_page(path, width=400, height=850, color_scheme="dark")
    expect(page.get_by_text("Rows 1 to 100 of 2,000")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 400
