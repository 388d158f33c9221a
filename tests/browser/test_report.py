"""The report as a person opens it: from disk, offline, on a desk, a phone, on paper; what people wrote stays text."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from dashboard.core import Predictions, ThresholdSet
from dashboard.escape import without_controls
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.sample import read_sample
from dashboard.judged_figures import THESE_SAMPLES, judged
from dashboard.report_content import Reported, report_content
from dashboard.reviews.report import report_html
from tests.unit.reviews.reports import HOSTILE, MARKDOWN, a_report

LARGEST = 5_000_000  # bytes
WATCH = """
window.violations = []
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  window.violations.push(`${violatedDirective} ${blockedURI}`)
})
"""


def _content(dataset: Dataset, thresholds=0.5):
    p = dataset.first_run
    rule = ThresholdSet.from_unit(p, thresholds)
    figures = {THESE_SAMPLES: judged(p, rule, None, 0, THESE_SAMPLES)}
    reported = Reported(dataset, next(iter(dataset.runs)), rule, figures, "0.5 everywhere")
    return report_content(reported, title=dataset.name, created="2026-11-30 08:00 UTC")


@pytest.fixture(scope="module")
def report_file(tmp_path_factory):
    """Of the sample data, all ten classes, at 0.5."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report_html(_content(read_sample("validation"))), encoding="utf-8")
    return path


@pytest.fixture
def open_report(chromium):
    """open_report(path) -> a Page; afterwards it has asked for nothing, broken no policy, and logged no error."""
    opened, asked, problems = [], [], []

    def only_the_file(route):
        asked.append(route.request.url)
        route.continue_() if len(asked) == 1 else route.abort()

    def open_at(path, *, width=1440, drawn=True, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        opened.append(context)
        asked.clear()
        context.route("**/*", only_the_file)
        page = context.new_page()
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: message.type in ("error", "warning") and problems.append(message.text))
        page.goto(path.as_uri())
        if drawn:
            expect(page.locator(".chart[data-drawn]")).to_have_count(page.locator(".chart").count())
            assert page.evaluate("window.violations") == []
        return page

    yield open_at
    for context in opened:
        context.close()
    assert len(asked) == 1 and asked[0].startswith("file:"), asked
    assert not problems, problems


def test_it_opens_offline_and_its_charts_answer_the_pointer(open_report, report_file):
    assert report_file.stat().st_size < LARGEST
    page = open_report(report_file)
    expect(page.locator(".chart .main-svg").first).to_be_visible()
    assert page.locator(".chart").count() == 4
    titles = page.locator(".modebar-btn").evaluate_all("all => all.map(each => each.dataset.title)")
    assert not [title for title in titles if "hare" in title or "loud" in title], "a button sends the data away"
    plot = page.locator("#chart-metric .nsewdrag")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
    expect(page.locator("#chart-metric .hoverlayer")).to_contain_text("micro-F1")
    page.locator("#chart-precision_recall .legendtoggle").first.click()
    expect(page.locator('#chart-precision_recall .traces[style*="opacity: 0.5"]')).to_have_count(1)


def test_it_shows_the_numbers_of_the_app(open_page, open_report, report_file):
    app, report = open_page("/?t=0.5"), open_report(report_file)
    rows = report.locator("#headline tbody tr").all_inner_texts()
    said = {row.split("\t")[0]: row.split("\t")[1].split(" ")[0] for row in rows}
    for name in ("micro-F1", "macro-F1", "samples-F1", "exact match"):
        card = app.get_by_test_id("stMetric").filter(has_text=name)
        expect(card.get_by_test_id("stMetricValue")).to_have_text(said[name].removeprefix("0"))


def test_it_fits_a_phone(open_report, report_file):
    page = open_report(report_file, width=400)
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    for chart in page.locator(".chart .main-svg").all():
        assert chart.bounding_box()["width"] <= 400
    plot = page.locator("#chart-precision_recall .nsewdrag").bounding_box()
    assert plot["height"] > 200 and plot["width"] > 250


def test_it_prints_charts_within_the_page_and_no_buttons(open_report, report_file):
    page = open_report(report_file)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#chart-metric .main-svg").first).to_have_attribute("width", "680")
    assert page.locator(".modebar:visible, .find:visible").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("#chart-metric .main-svg").first).not_to_have_attribute("width", "680")
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF") and 3 <= pdf.count(b"/Type /Page\n") <= 8


