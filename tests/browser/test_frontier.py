"""A click on a point of the frontier puts it in force, and the chart stays as it is."""

from playwright.sync_api import expect

from tests.browser.conftest import settled


def test_a_click_on_a_point_applies_it(open_page):
    page = open_page("/thresholds?thresholds_tab=Frontier")
    ring = page.locator('.st-key-frontier_chart [data-id="frontier"] .operating-point')
    expect(ring).to_be_visible()
    before = ring.get_attribute("data-x")
    points = page.locator(".st-key-frontier_chart .scatterlayer .trace").first.locator("path.point")
    page.evaluate("document.querySelector('.st-key-frontier_chart .js-plotly-plot').dataset.same = 'yes'")
    box = points.nth(3).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    header = page.locator(".st-key-header_thresholds")
    expect(header).to_contain_text("frontier point 4 of")
    settled(page)
    expect(ring).not_to_have_attribute("data-x", before)
    expect(page.locator(".st-key-frontier_chart .js-plotly-plot[data-same=yes]")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(header).to_contain_text("the default")
    expect(ring).to_have_attribute("data-x", before)


def test_the_ring_moves_with_the_arrow_keys(open_page):
    page = open_page("/thresholds?thresholds_tab=Frontier", width=400)
    handle = page.locator('.st-key-frontier_chart [data-id="frontier"]')
    expect(handle.locator(".operating-point")).to_be_visible()
    handle.focus()
    page.keyboard.press("Home")
    expect(page.locator(".st-key-header_thresholds")).to_contain_text("frontier point 1 of")
