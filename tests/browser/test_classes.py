"""What only a browser shows of Classes: drawn curves, rings that move over them, ticked rows, copied addresses."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled

PR, ROC, HISTOGRAM = (f".st-key-{key} .threshold-chart" for key in ("pr_chart", "roc_chart", "score_histogram"))
PLOT = ".js-plotly-plot"
ROW, HEADER = 35, 35  # pixels of a row of the table, which is a canvas


def _open_classes(page: Page) -> Page:
    page.get_by_role("link", name="Classes").click()
    expect(page.locator(f"{PR} .operating-point, {ROC} .operating-point").first).to_be_attached()
    return settled(page)


@pytest.fixture
def classes(open_page) -> Page:
    return _open_classes(open_page())


def _slide(page: Page, times: int) -> None:
    slider = page.locator("input[type=range]").first
    slider.focus()
    line = page.locator(f"{HISTOGRAM} .threshold-line")
    for _ in range(times):
        before = line.get_attribute("data-x")
        page.keyboard.press("PageDown")
        expect(line).not_to_have_attribute("data-x", before)
    settled(page)


def _tick(page: Page, row: int) -> None:
    table = page.locator(".st-key-class_table").get_by_test_id("stDataFrame")
    table.scroll_into_view_if_needed()
    table.click(position={"x": 16, "y": HEADER + ROW * row + ROW // 2})


def _curves(page: Page, chart=PR) -> list[str]:
    names = page.locator(f"{chart} {PLOT}").evaluate("chart => chart._fullData.map(trace => trace.name)")
    return [name.split(" · ")[0] for name in names if " · A" in name]


def _distances_of_rings_from_curves(page: Page) -> list[float]:
    """In pixels, from the middle of each ring to the nearest drawn curve, its steps included."""
    return page.locator(PR).evaluate("""chart => [...chart.querySelectorAll('.operating-point')].map(ring => {
        const middle = ring.getBoundingClientRect()
        const [x, y] = [middle.x + middle.width / 2, middle.y + middle.height / 2]
        return Math.min(...[...chart.querySelectorAll('path.js-line')].flatMap(path => {
            const onScreen = path.getScreenCTM()
            return Array.from({ length: 2000 }, (_, i) => {
                const point = path.getPointAtLength(path.getTotalLength() * i / 1999).matrixTransform(onScreen)
                return Math.hypot(point.x - x, point.y - y)
            })
        }))
    })""")


def test_curves_are_drawn_with_a_ring_each(classes):
    expect(classes.locator(f"{PR} .scatterlayer .trace path.js-line").first).to_be_visible()
    expect(classes.locator(f"{PR} .operating-point")).to_have_count(6)
    expect(classes.locator(f"{HISTOGRAM} .threshold-line")).to_have_attribute("data-x", "0.5")
    assert len(_curves(classes)) == 6
    distances = _distances_of_rings_from_curves(classes)
    assert len(distances) == 6 and max(distances) < 2


def test_slider_moves_one_ring_and_keeps_the_charts(classes):
    rings = classes.locator(f"{PR} .operating-point")
    before = rings.evaluate_all("rings => rings.map(ring => ring.dataset.x)")
    for chart in (PR, HISTOGRAM):
        classes.locator(f"{chart} {PLOT}").evaluate("chart => { chart.kept = true }")
    _slide(classes, 1)
    expect(classes.locator(f"{HISTOGRAM} .threshold-line")).to_have_attribute("data-x", "0.4")
    expect(rings.first).to_have_attribute("data-label", "0.4")
    after = rings.evaluate_all("rings => rings.map(ring => ring.dataset.x)")
    assert [old != new for old, new in zip(before, after, strict=True)] == [True] + [False] * 5
    for chart in (PR, HISTOGRAM):
        assert classes.locator(f"{chart} {PLOT}").evaluate("chart => chart.kept"), "the chart was rebuilt"
    expect(classes).to_have_url(re.compile("own=1%3A0.4"))


def test_ticked_rows_change_the_curves(classes):
    drawn = _curves(classes)
    _tick(classes, 6)
    expect(classes.locator(f"{PR} .operating-point")).to_have_count(7)
    assert _curves(classes)[:6] == drawn and len(_curves(classes)) == 7
    _tick(classes, 0)
    expect(classes.locator(f"{PR} .operating-point")).to_have_count(6)
    assert _curves(classes)[:5] == drawn[1:]


def test_a_copied_address_reopens_curves_focus_and_thresholds(classes, open_page, server):
    _tick(classes, 0)
    expect(classes.locator(f"{PR} .operating-point")).to_have_count(5)
    classes.get_by_text("ROC", exact=True).click()
    expect(classes.locator(f"{ROC} .operating-point")).to_have_count(5)
    _slide(classes, 1)
    expect(classes).to_have_url(re.compile("own="))
    other = open_page(classes.url.removeprefix(server))
    expect(other.locator(f"{ROC} .operating-point")).to_have_count(5)
    rings = "rings => rings.map(ring => [ring.dataset.x, ring.dataset.y, ring.dataset.label])"
    theirs, ours = (page.locator(f"{ROC} .operating-point").evaluate_all(rings) for page in (other, classes))
    assert theirs == ours
    assert _curves(other, ROC) == _curves(classes, ROC)
    expect(other.locator(f"{HISTOGRAM} .threshold-line")).to_have_attribute("data-x", "0.4")


def test_apply_moves_the_ring_onto_the_best_mark(classes):
    classes.get_by_role("button", name="Apply its best F1").click()
    ring = classes.locator(f"{PR} .operating-point").first
    expect(ring).not_to_have_attribute("data-label", "0.5")
    best = classes.locator(f"{PR} {PLOT}").evaluate("""chart => {
        const trace = chart._fullData.find(trace => trace.name === 'best F1')
        return [trace.x[0], trace.y[0]]
    }""")
    ring_at = [float(ring.get_attribute(name)) for name in ("data-x", "data-y")]
    assert ring_at == pytest.approx(best, abs=1e-12)


def test_a_narrow_dark_window_cuts_nothing_off(open_page):
    page = open_page(width=400, height=850, color_scheme="dark")
    page.goto(page.url.replace("/?", "/classes?"))
    expect(page.locator(f"{PR} .operating-point")).to_have_count(6)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 400
    for part in (PR, HISTOGRAM, ".st-key-class_table"):
        box = page.locator(part).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 400
    for label in ("Classes drawn", "Class in focus", "Exact value", "Search classes"):
        expect(page.get_by_label(label).first).to_be_attached()
