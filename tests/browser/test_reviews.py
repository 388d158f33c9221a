"""A review between two browsers: A uploads and shares, B sees the same figures and can change nothing, A decides."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled
from tests.browser.test_data import half, open_data, upload  # noqa: F401  (half is a fixture)

LINK = re.compile(r"https?://\S+\?review=[0-9a-f]{32}")
FIGURE = re.compile(r"\.\d{3}")


def _to_reviews(page: Page) -> Page:
    page.get_by_role("button", name="Save and share").click()
    expect(page.get_by_role("heading", name="Your reviews")).to_be_visible()
    return settled(page)


def _save(page: Page, title: str) -> list[str]:
    """The view link and the edit link."""
    page.get_by_label("Title").fill(title)
    page.get_by_label("First note (Markdown)").fill("Nines are **rare**.")
    page.get_by_label("Your name, as others see it").fill("Ann")
    page.get_by_role("button", name="Save and make links").click()
    expect(page.get_by_test_id("stCode")).to_have_count(2)
    settled(page)
    return [LINK.search(each)[0] for each in page.get_by_test_id("stCode").all_inner_texts()]


def _path(link: str) -> str:
    return link[link.index("/?review=") :]


@pytest.fixture
def uploaded(open_page, half):  # noqa: F811
    """A's page with data of their own on it."""
    page = open_page()
    open_data(page)
    upload(page, 0, half[0])
    upload(page, 1, half[1])
    page.get_by_text("logits", exact=True).first.click()
    page.get_by_role("button", name="Use this data").click()
    expect(page.locator(".st-key-header")).to_contain_text("700 samples")
    expect(page.locator(".st-key-sentence")).to_contain_text(re.compile(r"At 0\.5: micro-F1"))
    return settled(page)


def test_a_uploads_and_shares_b_sees_the_same_and_a_decides(uploaded, open_page, chromium, tmp_path):
    a, sentence = uploaded, uploaded.locator(".st-key-sentence").inner_text()
    _to_reviews(a)
    view_link, edit_link = _save(a, "Launch <b>one</b>")
    b = open_page(_path(view_link))
    expect(b.locator(".st-key-sentence")).to_have_text(sentence)
    expect(b.locator(".st-key-header")).to_contain_text("Launch <b>one</b>")
    b.get_by_role("link", name="Reviews").click()
    expect(b.get_by_text("you can look, and change nothing in it")).to_be_visible()
    settled(b)
    assert edit_link[-32:] not in b.content()
    expect(b.get_by_role("button", name="Delete")).to_have_count(0)
    _propose_and_accept(a)
    expect(b.locator(".st-key-news")).to_contain_text("Ann · accepted")
    b.get_by_role("button", name="Show it").press("Enter")
    expect(b.get_by_text("Accepted on")).to_be_visible()
    expect(b.locator(".st-key-news")).to_have_count(0)
    b.goto(view_link)
    expect(b.locator(".st-key-header")).to_contain_text("accepted on")
    settled(b)
    shown = b.locator(".st-key-sentence").inner_text()
    assert shown != sentence
    _the_report_says_the_same(a, shown, chromium, tmp_path)


def _move_threshold(page: Page) -> None:
    page.get_by_role("link", name="Overview").click()
    field = page.get_by_role("spinbutton", name="Exact value").first
    field.fill("0.25")
    field.press("Enter")
    expect(page.locator(".st-key-sentence")).to_contain_text("At 0.25")
    settled(page)


def _propose_and_accept(page: Page) -> None:
    """The threshold moved on Overview, proposed, accepted."""
    _move_threshold(page)
    page.get_by_role("link", name="Reviews").click()
    page.get_by_role("button", name="Propose them").click()
    accept = page.get_by_role("button", name="Accept")
    expect(accept).to_be_visible()
    settled(page)
    accept.click()
    expect(page.get_by_text("Accepted on")).to_be_visible()
    settled(page)


