"""The charts under the hand: dragging sends nothing, letting go moves every figure, and nothing else moves."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboard.core import RankedScores, metrics
from dashboard.inputs.sample import read_sample
from tests.browser.conftest import settled

METRIC, PR, HISTOGRAM, MULTIPLES = (
    f".st-key-{key}" for key in ("metric_chart", "pr_chart", "score_histogram", "small_multiples")
)
LINE, HANDLE, BOX = ".threshold-line", ".threshold-handle", ".threshold-readouts"


@pytest.fixture(scope="module")
def ranked():
    return RankedScores.from_predictions(read_sample("validation").first_run)


def _frames(page: Page) -> list:
    """Everything the page sends over its websocket from now on."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settled(page)
    expect(page.locator(f"{METRIC} {LINE}")).to_be_attached()
    page.wait_for_timeout(300)
    sent.clear()
    return sent


def _grasp(page: Page, chart: str, nth: int = 0) -> tuple[float, float]:
    """Press the pointer on a line, or on a ring."""
    hit = page.locator(f"{chart} {HANDLE} .hit").nth(nth)
    hit.scroll_into_view_if_needed()
    box = hit.bounding_box()
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(*at)
    page.mouse.down()
    return at


def _readout(page: Page, chart: str, name: str) -> str:
    return page.locator(f"{chart} {BOX} .rows").evaluate(
        "(rows, name) => [...rows.children].find(each => each.textContent === name).nextSibling.textContent", name
    )


def _let_go(page: Page) -> None:
    page.mouse.up()
    expect(page.locator(".is-waiting")).to_have_count(0)
    settled(page)


def _place(page: Page, chart: str, nth: int = 0) -> float:
    return float(page.locator(f"{chart} {LINE}").nth(nth).get_attribute("data-x"))


def _f1(ranked, threshold, average="micro") -> str:
    return f"{metrics.f_beta(ranked.counts(threshold), average=average)[0]:.3f}"[1:]


def test_dragging_sends_nothing_and_letting_go_moves_every_figure(open_page, ranked):
    page = open_page()
    sent = _frames(page)
    sentence = page.locator(".st-key-sentence")
    before = sentence.inner_text()
    x, y = _grasp(page, METRIC)
    seen = set()
    for step in range(1, 16):
        page.mouse.move(x - 12 * step, y)
        page.wait_for_timeout(20)
        seen.add((_place(page, METRIC), _readout(page, METRIC, "micro-F1")))
    assert len(seen) > 10, "line and read-outs must follow the hand"
    at = _place(page, METRIC)
    assert at < 0.3 and not sent, "nothing is sent while the line is held"
    assert abs(float(_readout(page, METRIC, "micro-F1")) - float(_f1(ranked, at))) < 0.005
    expect(page.locator(f"{METRIC} {BOX} .title")).to_have_text(re.compile("≈.*exact on release"))
    expect(sentence).to_have_text(before)
    _let_go(page)
    assert sent
    expect(page.locator(f"{METRIC} {BOX}")).to_be_hidden()
    expect(sentence).to_contain_text(f"micro-F1 {_f1(ranked, at)}, macro-F1 {_f1(ranked, at, 'macro')}")
    expect(page.locator(".st-key-cards")).to_contain_text(_f1(ranked, at))
    expect(page.get_by_label("Exact value", exact=True)).to_have_value(f"{at:.4f}")
    assert _place(page, METRIC) == at
    page.get_by_role("link", name="Classes").click()
    expect(page.locator(f"{HISTOGRAM} {LINE}")).to_have_attribute("data-x", str(at))
    expect(page.locator(f"{PR} .operating-point").first).to_have_attribute("data-label", f"{at:.4g}")


def test_escape_brings_the_line_back_and_sends_nothing(open_page):
    page = open_page()
    sent = _frames(page)
    x, y = _grasp(page, METRIC)
    page.mouse.move(x + 80, y, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(f"{METRIC} {LINE}")).to_have_attribute("data-x", "0.5")
    assert not sent


def test_zoom_and_legend_choice_survive_letting_go_and_another_metric(open_page):
    page = open_page()
    plot = page.locator(f"{METRIC} .js-plotly-plot")
    expect(page.locator(f"{METRIC} {LINE}")).to_be_attached()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.85, box["y"] + 65, steps=5)
    page.mouse.up()
    page.locator(f"{METRIC} .legendtoggle").nth(1).click()
    hidden = "plot => plot._fullData.filter(t => t.visible === 'legendonly').map(t => t.name)"
    span = "plot => plot._fullLayout.xaxis.range.map(x => Math.round(x * 1e6))"
    page.wait_for_timeout(600)  # a legend waits for a second click before it hides a line
    zoomed = plot.evaluate(span)
    assert plot.evaluate(hidden) and zoomed[0] > 50_000
    x, y = _grasp(page, METRIC)
    page.mouse.move(x - 30, y, steps=3)
    _let_go(page)
    assert (plot.evaluate(span), "macro-F1" in plot.evaluate(hidden)) == (zoomed, True)
    page.get_by_text("Jaccard", exact=True).click()
    settled(page)
    expect(page.locator(f"{METRIC} .legendtext").first).to_have_text("micro-Jaccard")
    assert plot.evaluate(span) == zoomed


