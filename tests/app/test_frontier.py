"""The frontier shows core's points, and a click, a released ring or the slider puts one in force."""

import numpy as np
import pytest

from dashboard.core import RankedScores, metrics
from dashboard.core.policies.frontier import micro_macro_frontier
from dashboard.ui.policy_cache import FRONTIER
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, let_go, marks_of, table_of

TAB = {"thresholds_tab": "Frontier"}


@pytest.fixture
def dataset():
    rng = np.random.default_rng(5)
    labels = (rng.random((300, 5)) < [0.5, 0.3, 0.15, 0.08, 0.03]).astype(np.int8)
    return dataset_of(1.3 * labels + rng.normal(size=labels.shape), labels)


@pytest.fixture
def found(dataset):
    return micro_macro_frontier(RankedScores.from_predictions(dataset.first_run))


def _header(at):
    return at.container(key="header_thresholds").caption[0].value


def _sentence(at):
    return at.container(key="sentence").markdown[0].value


def _says(at, thresholds, dataset):
    counts = RankedScores.from_predictions(dataset.first_run).counts(thresholds)
    micro, macro = (float(metrics.f_beta(counts, average=average)[0]) for average in ("micro", "macro"))
    mark = marks_of(at, FRONTIER)["frontier"]
    said = f"micro-F1 **{micro:.3f}**, macro-F1 **{macro:.3f}**".replace("0.", ".")
    return (mark["x"], mark["y"]) == (micro, macro) and said in _sentence(at)


def test_numbers_behind_the_chart_are_cores(visit, dataset, found):
    at = visit("thresholds", dataset, **TAB)
    at.session_state["frontier_numbers"] = True
    table = table_of(at.run(), "frontier_table")
    curve = table[table["on the curve"]]
    assert curve["micro-F1"].tolist() == found.micro.tolist()
    assert curve["macro-F1"].tolist() == found.macro.tolist()
    assert table["point"].tolist()[len(found) :] == [each.name for each in found.named]
    assert len(found) > 1


def test_a_point_let_go_on_the_curve_is_in_force(visit, dataset, found):
    at = visit("thresholds", dataset, **TAB)
    revision = charts_of(at)[FRONTIER]["revision"]
    let_go(at, FRONTIER, id="frontier", vertex=1)
    assert _says(at, found.points[1], dataset)
    assert f"frontier point 2 of {len(found)}, tuned on these samples" in _header(at)
    assert charts_of(at)[FRONTIER]["revision"] == revision


def test_a_named_point_takes_clicks(visit, dataset, found):
    at = visit("thresholds", dataset, **TAB)
    let_go(at, FRONTIER, id="named-3", vertex=0)
    assert _says(at, found.named[3].thresholds, dataset)
    assert "joint best" in _header(at)


def test_a_vertex_that_does_not_exist_changes_nothing(visit, dataset):
    at = visit("thresholds", dataset, **TAB)
    before = _header(at)
    let_go(at, FRONTIER, id="frontier", vertex=10_000)
    let_go(at, FRONTIER, id="named 17", vertex=0)
    assert _header(at) == before


def test_slider_and_button_do_the_same_and_undo_brings_back(visit, dataset, found):
    at = visit("thresholds", dataset, **TAB)
    before = _header(at)
    at.select_slider(key="frontier_point").set_value(0).run()
    at.button(key="apply_frontier_point").click().run()
    assert _says(at, found.points[0], dataset)
    assert at.select_slider(key="frontier_point").value == 0
    at.button(key="undo").click().run()
    assert _header(at) == before


def test_caption_states_the_samples_and_the_gap(visit, dataset, found):
    captions = " ".join(each.value for each in visit("thresholds", dataset, **TAB).caption)
    assert "best on these 300 samples" in captions
    assert "Every combination" in captions if found.is_exact else f"at most {found.gap:.2g} of macro-F1" in captions


@pytest.mark.parametrize("name", degenerate_datasets())
def test_legal_but_empty_data(visit, name):
    at = visit("thresholds", degenerate_datasets()[name], **TAB)
    at.button(key="apply_frontier_point").click().run()
    assert not at.exception
