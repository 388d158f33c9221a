"""What only a browser shows of groups: the filter in the header with its address, and By group adding up on screen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import settled


def _choose(page: Page, key: str, option: re.Pattern | str) -> None:
    page.locator(f".st-key-{key} [data-baseweb=select], .st-key-{key} [role=combobox]").first.click()
    page.get_by_role("option", name=option).click()
    settled(page)


def _rows(page: Page, key: str) -> dict[str, list[str]]:
    """First cell -> the other cells of each row, as people who hear the page get them."""
    table = page.locator(f".st-key-{key} canvas table[role=grid]").first
    expect(table.locator("tbody tr").first).to_be_attached()
    rows = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    return {cells[0]: cells[1:] for cells in rows}


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def test_the_group_filter_moves_all_pages_and_the_address(open_page, server):
    page = open_page()
    sentence = page.locator(".st-key-sentence")
    before = sentence.inner_text()
    _choose(page, "group_choice", re.compile("background = grainy"))
    expect(page.locator(".st-key-data_line")).to_contain_text("295 of 1,500 samples (background = grainy)")
    expect(sentence).not_to_have_text(before)
    expect(page).to_have_url(re.compile("group=background"))
    other = open_page(page.url.removeprefix(server))
    expect(other.locator(".st-key-data_line")).to_contain_text("295 of 1,500 samples (background = grainy)")
    page.get_by_role("link", name="Classes").click()
    settled(page)
    expect(page.locator(".st-key-data_line")).to_contain_text("295 of 1,500 samples (background = grainy)")


def test_by_group_adds_up_and_its_tab_is_in_the_address(open_page, server):
    page = open_page()
    page.get_by_role("tab", name="By group").click()
    settled(page)
    expect(page).to_have_url(re.compile("tab=By"))
    rows = _rows(page, "by_group")
    assert set(rows) == {"grainy", "lined", "plain", "total"}
    for column in (0, 1, 3):  # samples, support, predicted
        parts = [_number(rows[name][column]) for name in ("grainy", "lined", "plain")]
        assert sum(parts) == _number(rows["total"][column])
    assert _number(rows["total"][0]) == 1500
    other = open_page(page.url.removeprefix(server))
    assert _rows(other, "by_group") == rows
