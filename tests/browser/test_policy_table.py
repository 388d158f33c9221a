"""Rows ticked in the table of policies are chosen, held side by side and put in force."""

from playwright.sync_api import expect

ROW = 35  # pixels


def test_a_ticked_row_is_chosen_and_stands_beside_the_one_before(open_page):
    page = open_page("/thresholds?policy_columns=tuned+here")  # the figures of new samples take seconds
    chosen = page.get_by_role("combobox", name="Policy", exact=True)
    expect(page.get_by_text("Best micro-F1 on these 1,500 samples").first).to_be_visible()
    first = chosen.input_value()
    box = page.locator(".st-key-policy_table [data-testid=stDataFrame]").bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + ROW * 9 + 17)
    expect(chosen).not_to_have_value(first)
    expect(page.get_by_role("combobox", name="Side by side with")).to_have_value(first)
    expect(page.locator(".st-key-policy_compare")).to_be_visible()
    title = chosen.input_value()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.locator(".st-key-header_thresholds")).to_contain_text(title)
