"""What only a browser shows of the samples panel: a clicked row opens its sample, pictures are drawn."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled

ROW, HEADER = 48, 35  # pixels of a row with a picture, in a table that is a canvas


@pytest.fixture
def samples(open_page) -> Page:
    page = open_page()
    page.get_by_role("link", name="Classes").click()
    expect(page.get_by_text("Samples of this class")).to_be_visible()
    return settled(page)


def _click_row(page: Page, row: int) -> None:
    table = page.locator(".st-key-sample_list").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": HEADER + ROW * row + ROW // 2})


def _detail(page: Page):
    return page.locator(".st-key-sample_detail")


def _name(page: Page) -> str:
    return _detail(page).locator("strong").first.inner_text()


def test_misses_are_paged_and_a_clicked_row_opens_its_sample_with_the_picture(samples):
    asked = []
    samples.on("request", lambda request: asked.append(request.url))
    samples.get_by_text(re.compile("^Misses · ")).click()
    expect(samples.get_by_text("labelled but not predicted as")).to_be_visible()
    expect(samples).to_have_url(re.compile("samples=fn"))
    expect(_detail(samples)).to_have_count(0)
    _click_row(samples, 0)
    expect(_detail(samples)).to_be_visible()
    first = _name(settled(samples))
    samples.get_by_test_id("stPagination").get_by_text("2", exact=True).click()
    expect(samples.get_by_text("26 to 50 of")).to_be_visible()
    assert _name(settled(samples)) == first, "turning a page closed the sample"
    _click_row(samples, 1)
    expect(_detail(samples).locator("strong").first).not_to_have_text(first)
    picture = _detail(samples).locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("picture => [picture.naturalWidth, picture.naturalHeight]") == [256, 192]
    expect(_detail(samples).get_by_text("classes decided wrong")).to_be_visible()
    expect(_detail(samples).get_by_test_id("stDataFrame")).to_be_visible()
    _detail(samples).get_by_role("button", name="Close").click()
    expect(_detail(samples)).to_have_count(0)
    assert [url for url in asked if not url.startswith(("http://127.0.0.1", "data:", "blob:"))] == []


def test_paging_draws_no_chart_anew(samples):
    chart = samples.locator(".js-plotly-plot").first
    chart.evaluate("chart => { chart.kept = true }")
    samples.get_by_test_id("stPagination").get_by_text("2", exact=True).click()
    expect(samples.get_by_text("26 to 50 of")).to_be_visible()
    assert settled(samples).locator(".js-plotly-plot").first.evaluate("chart => chart.kept")


def test_a_narrow_window_cuts_nothing_off(open_page):
    page = open_page(width=400, height=850, color_scheme="dark")
    page.goto(page.url.replace("/?", "/classes?"))
    expect(page.locator(".st-key-sample_list")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 400
    box = page.locator(".st-key-sample_list").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 400