def test_keys_move_the_line_and_say_its_figures(open_page, ranked):
    page = open_page()
    handle = page.locator(f"{METRIC} {HANDLE}")
    expect(handle).to_have_attribute("aria-valuetext", re.compile(r"^Threshold 0\.5: micro-F1 \.737"))
    handle.focus()
    for key, expected in [
        ("ArrowRight", 0.501),
        ("Shift+ArrowLeft", 0.491),
        ("PageUp", 0.501),
        ("Home", 0),
        ("End", 1),
    ]:
        page.keyboard.press(key)
        assert _place(page, METRIC) == expected
        expect(handle).to_have_attribute("aria-valuetext", re.compile("approximate"))
        expect(handle).to_have_attribute("aria-valuenow", str(expected))
    for _ in range(7):
        page.keyboard.press("PageDown")
    expect(handle).to_have_attribute(
        "aria-valuetext", f"Threshold 0.93: micro-F1 {_f1(ranked, 0.93)}, macro-F1 {_f1(ranked, 0.93, 'macro')}"
    )
    expect(page.locator(".st-key-sentence")).to_contain_text(f"micro-F1 {_f1(ranked, 0.93)}")
    expect(page.locator(".threshold-hand")).to_contain_text(f"micro-F1 {_f1(ranked, 0.93)}")
    assert handle.evaluate("handle => handle === document.activeElement"), "focus stays where it was"


def _open_classes(page: Page) -> Page:
    page.get_by_role("link", name="Classes").click()
    expect(page.locator(f"{PR} .operating-point").first).to_be_attached()
    return settled(page)


def test_a_click_on_a_curve_sets_the_threshold_of_its_class(open_page, ranked):
    page = _open_classes(open_page())
    plot = page.locator(f"{PR} .js-plotly-plot")
    # A vertex of the first curve, away from others: where it lies on screen and what its class decides there.
    x, y = plot.evaluate("""plot => {
        const trace = plot._fullData.find(each => each.name.startsWith('five'))
        const index = Math.floor(trace.x.length * 0.4)
        const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect()
        return [box.x + xaxis._offset + xaxis.l2p(trace.x[index]), box.y + yaxis._offset + yaxis.l2p(trace.y[index])]
    }""")
    page.mouse.move(x, y)
    expect(plot.locator(".hoverlayer .hovertext")).to_contain_text("five")
    hovered = plot.locator(".hoverlayer .hovertext").text_content()
    tp, fp = (int(re.search(rf"{name} ([\d,]+)", hovered)[1].replace(",", "")) for name in ("tp", "fp"))
    page.mouse.click(x, y)
    expect(page).to_have_url(re.compile("own=5%3A"))
    settled(page)
    chosen = float(re.search(r"own=5%3A([\d.e-]+)", page.url)[1])
    counts = ranked.counts(np.array([[0.5] * 5 + [chosen] + [0.5] * 4]))
    assert (counts.tp[0, 5], counts.fp[0, 5]) == (tp, fp)


def test_a_ring_is_dragged_along_its_curve(open_page, ranked):
    page = _open_classes(open_page())
    ring = page.locator(f"{PR} {HANDLE}[data-id='0'] .operating-point")
    before = ring.get_attribute("data-x")
    nth = page.locator(f"{PR} {HANDLE}").evaluate_all("all => all.findIndex(each => each.dataset.id === '0')")
    x, y = _grasp(page, PR, nth)
    page.mouse.move(x - 60, y - 10, steps=6)
    page.wait_for_timeout(50)
    assert float(ring.get_attribute("data-x")) < float(before)
    recall = _readout(page, PR, "recall")
    _let_go(page)
    chosen = float(re.search(r"own=0%3A([\d.e-]+)", page.url)[1])
    exact = metrics.recall(ranked.counts(chosen))[0, 0]
    assert recall == f"{exact:.3f}"[1:]
    assert float(ring.get_attribute("data-x")) == exact


def test_small_multiples_move_one_class_each(open_page, ranked):
    page = _open_classes(open_page())
    page.get_by_text("Small multiples", exact=True).click()
    expect(page.locator(f"{MULTIPLES} {LINE}")).to_have_count(10)
    settled(page)
    x, y = _grasp(page, MULTIPLES, 3)
    page.mouse.move(x + 30, y, steps=4)
    page.wait_for_timeout(50)
    shown = _readout(page, MULTIPLES, "F1")
    _let_go(page)
    at = _place(page, MULTIPLES, 3)
    assert at > 0.55 and [_place(page, MULTIPLES, i) for i in (0, 2, 4)] == [0.5] * 3
    assert abs(float(shown) - float(f"{metrics.f_beta(ranked.counts(at))[0, 3]:.3f}")) < 0.02
    expect(page).to_have_url(re.compile(rf"own=3%3A{at}"))


