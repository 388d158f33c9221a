"""The Compare page in the browser: the answer on top, both charts, a swap that the address keeps, a narrow window."""

from playwright.sync_api import expect

from tests.browser.conftest import settled


def test_swapped_sides_change_the_sentence_and_the_address(open_page):
    page = open_page("/compare")
    sentence = page.locator(".st-key-sentence")
    expect(sentence).to_contain_text("BCE, pos_weight against BCE: macro-F1 at 0.5")
    for chart in ("compare_parts_chart", "compare_slope_chart"):
        expect(page.locator(f".st-key-{chart} .js-plotly-plot").first).to_be_visible()
    page.get_by_role("button", name="Swap").click()
    expect(sentence).to_contain_text("BCE against BCE, pos_weight: macro-F1 at 0.5")
    settled(page)
    assert "compare_a=BCE%2C+pos_weight" in page.url


def test_a_narrow_window_does_not_scroll_sideways(open_page):
    page = open_page("/compare", width=400)
    expect(page.locator(".st-key-compare_slope_chart .js-plotly-plot").first).to_be_visible()
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
