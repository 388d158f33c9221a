"""Thresholds through a real browser: downloaded, handed in elsewhere, put in force; a faulty file does nothing."""

import csv
import json

import numpy as np
from playwright.sync_api import Page, expect

from dashboard.core import RankedScores, ThresholdSet, policies
from dashboard.inputs.sample import read_sample
from tests.browser.conftest import settled


def _download(page: Page, button: str, path):
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    download.value.save_as(path)
    return path


def _header(page: Page):
    return page.locator(".st-key-header_thresholds")


def _hand_in(page: Page, path) -> None:
    page.locator(".st-key-threshold_file input[type=file]").set_input_files(path)
    settled(page)


def test_downloaded_thresholds_are_handed_in_and_put_in_force(open_page, tmp_path):
    page = open_page("/thresholds?thresholds_tab=Files&policy=best_per_class")
    path = _download(page, "thresholds.json", tmp_path / "thresholds.json")
    best = policies.best_per_class(RankedScores.from_predictions(read_sample().first_run))
    downloaded = ThresholdSet.from_json(path.read_text(encoding="utf-8"))
    assert np.array_equal(downloaded.score_thresholds, best.score_thresholds)
    assert set(downloaded.details["figures"]) == {"tuned here", "cross-fitted"}
    table = list(csv.DictReader(_download(page, "CSV", tmp_path / "t.csv").read_text().splitlines()))
    assert [float(row["score_threshold"]) for row in table] == best.score_thresholds.tolist()

    other = open_page("/thresholds?thresholds_tab=Files", width=400)
    expect(_header(other)).to_contain_text("0.5 for all classes")
    (tmp_path / "faulty.json").write_text(json.dumps({"zero": 0.5}))
    _hand_in(other, tmp_path / "faulty.json")
    expect(other.get_by_text("lacks 9 classes")).to_be_visible()
    expect(_header(other)).to_contain_text("0.5 for all classes")
    other.locator(".st-key-threshold_file").get_by_role("button", name="Remove").first.click()
    settled(other)
    _hand_in(other, path)
    expect(other.get_by_text("10 of 10 classes")).to_be_visible()
    other.get_by_role("button", name="Use these thresholds").click()
    expect(_header(other)).to_contain_text("read from thresholds.json")
    other.get_by_role("button", name="Undo").click()
    expect(_header(other)).to_contain_text("0.5 for all classes")