def test_touch_drags_the_line_on_a_phone(open_page):
    page = open_page(width=400, height=850, has_touch=True)
    line = page.locator(f"{METRIC} {LINE}")
    expect(line).to_have_attribute("data-x", "0.5")
    grip = page.locator(f"{METRIC} {HANDLE} .grip rect")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    points = lambda dx: [{"x": x + dx, "y": y}]  # noqa: E731
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points(0)})
    for dx in (-10, -30, -60):
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points(dx)})
    page.wait_for_timeout(60)
    shown = page.locator(f"{METRIC} {BOX}").bounding_box()
    assert shown["x"] >= 0 and shown["x"] + shown["width"] <= 400
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settled(page)
    expect(line).not_to_have_attribute("data-x", "0.5")
    expect(page).to_have_url(re.compile(r"t=0\.3"))


def test_the_chart_follows_a_change_of_theme(open_page):
    page = open_page(color_scheme="light")
    title = page.locator(f"{METRIC} .xtitle")
    expect(title).to_be_visible()
    color = "title => getComputedStyle(title).fill"
    light = title.evaluate(color)
    page.emulate_media(color_scheme="dark")
    expect(page.locator(f"{METRIC} .xtitle")).not_to_have_css("fill", light)


def test_a_click_after_a_given_up_drag_moves_nothing(open_page):
    page = open_page()
    sent = _frames(page)
    x, y = _grasp(page, METRIC)
    page.mouse.move(x - 90, y, steps=4)
    page.wait_for_timeout(60)
    page.keyboard.press("Escape")
    page.mouse.up()
    _grasp(page, METRIC)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert _place(page, METRIC) == 0.5 and not sent


def test_other_keys_stay_the_browsers(open_page):
    page = open_page()
    page.locator(f"{METRIC} {HANDLE}").focus()
    page.keyboard.press("Control+ArrowLeft")
    page.wait_for_timeout(400)
    assert _place(page, METRIC) == 0.5


def test_a_ring_held_while_its_curve_gets_shorter_is_let_go(open_page):
    """The chart of another run or group comes while a ring lies at a vertex that its curve no longer has."""
    page = _open_classes(open_page())
    chart = page.locator(f"{PR} .threshold-chart")
    _grasp(page, PR, 0)
    box = chart.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] / 2, steps=5)
    page.wait_for_timeout(60)
    before = chart.locator(".js-plotly-plot").evaluate("plot => plot._fullData.find(t => t.customdata).x.length")
    page.keyboard.press("Tab")  # to another part of the page while the pointer still holds the ring
    group = page.locator(".st-key-header [data-testid=stSelectbox]").first
    group.locator("input").first.evaluate("input => input.focus()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-header")).to_contain_text(re.compile(r"of 1,500 samples"))
    settled(page)
    page.mouse.up()
    assert chart.locator(".js-plotly-plot").evaluate("plot => plot._fullData.find(t => t.customdata).x.length") < before
    expect(page.locator(f"{PR} .operating-point").first).to_be_attached()
    expect(page.locator(f"{PR} {BOX}")).to_be_hidden()
    assert chart.get_attribute("data-fault") is None


def test_two_fingers_hold_one_ring(open_page):
    page = _open_classes(open_page(has_touch=True))
    rings = page.locator(f"{PR} .operating-point")
    places = [ring.bounding_box() for ring in (rings.nth(0), rings.nth(3))]
    (x, y), (u, v) = ((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in places)
    before = rings.nth(3).get_attribute("data-x")
    touch = page.context.new_cdp_session(page)
    for kind, dx in (("touchStart", 0), ("touchMove", -20), ("touchMove", -50)):
        points = [{"x": x + dx, "y": y, "id": 0}] + ([{"x": u, "y": v, "id": 1}] if dx else [])
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page).to_have_url(re.compile("own="))
    settled(page)
    assert rings.nth(3).get_attribute("data-x") == before


def test_a_double_click_shows_the_whole_of_the_axis_in_use(open_page):
    page = open_page()
    plot = page.locator(f"{METRIC} .js-plotly-plot")
    expect(page.locator(f"{METRIC} {LINE}")).to_be_attached()
    page.get_by_text("logit", exact=True).click()
    expect(page.locator(f"{METRIC} .xtitle")).to_have_text("threshold (logit)")
    settled(page)
    span = "plot => plot._fullLayout.xaxis.range.map(x => Math.round(x * 1e6))"
    whole = plot.evaluate(span)
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + 65, steps=4)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert plot.evaluate(span) != whole
    page.mouse.dblclick(box["x"] + box["width"] * 0.3, box["y"] + 80)
    page.wait_for_timeout(700)
    assert plot.evaluate(span) == whole
