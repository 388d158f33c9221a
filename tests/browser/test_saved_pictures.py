"""A chart saved as PNG or SVG: readable on white in either theme, with the thresholds in force."""

import io
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

METRIC, PR = ".st-key-metric_chart", ".st-key-pr_chart"
PLACEHOLDER = re.compile(r"rgb\(0, 0, (?:[1-9]|10)\)|#0000(?:0[1-9]|10)")


def _saved(page: Page, chart: str, title: str) -> bytes:
    """What the button of that title over the chart downloads."""
    page.locator(f"{chart} .js-plotly-plot").hover()
    with page.expect_download() as download:
        page.locator(f'{chart} .modebar-btn[data-title="{title}"]').click()
    return download.value.path().read_bytes()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_png_has_dark_text_and_colours_on_white(open_page, scheme):
    page = open_page("/", color_scheme=scheme)
    expect(page.locator(f"{METRIC} .threshold-line")).to_be_attached()
    picture = Image.open(io.BytesIO(_saved(page, METRIC, "Save as PNG")))
    assert picture.convert("RGBA").getextrema()[3] == (255, 255), "transparent"
    pixels = picture.convert("RGB")
    width = page.locator(f"{METRIC} .js-plotly-plot").bounding_box()["width"]
    assert pixels.width == pytest.approx(2 * width, abs=4)  # twice as fine as on screen
    colours = np.asarray(pixels).astype(int)
    assert colours.mean() > 235 and colours.max(axis=2).min() < 60, "not dark on white"
    assert (colours.max(axis=2) - colours.min(axis=2)).max() > 120, "no colour"


def test_an_svg_holds_the_line_in_force_and_no_placeholder(open_page):
    page = open_page("/?t=0.25")
    expect(page.locator(f"{METRIC} .threshold-line")).to_be_attached()
    svg = _saved(page, METRIC, "Save as SVG").decode()
    assert svg.startswith("<svg") and "rgb(255, 255, 255)" in svg
    assert not PLACEHOLDER.search(svg)
    assert "stroke-dasharray" in svg and "<path data-index=" in svg


def test_a_saved_curve_has_the_rings(open_page):
    page = open_page("/classes")
    expect(page.locator(f"{PR} .operating-point").first).to_be_attached()
    rings = page.locator(f"{PR} .threshold-handle").evaluate_all(
        "handles => handles.filter(each => each.style.display !== 'none').length"
    )
    svg = _saved(page, PR, "Save as SVG").decode()
    drawn = page.locator(f"{PR} .js-plotly-plot").evaluate("div => div.data.length")
    assert svg.count('<g class="trace scatter') == drawn + rings


def test_no_button_sends_the_data_anywhere(open_page):
    page = open_page("/")
    expect(page.locator(f"{METRIC} .threshold-line")).to_be_attached()
    titles = page.locator(f"{METRIC} .modebar-btn").evaluate_all("all => all.map(each => each.dataset.title)")
    assert "Save as SVG" in titles and not any("hare" in title or "loud" in title for title in titles)
