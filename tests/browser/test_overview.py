"""What only a browser shows of Overview: drawn charts, the moving line, addresses, narrow and dark windows."""

import re
import urllib.request

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled

CHART = ".st-key-metric_chart .js-plotly-plot"
LINE = ".st-key-metric_chart .threshold-line"


def _sentence(page: Page):
    return page.locator(".st-key-sentence")


def _move_slider(page: Page, key: str, times: int) -> None:
    slider = page.locator("input[type=range]").first
    slider.focus()
    for _ in range(times):
        before = page.locator(LINE).get_attribute("data-x")
        page.keyboard.press(key)
        expect(page.locator(LINE)).not_to_have_attribute("data-x", before)
    settled(page)


def _x_range(page: Page):
    return page.locator(CHART).evaluate("chart => chart._fullLayout.xaxis.range.slice()")


def test_first_start_shows_a_drawn_chart(open_page):
    page = open_page()
    expect(page.locator(f"{CHART} .scatterlayer .trace path.js-line").first).to_be_visible()
    expect(page.locator(LINE)).to_have_attribute("data-x", "0.5")
    expect(_sentence(page)).to_contain_text(re.compile(r"At 0\.5: micro-F1 \.\d{3}, macro-F1 \.\d{3}"))
    expect(page.get_by_role("button", name="Use your own data")).to_be_visible()


def test_slider_moves_line_and_figures_and_keeps_the_zoom(open_page):
    page = open_page()
    expect(page.locator(LINE)).to_be_attached()
    page.locator(CHART).evaluate("chart => { chart.zoomed = true }")
    zoomed = page.locator(CHART).bounding_box()
    page.mouse.move(zoomed["x"] + zoomed["width"] * 0.3, zoomed["y"] + zoomed["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(zoomed["x"] + zoomed["width"] * 0.8, zoomed["y"] + zoomed["height"] * 0.32, steps=5)
    page.mouse.up()
    page.wait_for_function("document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range[0] > 0.05")
    before, said = _x_range(page), _sentence(page).inner_text()
    _move_slider(page, "ArrowLeft", 3)
    expect(page.locator(LINE)).to_have_attribute("data-x", "0.497")
    expect(_sentence(page)).not_to_have_text(said)
    expect(page.locator(".st-key-header_thresholds")).to_contain_text("0.497")
    assert _x_range(page) == before
    assert page.locator(CHART).evaluate("chart => chart.zoomed"), "the chart was rebuilt"


def test_apply_moves_the_line_to_the_best_mark(open_page):
    page = open_page()
    page.get_by_role("button", name="Apply").first.click()
    expect(page.locator(".st-key-header_thresholds")).to_contain_text("best micro-F1 on these samples")
    expect(page.locator(LINE)).not_to_have_attribute("data-x", "0.5")


def test_a_copied_address_reopens_the_view(open_page, server):
    page = open_page()
    page.get_by_role("button", name="Apply").nth(1).click()
    expect(page.locator(".st-key-header_thresholds")).to_contain_text("best macro-F1 on these samples")
    page.get_by_text("logit", exact=True).click()
    settled(page)
    expect(page).to_have_url(re.compile("axis=logit"))
    said, address = _sentence(page).inner_text(), page.url.removeprefix(server)
    other = open_page(address)
    expect(_sentence(other)).to_have_text(said)
    expect(other.locator(LINE)).to_have_attribute("data-x", page.locator(LINE).get_attribute("data-x"))
    expect(other.locator(".st-key-header_thresholds")).to_contain_text("best macro-F1 on these samples")


def test_an_address_of_absent_data_shows_a_sentence_only(open_page):
    page = open_page("/?data=" + "ab" * 16)
    expect(page.get_by_text("which is not on this server")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    page.get_by_role("button", name="Open the sample instead").click()
    expect(page.locator(LINE)).to_be_attached()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_window_cuts_nothing_off(open_page, scheme):
    page = open_page(width=400, height=850, color_scheme=scheme)
    expect(page.locator(LINE)).to_be_attached()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 400
    box = page.locator(CHART).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 400


def test_dark_theme_draws_light_text_on_dark(open_page):
    page = open_page(color_scheme="dark")
    expect(page.locator(LINE)).to_be_attached()
    colors = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    background, text = page.get_by_test_id("stApp").evaluate(colors)
    brightness = [sum(int(part) for part in re.findall(r"\d+", color)[:3]) for color in (background, text)]
    assert brightness[0] < 200 < brightness[1]


def test_every_response_carries_the_security_headers(server):
    for path in ("/", "/_stcore/health"):
        with urllib.request.urlopen(server + path) as response:
            assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
