"""Notes: Markdown that cannot act."""

import pytest

from dashboard.reviews.report.markdown import markdown_html


def test_what_notes_are_made_of():
    html = markdown_html("# Head\n\n- **a**\n- `b`\n\n| x | y |\n|---|---|\n| 1 | 2 |")
    assert all(part in html for part in ("<h4>Head</h4>", "<strong>a</strong>", "<code>b</code>", "<td>2</td>"))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](http://evil.example/x.png)",
        "<style>*{display:none}</style>",
        "a <b onclick=alert(1)>b</b>",
    ],
)
def test_html_and_pictures_never_come_through(text):
    html = markdown_html(text)
    assert not any(tag in html for tag in ("<script", "<img", "<style", "<b "))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example", "/x", "x"],
)
def test_no_link_to_other_places(address):
    assert "href" not in markdown_html(f"[a]({address}) <{address}>\n\n[b]: {address}\n[b]")


@pytest.mark.parametrize("address", ["https://example.org/a", "http://example.org", "mailto:a@example.org"])
def test_links_to_known_schemes(address):
    assert f'href="{address}" rel="noopener noreferrer nofollow" target="_blank"' in markdown_html(f"[a]({address})")


def test_nothing_turns_the_direction_of_writing():
    assert "\u202e" not in markdown_html("a\u202eb\n\n`c\u2067d`")
