"""The editable table of classes in a browser: typing, locking, optimising, undoing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled
from tests.browser.test_data import open_data, upload

THRESHOLD, LOCK = 3, 4  # columns of the table, from 1


def _open(open_page) -> Page:
    page = open_page("/thresholds?thresholds_tab=Classes&t=0.4")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    return page


def _header(page: Page):
    return page.locator(".st-key-header_thresholds")


def _select(page: Page, column: int) -> None:
    """Put the cursor on a cell of the first row. The table is a canvas; where the cursor is, is told for readers."""
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 120, box["y"] + 55)
    selected = page.locator('[role="gridcell"][aria-selected="true"]')
    expect(selected).to_have_count(1)
    at = int(selected.get_attribute("aria-colindex"))
    for step in range(at, column):
        page.keyboard.press("ArrowRight")
        expect(selected).to_have_attribute("aria-colindex", str(step + 1))


def test_a_typed_threshold_is_in_force_and_undone(open_page):
    page = _open(open_page)
    _select(page, THRESHOLD)
    page.keyboard.press("Enter")
    field = page.locator("#portal input")
    field.fill("0.7")
    field.press("Enter")
    expect(_header(page)).to_contain_text("1 class has its own: zero")
    expect(page).to_have_url(re.compile("own=0%3A0.7|own=0:0.7"))
    page.get_by_role("button", name="Undo").click()
    expect(_header(page)).not_to_contain_text("own")


def test_a_locked_class_stays_when_the_rest_is_optimised(open_page):
    page = _open(open_page)
    _select(page, LOCK)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Unlock all")).to_be_enabled()
    page.get_by_role("button", name="Optimise").click()
    expect(_header(page)).to_contain_text("each class at its best F1, tuned on these samples, 1 locked")


def test_a_verdict_is_counted_and_downloaded_at_once(open_page):
    page = open_page("/thresholds?thresholds_tab=Worklist&samples=fn&t=0.41")
    search = page.locator(".st-key-sample_search input")
    search.fill("1")
    search.press("Enter")
    page.get_by_role("button", name="Unsure").click()
    expect(page.get_by_text(re.compile("^1 so far, of all runs and classes"))).to_be_visible()
    with page.expect_download() as download:
        page.locator(".st-key-verdicts_csv").get_by_role("button", name="CSV").click()
    assert download.value.path().read_text(encoding="utf-8").count("unsure") == 1


def test_a_floor_out_of_reach_says_what_is_in_reach(open_page):
    page = open_page("/thresholds?thresholds_tab=Classes&policy=precision_floor:floor%3D1.0")
    answers = page.locator('[role="gridcell"]').filter(has_text="unreachable")
    expect(answers.first).to_be_attached()


@pytest.mark.parametrize("labels", ["1\n0\n1\n", "0\n0\n0\n"], ids=["one class", "without positives"])
def test_one_class_with_or_without_positives_opens_every_tab(open_page, tmp_path, labels):
    scores, truth = tmp_path / "scores.csv", tmp_path / "labels.csv"
    scores.write_text("alone\n2.0\n-1.0\n0.5\n")
    truth.write_text("alone\n" + labels)
    page = open_data(open_page())
    upload(page, 0, scores)
    upload(page, 1, truth)
    page.get_by_text("logits", exact=True).first.click()
    page.get_by_role("button", name="Use this data").click()
    expect(page.locator(".st-key-header")).to_contain_text("3 samples")
    page.get_by_role("link", name="Thresholds").click()
    for tab in ("Frontier", "Classes", "What changes", "Worklist", "Confusion", "Calibration", "Files", "Policies"):
        page.get_by_role("tab", name=tab).click()
        expect(page.get_by_role("tabpanel", name=tab)).not_to_be_empty()  # its run has begun
        settled(page)
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(page.locator(".st-key-header")).to_contain_text("3 samples")
