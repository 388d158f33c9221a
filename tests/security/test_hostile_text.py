"""Names, ids, values and addresses full of markup show as text on every page, and nothing leaves the server."""

import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT
from tests.security.hostile import EVIL, TEXTS
from tests.security.hostile_review import save_hostile

PAGES = sorted(path.stem for path in (ROOT / "dashboard/ui/app_pages").glob("*.py"))
PARAMETERS = ("unit", "samples", "losses", "trained_with", "review", "t", "own", "classes", "focus", "applied", "tab")
WITHOUT_TEXT = {"Numerics", "Same loss"}  # tabs that compute for seconds and show no text of the data
# What the texts become where something acts on them; formulas of our own are on the page Losses.
ACTED_ON = f"""() => {{
  const found = []
  const all = (selector, test = () => true) =>
    [...document.querySelectorAll(selector)].filter(test).forEach((e) => found.push(e.outerHTML.slice(0, 200)))
  const says = (text) => (element) => element.textContent.trim() === text
  all('a[href*="{EVIL}"], img[src*="{EVIL}"], iframe[src*="{EVIL}"], .evil')
  all('a[*|href*="{EVIL}"], image[*|href*="{EVIL}"]')
  all('b, strong', says('bold')); all('em, i', says('italic')); all('del, s', says('gone')); all('code', says('code'))
  all('h1, h2, h3', says('heading')); all('[data-testid="stIconMaterial"]', says('bolt'))
  all('span', (e) => says('red')(e) && e.getAttribute('style'))
  all('.katex', (e) => e.textContent.includes('ba') || e.textContent.includes('x2x'))
  if (window.evil) found.push('a script of the data ran')
  if (getComputedStyle(document.body).display === 'none') found.push('a style of the data acted')
  return found
}}"""


@pytest.fixture
def look(new_visitor):
    """look(server, path) -> a page that is at rest; `foreign` and `problems` gather what must not happen."""

    def open_at(server, path) -> Page:
        page = new_visitor()
        page.foreign, page.problems = [], []

        def note(message):
            own_search = re.search(r"_stcore/(health|host-config)$", message.location.get("url", ""))
            if message.type == "error" and not own_search:
                page.problems.append(message.text)

        page.on("request", lambda sent: _is_foreign(sent.url, server) and page.foreign.append(sent.url))
        page.on("console", note)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.goto(server.url + path)
        return at_rest(page)

    return open_at


def at_rest(page: Page) -> Page:
    """Longer than `settled` waits: every tab of every page is opened, and some compute."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_attached(timeout=90_000)
    return page


def _is_foreign(url: str, server) -> bool:
    return urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != server.host


def _open(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab, exact=True).click()
    expect(page.get_by_role("tabpanel", name=tab, exact=True)).not_to_be_empty()  # its run has begun
    at_rest(page)


@pytest.mark.parametrize("name", PAGES)
def test_hostile_text_is_text_on_every_page(look, server, name):
    page = look(server, f"/{'' if name == 'overview' else name}")
    found = page.evaluate(ACTED_ON)
    for tab in page.get_by_role("tab").all_inner_texts():
        if tab.strip() not in WITHOUT_TEXT:
            _open(page, tab.strip())
            found += page.evaluate(ACTED_ON)
    assert found == []
    assert page.foreign == []
    assert page.problems == []  # violations of the content security policy among them
    assert page.get_by_test_id("stException").count() == 0


def test_without_escaping_the_test_above_would_fail(look, undefended):
    found = "".join(look(undefended, "/classes").evaluate(ACTED_ON))
    assert f'href="http://{EVIL}/' in found


def test_hostile_parameters_of_an_address_are_text(look, server):
    text = " ".join(TEXTS[:2])  # markup, then Markdown
    known = "&".join(f"{name}={quote(text)}" for name in PARAMETERS)
    for query in (f"data={quote(text)}", f"run={quote(text)}", f"group={quote(text + '=' + text)}", known):
        page = look(server, f"/?{query}")
        assert page.evaluate(ACTED_ON) == []
        assert (page.foreign, page.problems) == ([], [])


def test_what_is_dragged_over_and_the_legend_is_text(look, server):
    page = look(server, "/classes?classes=1,2,3,4,5,6,7,8,9,10,11,12")
    expect(page.locator(".js-plotly-plot .legendtext").first).to_be_attached()
    page.locator(".js-plotly-plot .nsewdrag").first.hover()
    assert page.evaluate(ACTED_ON) == []
    drawn = " ".join(page.locator(".js-plotly-plot .legendtext").all_text_contents())
    assert "[click](http://evil.example/link)"[:12] in drawn


def test_no_address_of_a_page_goes_out_with_a_click(look, server):
    page = look(server, "/?review=secrettoken")
    sent = []
    page.context.route(f"**://{EVIL}/**", lambda route: (sent.append(route.request.headers), route.fulfill(body="")))
    page.evaluate(f"""() => {{
      const link = document.createElement("a")
      link.href = "http://{EVIL}/out"
      link.id = "out"
      document.body.prepend(link)
    }}""")
    with page.expect_navigation(url=f"**://{EVIL}/out"):
        page.evaluate("document.getElementById('out').click()")
    assert sent
    assert "secrettoken" not in str(sent)
    assert "referer" not in sent[0]


@pytest.fixture(scope="session")
def hostile_links(hostile_environment):
    return save_hostile(Path(hostile_environment["DASHBOARD_REVIEW_FOLDER"]))


REVIEW_TABS = ("Proposals", "Since the decision", "Notes", "Report", "History")
TURNS = """() => /[\u202a-\u202e\u2066-\u2069\x1b\x07]/.test(document.body.innerText)"""


def test_hostile_words_of_a_review_are_text(look, server, hostile_links):
    page = look(server, f"/reviews?review={hostile_links.edit}")
    expect(page.get_by_text("Accepted on").first).to_be_visible()
    found, turned = page.evaluate(ACTED_ON), page.evaluate(TURNS)
    for tab in REVIEW_TABS:
        _open(page, tab)
        found += page.evaluate(ACTED_ON)
        turned |= page.evaluate(TURNS)
    assert (found, turned) == ([], False)
    for name in ("", "thresholds"):
        page.goto(f"{server.url}/{name}?review={hostile_links.view}")
        expect(at_rest(page).locator(".st-key-header")).to_contain_text("accepted on")
        assert page.evaluate(ACTED_ON) == []
    assert (page.foreign, page.problems) == ([], [])
    assert page.get_by_test_id("stException").count() == 0


def test_hostile_words_of_a_review_would_act_without_escaping(look, undefended, hostile_links):
    page = look(undefended, f"/reviews?review={hostile_links.edit}&review_tab=Notes")
    expect(page.get_by_text("Accepted on").first).to_be_visible()
    found = "".join(page.evaluate(ACTED_ON))
    assert f'href="http://{EVIL}/' in found and "<strong>bold</strong>" in found
