"""A training in the browser: it starts, moves, survives another page and another window, stops, and its runs open."""

import re
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect

from tests.browser.conftest import settled
from tests.browser.test_uploads import _becomes, _reading_processes

CHART = ".st-key-training_chart .js-plotly-plot"


def _set(page: Page, role: str, name: str, value: str) -> None:
    field = page.get_by_role(role, name=name)
    field.fill(value)
    field.press("Tab")
    settled(page)
    expect(field).to_have_value(value)


def _generated(page: Page, epochs: int) -> None:
    """A linear model on generated data, 200 epochs of which take seconds."""
    page.get_by_role("radio", name="Generated").click()
    page.get_by_role("radio", name="Linear").click()
    expect(page.get_by_text("410 parameters per variant, from 40 features")).to_be_visible()
    settled(page)
    _set(page, "spinbutton", "Epochs", str(epochs))
    expect(page.get_by_text(f"3 variants, {epochs:,} epochs")).to_be_visible()


def _start(page: Page) -> None:
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile("job=[0-9a-f]{32}"))


def _progress(page: Page):
    return page.get_by_test_id("stProgress").first


def _epoch(page: Page) -> int:
    return int(re.search(r"poch (\d+) of", _progress(page).inner_text().replace(",", ""))[1])


def _sent(page: Page) -> list:
    """Grows with each message that the page sends from now on."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    page.reload()
    settled(page)
    return sent


def test_a_training_moves_survives_its_page_stops_and_its_runs_open(open_page):
    page = open_page("/train")
    sent = _sent(page)
    _generated(page, 5000)
    _start(page)
    expect(_progress(page)).to_contain_text(re.compile(r"Epoch [\d,]+ of 5,000"), timeout=60_000)
    expect(page.locator(CHART)).to_be_visible()
    before = _epoch(page)
    expect(_progress(page)).not_to_contain_text(re.compile(f"Epoch {before:,} of"))
    assert _epoch(page) > before

    page.locator(CHART).evaluate("chart => { chart.dataset.same = 'yes' }")
    between = _epoch(page)
    expect(_progress(page)).not_to_contain_text(re.compile(f"Epoch {between:,} of"))
    assert page.locator(CHART).get_attribute("data-same") == "yes"  # drawn on, not from nothing

    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".st-key-metric_chart .js-plotly-plot")).to_be_visible()
    assert "job=" in page.url
    page.get_by_role("link", name="Train").click()
    expect(_progress(page)).to_contain_text("of 5,000")
    assert _epoch(page) > before

    job = parse_qs(urlparse(page.url).query)["job"][0]
    other = open_page(f"/train?job={job}", width=400)
    expect(_progress(other)).to_contain_text("of 5,000")
    assert other.evaluate("document.documentElement.scrollWidth") <= 400
    visitor = open_page("/")
    expect(visitor.locator(".st-key-sentence")).to_contain_text("At 0.5: micro-F1")

    expect(other.get_by_text("It was started in another browser")).to_be_visible()
    expect(other.get_by_role("button", name="New training with this plan")).to_be_visible()
    for name in ("Stop", "Delete"):
        expect(other.get_by_role("button", name=name)).to_have_count(0)
    page.reload()  # the browser is the same, the session another
    page.get_by_role("button", name="Stop").click()
    for window in (other, page):
        expect(_progress(window)).to_contain_text("Stopped after epoch", timeout=40_000)
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    expect(other.get_by_role("button", name="Resume")).to_have_count(0)

    expect(page.locator(".st-key-seed_chart .js-plotly-plot")).to_be_visible()
    settled(page)
    n_sent = len(sent)
    page.wait_for_timeout(3000)
    assert 0 < n_sent == len(sent)  # nothing is asked for any more
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
        page.get_by_role("button", name="Plan (.json)").click()
    assert download.value.suggested_filename == "plan.json"
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Open the test part: report").click()
    expect(page.locator(".st-key-data_line")).to_contain_text("Trained: Linear model on generated data, 3 variants")
    expect(page.locator(".st-key-metric_chart .js-plotly-plot")).to_be_visible()
    page.get_by_role("combobox", name="Run").click()
    for run in ("bce_with_logits", "focal", "asl"):
        expect(page.get_by_role("option", name=run)).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Train").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Start training")).to_be_visible()


def test_the_form_fits_a_phone(open_page):
    page = open_page("/train", width=400)
    for model in ("ViT", "MLP", "CNN"):
        page.get_by_role("radio", name=model).click()
        expect(page.get_by_text("parameters per variant")).to_be_visible()
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_a_file_can_be_taken_back_and_given_again(open_page):
    page = open_page("/train")
    page.get_by_role("radio", name="Your files").click()
    for _ in range(2):
        field = page.locator('[class*="st-key-train_upload_features"] input[type=file]')
        field.set_input_files({"name": "few.csv", "mimeType": "text/csv", "buffer": b"a,b,label\n1,2,0\n3,4,1\n"})
        expect(page.get_by_text("which columns of 'few.csv' are labels")).to_be_visible()
        page.locator(".st-key-train_remove_features").get_by_role("button").click()
        expect(page.get_by_text("few.csv")).to_have_count(0)


def test_reading_a_large_file_is_shown_and_can_be_stopped(open_page, tmp_path, running_server):
    _, process_id = running_server
    slow = tmp_path / "slow.csv"
    slow.write_text("a,b,c,d\n" + "0.1,0.2,0.3,1\n" * 3_000_000)
    page = open_page("/train")
    page.get_by_role("radio", name="Your files").click()
    page.locator('[class*="st-key-train_upload_features"] input[type=file]').set_input_files(slow)
    expect(page.get_by_text(re.compile(r"Reading slow\.csv \(42 MB\): [1-9]\d* s"))).to_be_visible()
    assert len(_reading_processes(process_id)) == 1
    for again in (True, False):
        page.get_by_role("button", name="Stop reading").click()
        expect(page.get_by_text("Reading was stopped; nothing has changed.")).to_be_visible()
        assert _becomes(lambda: not _reading_processes(process_id))
        if again:
            page.get_by_role("button", name="Read the files").click()
            expect(page.get_by_text(re.compile(r"Reading slow\.csv"))).to_be_visible()
    page.locator(".st-key-train_remove_features").get_by_role("button").click()
    expect(page.get_by_text("slow.csv")).to_have_count(0)
