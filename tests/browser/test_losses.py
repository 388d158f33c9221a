"""The Losses page in the browser: every tab after a click, a parameter moved, thresholds moved, a narrow window."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import settled

TABS = {
    "Meaning of 0.5": ".st-key-meaning_table",
    "Values": ".st-key-loss_table",
    "Shape": ".st-key-loss_shape_chart .js-plotly-plot",
    "Numerics": ".st-key-numerics_chart .js-plotly-plot",
    "Same loss": ".st-key-same_loss",
    "Check tensors": ".st-key-check_x_shape",
}


@pytest.mark.parametrize("width", [1440, 400])
def test_every_tab_opens_by_a_click_and_fits(open_page, width):
    page = open_page("/losses", width=width)
    for tab, shown in reversed(TABS.items()):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(shown).first).to_be_visible()
        settled(page)
        expect(page.get_by_role("tab", name=tab)).to_have_attribute("aria-selected", "true")
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_moved_parameter_is_in_the_sentence_and_the_address(open_page):
    page = open_page("/losses?losses=focal&losses_tab=Values")
    sentence = page.get_by_text(re.compile("^Against the best constant predictor"))
    before = sentence.inner_text()
    page.get_by_role("button", name="Focal").click()
    slider = page.get_by_role("slider", name="gamma")
    slider.focus()
    slider.press("Home")
    expect(page).to_have_url(re.compile("focal(:|%3A)gamma(=|%3D)0"))
    page.keyboard.press("Escape")
    expect(sentence).not_to_have_text(before)
    expect(sentence).to_contain_text("Focal (gamma 0)")


def test_thresholds_moved_for_the_recorded_loss_are_in_force_and_undone(open_page):
    page = open_page("/losses?run=BCE%2C+pos_weight")
    page.get_by_role("button", name="Move all classes to a true probability of 0.5").click()
    header = page.locator(".st-key-header_thresholds")
    expect(header).to_contain_text("if fully trained with BCE, pos_weight")
    page.get_by_role("button", name="Undo").click()
    expect(header).not_to_contain_text("if fully trained")