def _the_report_says_the_same(page: Page, sentence: str, chromium, folder: Path) -> None:
    """Opened from the disk with every request refused."""
    page.get_by_role("tab", name="Report").click()
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Report (HTML)").click()
    path = folder / "report.html"
    download.value.save_as(path)
    assert path.stat().st_size < 5_000_000
    context = chromium.new_context(offline=True)
    asked = []
    try:
        report = context.new_page()
        report.on("request", lambda request: asked.append(request.url))
        report.goto(path.as_uri())
        expect(report.locator(".js-plotly-plot").first).to_be_visible()
        text = report.inner_text("body")
    finally:
        context.close()
    assert not [url for url in asked if not url.startswith(("file:", "data:", "blob:"))]
    micro, macro = (f"0{figure}" for figure in FIGURE.findall(sentence)[:2])
    assert f"Micro-F1 {micro}, macro-F1 {macro}" in text
    assert "Nines are rare." in text and "Launch <b>one</b>" in text


def test_an_unknown_link_shows_a_sentence_and_nothing_else(open_page):
    page = open_page("/?review=" + "0" * 32)
    expect(page.get_by_test_id("stAlert")).to_be_visible()
    expect(page.locator(".st-key-header")).to_have_count(0)
    page.get_by_role("button", name="Open the sample instead").click()
    expect(page.locator(".st-key-header")).to_contain_text("Sample")


def test_unsaved_thresholds_are_offered_to_the_browser_that_comes_back(open_page):
    page = open_page()
    field = page.get_by_role("spinbutton", name="Exact value").first
    field.fill("0.37")
    field.press("Enter")
    expect(page.locator(".st-key-sentence")).to_contain_text("At 0.37")
    page.get_by_role("link", name="Classes").click()  # work is kept when a page has run
    settled(page)
    again = page.context.new_page()
    offer = again.get_by_role("button", name="Go on with it")
    for _ in range(20):  # it is kept a moment after it stopped changing
        again.goto(page.url.split("/classes")[0])
        settled(again)
        if offer.count():
            break
    offer.click()
    expect(again.locator(".st-key-header")).to_contain_text("as they were, not saved")
    expect(again.locator(".st-key-header")).to_contain_text("0.37")


def test_a_presentation_has_larger_type_and_shows_no_link(open_page):
    page = _to_reviews(open_page())
    links = _save(page, "For the room")
    expect(page).to_have_url(re.compile(f"review={links[0][-32:]}"))  # not the one to edit
    page.reload()
    expect(page.get_by_text("you may change it")).to_be_visible()  # this browser remembers it
    settled(page)
    _move_threshold(page)
    page.get_by_role("link", name="Reviews").click()
    table = page.get_by_test_id("stDataFrame").first
    expect(table.locator("canvas").first).to_be_visible()  # with a type of its own, and only then with its height
    settled(page)
    height = table.bounding_box()["height"]
    before = page.evaluate("parseFloat(getComputedStyle(document.querySelector('p')).fontSize)")
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("button", name="Leave the presentation")).to_be_visible()
    settled(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('p')).fontSize)") > before
    taller = "(before) => document.querySelector('[data-testid=stDataFrame]')?.getBoundingClientRect().height > before"
    page.wait_for_function(taller, arg=height, timeout=10_000)
    page.get_by_role("button", name="Leave the presentation").click()
    page.wait_for_function(taller.replace(" > ", " == "), arg=height, timeout=10_000)
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_role("button", name="Leave the presentation")).to_be_visible()
    expect(page.get_by_test_id("stCode")).to_have_count(0)
    settled(page)
    assert not [link for link in links if link in page.inner_text("body")]


def test_who_only_looks_keeps_a_copy_that_they_may_change(open_page):
    a = _to_reviews(open_page())
    view_link, edit_link = _save(a, "For all")
    b = open_page(_path(view_link))
    b.get_by_role("link", name="Reviews").click()
    settled(b)
    b.get_by_role("button", name="Save a copy").click()
    b.get_by_label("Your name, as others see it").fill("Ben")
    b.get_by_role("button", name="Save and make links").click()
    expect(b.get_by_role("heading", name="Copy of For all")).to_be_visible()
    expect(b.get_by_test_id("stToast")).to_contain_text("your copy of “For all”")
    expect(b.get_by_test_id("stCode")).to_have_count(2)
    settled(b)
    mine = {LINK.search(each)[0] for each in b.get_by_test_id("stCode").all_inner_texts()}
    assert len(mine) == 2 and not mine & {view_link, edit_link}
    assert edit_link[-32:] not in b.content()
    a.goto(view_link)
    expect(a.locator(".st-key-header")).to_contain_text("In the review For all")
