"""Signing in for real, at a provider of OpenID Connect: a review limited to a domain opens for its people alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settled
from tests.browser.test_reviews import LINK
from tests.security.conftest import served
from tests.security.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.servers import app_command, free_port, own_folders

SECRETS = """[auth]
redirect_uri = "{app}/oauth2callback"
cookie_secret = "{secret}"
client_id = "{client}"
client_secret = "{secret}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def provider():
    running = IdentityProvider(free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def app(provider, tmp_path_factory):
    """The address of an app set up as the README says."""
    port, folder = free_port(), tmp_path_factory.mktemp("signing_in")
    secrets = folder / "secrets.toml"
    names = {"app": f"http://127.0.0.1:{port}", "provider": provider.url, "client": CLIENT, "secret": SECRET}
    secrets.write_text(SECRETS.format(**names))
    own = own_folders(folder) | {"STREAMLIT_SECRETS_FILES": str(secrets)}
    with served(app_command(port), port, "", folder / "log", own) as running:
        yield running


def _signs_in(page: Page, provider, email: str, *, verified: bool = True) -> Page:
    provider.claims = {"email": email, "email_verified": verified, "name": email.split("@")[0].title()}
    with page.expect_response(re.compile("/oauth2callback")):
        page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_test_id("stApp")).to_be_visible()
    return settled(page)


def test_a_review_limited_to_a_domain_opens_for_its_people_alone(new_visitor, app, provider):
    ann = new_visitor()
    ann.goto(f"{app.url}/reviews?t=0.25")
    _signs_in(settled(ann), provider, "ann@example.org")
    expect(ann.get_by_text("Signed in as ann")).to_be_visible()  # on the page that she left
    expect(ann.locator(".st-key-header")).to_contain_text("0.25")
    ann.get_by_text("only these e-mail addresses or domains").click()
    ann.get_by_label("E-mail addresses, or domains such as @example.org").fill("@example.org")
    ann.get_by_label("Title", exact=True).fill("For our people")
    ann.get_by_role("button", name="Save and make links").click()
    expect(ann.get_by_test_id("stCode")).to_have_count(2)
    view_link, edit_link = (LINK.search(each)[0] for each in ann.get_by_test_id("stCode").all_inner_texts())
    expect(ann.get_by_text("example.org can open it with a link")).to_be_visible()
    _only_our_people(new_visitor, view_link, provider)
    with ann.expect_response(re.compile("/auth/logout")):
        ann.get_by_role("button", name="Sign out").click()
    expect(ann.get_by_test_id("stApp")).to_be_visible()
    ann.goto(edit_link)
    expect(ann.get_by_role("button", name="Sign in")).to_be_visible()
    expect(ann.locator(".st-key-header")).to_have_count(0)


def _only_our_people(new_visitor, address: str, provider) -> None:
    """Of strangers with the link, of one whose address nobody proved, and of a colleague."""
    for email, verified, opens in (
        ("eve@elsewhere.org", True, False),
        ("bob@example.org", False, False),
        ("bob@example.org", True, True),
    ):
        page = new_visitor()
        page.goto(address)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(page.locator(".st-key-header")).to_have_count(0)
        _signs_in(page, provider, email, verified=verified)
        expect(page.locator(".st-key-header")).to_have_count(int(opens))
        expect(page.get_by_text("For our people")).to_have_count(int(opens))
