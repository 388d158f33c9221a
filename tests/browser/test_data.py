"""Files through a real browser: a good one changes the numbers, a bad one says why and changes nothing."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboard.inputs.sample import SAMPLE_FOLDER
from tests.browser.conftest import settled


def open_data(page: Page) -> Page:
    page.get_by_role("button", name="Use your own data").click()
    expect(page.get_by_text("Load your own")).to_be_visible()
    return settled(page)


def upload(page: Page, number: int, path) -> None:
    """Send a file and wait until it is understood or refused: until then its coming makes the fields anew."""
    page.locator("input[type=file]").nth(number).set_input_files(path)
    understood = page.get_by_text(f"What {path.name} holds")
    refused = page.get_by_test_id("stAlert").filter(has_text=path.name)
    expect(understood.or_(refused).first).to_be_visible()
    settled(page)


@pytest.fixture
def half(tmp_path):
    """The first 700 samples of the sample's CSV files: as scores and labels of somebody's own."""
    paths = []
    for name in ("validation_scores_bce.csv", "validation_labels.csv"):
        lines = (SAMPLE_FOLDER / name).read_text().splitlines(keepends=True)[:701]
        paths.append(tmp_path / name)
        paths[-1].write_text("".join(lines))
    return paths


def test_a_csv_upload_changes_the_numbers(open_page, half):
    page = open_page()
    sentence = page.locator(".st-key-sentence")
    before = sentence.inner_text()
    open_data(page)
    upload(page, 0, half[0])
    upload(page, 1, half[1])
    page.get_by_text("logits", exact=True).first.click()
    expect(page.get_by_text("700 samples x 10 classes")).to_be_visible()
    page.get_by_role("button", name="Use this data").click()
    expect(page.locator(".st-key-header")).to_contain_text("700 samples")
    expect(page.locator(".st-key-metric_chart .js-plotly-plot path.js-line").first).to_be_visible()
    expect(sentence).to_contain_text(re.compile(r"At 0\.5: micro-F1"))
    assert sentence.inner_text() != before


def test_a_bad_upload_shows_its_sentence_and_keeps_the_data(open_page, tmp_path, half):
    wrong = tmp_path / "wrong.npy"
    np.save(wrong, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    page = open_page()
    open_data(page)
    upload(page, 0, wrong)
    alert = page.get_by_test_id("stAlert").filter(has_text="wrong.npy")
    expect(alert).to_have_count(1)
    expect(alert).to_contain_text(re.compile("object|pickle"))
    expect(page.locator(".st-key-header")).to_contain_text("handwritten digits")
    page.get_by_role("link", name="Overview").click()
    expect(page.locator(".st-key-sentence")).to_contain_text("micro-F1")


def test_data_page_fits_a_narrow_window(open_page):
    page = open_page("/data", width=400, height=850)
    expect(page.get_by_text("Load your own")).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 400
