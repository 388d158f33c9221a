"""A reader's point and its cross are drawn where core says, and the model's row beside the reader can be applied."""

import pytest
from playwright.sync_api import expect

from dashboard.core import Counts
from dashboard.core.intervals import binomial_interval
from dashboard.core.matching import reader_match
from dashboard.inputs.sample import read_sample
from tests.browser.conftest import settled

READER, CLASS = "hasty reader", 3
CHART = ".st-key-pr_chart .js-plotly-plot"
TRACES = "chart => chart._fullData.map(t => ({name: t.name, x: [...t.x], y: [...t.y], ex: t.error_x, ey: t.error_y}))"


@pytest.fixture(scope="module")
def sample():
    return read_sample("validation")


def test_a_readers_point_and_intervals_are_where_core_says(open_page, sample):
    page = open_page(f"/classes?classes={CLASS}&focus={CLASS}")
    expect(page.locator(f"{CHART} .scatterlayer").first).to_be_attached()
    traces = page.locator(CHART).evaluate(TRACES)
    counts = Counts.from_reader(sample.first_run, sample.readers[READER])
    tp, fp, fn = (int(getattr(counts, name)[0, CLASS]) for name in ("tp", "fp", "fn"))
    point = next(trace for trace in traces if trace["name"] == READER)
    assert (point["x"], point["y"]) == ([tp / (tp + fn)], [tp / (tp + fp)])
    cross = next(trace for trace in traces if trace["name"] == "95 % interval")
    for bars, middle, n in ((cross["ex"], point["x"][0], tp + fn), (cross["ey"], point["y"][0], tp + fp)):
        low, high = binomial_interval(tp, n)
        ends = middle - bars["arrayminus"][0], middle + bars["array"][0]
        assert ends == (pytest.approx(float(low)), pytest.approx(float(high)))
    assert page.locator(f"{CHART} .errorbars path").count() >= 2


def test_applying_the_readers_recall_moves_the_threshold_of_the_class(open_page, sample):
    match = reader_match(sample.first_run, sample.readers[READER][:, CLASS], CLASS)
    page = open_page(f"/classes?classes={CLASS}&focus={CLASS}")
    page.get_by_role("button", name="Apply", exact=True).click()
    settled(page)
    counts = match.at_recall.counts
    said = page.locator(".st-key-header_thresholds")
    expect(said).to_contain_text(f"1 class has its own: {sample.first_run.class_names[CLASS]}")
    found = f"{int(counts.tp[0, 0]):,} of {int(counts.support[0, 0]):,} positives found"
    expect(page.get_by_text(found)).to_be_visible()
