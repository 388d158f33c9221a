"""The report's HTML: what people wrote stays text, and nothing but the two scripts it names may run."""

import base64
import hashlib
import re
import zlib

import pytest

from dashboard.escape import without_controls
from dashboard.reviews.report import Chart, report_html
from tests.unit.reviews.reports import HOSTILE, ReadReport, a_report

ALLOWED = {
    "a", "article", "body", "code", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "head",
    "header", "html", "li", "main", "meta", "ol", "p", "script", "section", "span", "strong", "style", "table", "tbody",
    "td", "th", "thead", "time", "title", "tr", "ul",
}  # fmt: skip


def chart(text: str) -> Chart:
    return Chart("metric", text, f'{{"data": [], "layout": {{"title": {{"text": "{text}"}}}}}}', text, text)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_people_makes_no_element(text):
    plain = report_html(a_report("plain", charts=(chart("plain"),)))
    read = ReadReport(report_html(a_report(text, note=text, charts=(chart("plain"),))))
    assert read.tags <= ALLOWED
    shown = without_controls(text)
    assert read.tables["classes"][1][0] == shown and read.text.count(shown) >= 15
    n_scripts = len(ReadReport(plain).scripts)
    assert len(read.scripts) == n_scripts == 3


@pytest.mark.parametrize("text", HOSTILE[:2])
def test_a_figure_cannot_end_its_script(text):
    quoted = text.replace('"', '\\"')
    read = ReadReport(report_html(a_report(charts=(chart(quoted),))))
    assert len(read.scripts) == 3 and "img" not in read.tags
    assert "</" not in read.scripts[0] and "\\u003c" in read.scripts[0]


def test_only_the_scripts_that_the_policy_names_can_run():
    read = ReadReport(report_html(a_report(charts=(chart("plain"),))))
    policy = next(each["content"] for tag, each in read.elements if tag == "meta" and "http-equiv" in each)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    hashes = set(re.findall(r"'sha256-([^']+)'", rules["script-src"]))
    assert rules["script-src"].split() == [f"'sha256-{each}'" for each in re.findall(r"'sha256-([^']+)'", policy)]
    plotly = zlib.decompress(base64.b64decode(read.scripts[1]))
    running = [plotly, read.scripts[2].encode()]
    assert hashes == {base64.b64encode(hashlib.sha256(each).digest()).decode() for each in running}


def test_nothing_is_named_that_a_browser_would_fetch():
    html = report_html(a_report(charts=(chart("plain"),)))
    read = ReadReport(html)
    for tag, attributes in read.elements:
        assert not {"src", "srcset", "action", "background"} & set(attributes), (tag, attributes)
        assert tag == "a" or "href" not in attributes
    assert "url(" not in html.split("</style>")[0] and "@import" not in html


def test_a_link_leads_only_to_known_schemes_and_tells_nobody_where_it_was_clicked():
    read = ReadReport(report_html(a_report()))
    links = [attributes for tag, attributes in read.elements if tag == "a"]
    assert {link["href"] for link in links} == {"https://example.org/a?b=c&d", "http://evil.example/x.png"}
    assert all(link["rel"] == "noopener noreferrer nofollow" for link in links)


def test_all_parts_are_there_and_absent_ones_leave_no_heading():
    html = report_html(a_report(charts=(chart("plain"),)))
    for part in ("decision", "headline", "changes", "charts", "classes", "notes", "proposals", "history", "method"):
        assert f'id="{part}"' in html, part
    assert "Decision: accepted" in html and "0.700 [0.600, 0.800]" in html and "+0.050 [+0.010, +0.090]" in html
    assert 'id="charts"' not in report_html(a_report()) and 'id="plotly"' not in report_html(a_report())