def _saved(page, form: str) -> bytes:
    page.locator("#chart-precision_recall").hover()
    with page.expect_download() as download:
        page.locator(f'#chart-precision_recall .modebar-btn[data-title="Save as {form}"]').click()
    assert download.value.suggested_filename == f"precision_recall.{form.lower()}"
    return download.value.path().read_bytes()


def test_a_chart_is_saved_dark_on_white(open_report, report_file):
    page = open_report(report_file)
    svg = _saved(page, "SVG")
    assert svg.startswith(b"<svg") and b"rgb(255, 255, 255)" in svg and b"rgb(0, 114, 178)" in svg
    picture = np.asarray(Image.open(io.BytesIO(_saved(page, "PNG"))).convert("RGBA")).astype(int)
    assert picture[..., 3].min() == 255 and picture[..., :3].mean() > 225 and picture[..., :3].max(axis=2).min() < 60


def test_without_scripts_words_stand_for_the_charts(open_report, report_file):
    page = open_report(report_file, java_script_enabled=False, drawn=False)
    expect(page.locator(".chart .instead").first).to_be_visible()
    expect(page.locator("#chart-metric")).to_contain_text("Micro-F1 is best")
    expect(page.locator("#classes tbody tr")).to_have_count(10)


def test_tables_are_sorted_and_searched(open_report, tmp_path):
    names = [f"class {i}" for i in range(40)]
    p = Predictions(np.arange(400.0).reshape(10, 40) % 7 - 3, np.eye(10, 40, dtype=np.int8), "logits", names)
    path = tmp_path / "report.html"
    path.write_text(report_html(_content(Dataset("d", {"r": p}))), encoding="utf-8")
    page = open_report(path)
    first = page.locator("#classes tbody tr:not([hidden])").first
    page.locator("#classes thead th", has_text="support").get_by_role("button").click()
    expect(first.locator("td").first).to_have_text("1")
    page.locator("#classes thead th", has_text="support").get_by_role("button").click()
    expect(first.locator("td").first).to_have_text("0")
    page.locator("#classes .find").fill("class 39")
    expect(page.locator("#classes tbody tr:not([hidden])")).to_have_count(1)


def test_a_table_in_a_note_reads_from_the_left(open_report, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(report_html(a_report(note="| who | what |\n|---|---|\n| Ann | checks |")), encoding="utf-8")
    cells = open_report(path).locator(":is(#decision, #notes, #proposals) :is(th, td)")
    assert cells.count() == 5 * 4
    assert set(cells.evaluate_all("all => all.map(each => getComputedStyle(each).textAlign)")) == {"left"}


def test_text_of_people_stays_text(open_report, tmp_path):
    """As names of classes, in charts too, and everywhere a person can write."""
    rng = np.random.default_rng(0)
    labels = (rng.random((60, len(HOSTILE))) < 0.4).astype(np.int8)
    p = Predictions(rng.normal(size=labels.shape) + labels, labels, "logits", HOSTILE)
    drawn = _content(Dataset(HOSTILE[0], {HOSTILE[1]: p}))
    told = a_report(HOSTILE[0], note=MARKDOWN + "".join(f"\n\n{text}" for text in HOSTILE))
    content = replace(told, charts=drawn.charts, tables=(*drawn.tables, *drawn.all_tables[:1]))
    path = tmp_path / "report.html"
    path.write_text(report_html(content), encoding="utf-8")
    page = open_report(path)
    assert page.evaluate("window.hacked") is None
    assert page.locator("img, iframe, object, embed, table svg, section > svg").count() == 0
    assert page.locator(".chart a, table a").count() == 0
    shown = page.locator("#classes").first.locator("tbody th").all_inner_texts()
    assert shown == [" ".join(without_controls(name).split()) for name in HOSTILE]
    legend = "".join(page.locator("#chart-precision_recall .legendtext").all_text_contents())
    for start in (
        "</script><script>",
        '<img src="http',
        "<a href=",
        "$x^2$ %{x} #000001",
        "<b>bold</b>",
        "=HYPERLINK(1)",
        "reversed txet",
    ):
        assert start in legend, start
