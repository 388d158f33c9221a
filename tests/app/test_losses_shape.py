"""The Shape tab shows the variants' own curves and where the gradient goes on the loaded cells."""

import numpy as np
import pytest
import torch

from dashboard.losses import LossSettings, parse_loss
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.shape import ScoreBins, gradient_share, loss_curve
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, table_of

TAB = {"losses_tab": "Shape"}
CURVES, SHARES = "loss_shape_chart", "gradient_share_chart"


@pytest.fixture
def dataset():
    rng = np.random.default_rng(7)
    scores = rng.normal(size=(200, 3)) * 3 - 1
    return dataset_of(scores, (rng.random(scores.shape) < [0.5, 0.2, 0.05]).astype(np.int8))


def _cells(dataset):
    p = dataset.first_run
    return LoadedCells.of(p.scores, p.labels, p.score_kind)


def _names(at, chart):
    return [trace["name"] for trace in charts_of(at)[chart]["figure"]["data"] if trace.get("showlegend") is not False]


def test_opens_with_the_first_variants(visit, dataset):
    at = visit("losses", dataset, **TAB)
    assert _names(at, CURVES) == _names(at, SHARES) == ["BCE", "BCE, pos_weight", "Focal", "ASL"]


def test_curves_are_those_of_the_class_in_focus(visit, dataset):
    at = visit("losses", dataset, losses="pos_weight|focal:gamma=3", focus="2", **TAB)
    assert at.selectbox(key="shape_class").value == 2
    for index in (2, 1):
        at.selectbox(key="shape_class").select(index).run()
        at.session_state["shape_numbers"] = True
        table = table_of(at.run(), "loss_shape_table")
        rows = table[(table["variant"] == "BCE, pos_weight") & (table["y"] == 1)]
        logits = torch.tensor(rows["logit"].to_numpy())
        expected = loss_curve(LossSettings("pos_weight"), logits, _cells(dataset).counts, index)
        np.testing.assert_array_equal(rows["loss"], expected.values[1])
        np.testing.assert_array_equal(rows["gradient"], expected.gradients[1])


def test_range_and_scale_are_in_the_address(visit, dataset):
    at = visit("losses", dataset, losses="bce_with_logits", shape_span="±20", shape_scale="each by its largest", **TAB)
    lines = charts_of(at)[CURVES]["figure"]["data"]
    assert at.query_params["shape_span"] == "±20"
    assert not [each for each in at.selectbox if each.key == "shape_class"], "BCE is the same for every class"
    assert any("divided by the largest" in each.value for each in at.caption)
    assert len(lines) == 4


def test_shares_are_autograds(visit, dataset):
    at = visit("losses", dataset, losses="asl|bce_with_logits", **TAB)
    at.session_state["share_numbers"] = True
    table = table_of(at.run(), "gradient_share")
    cells = _cells(dataset)
    bins = ScoreBins.of(cells)
    expected = gradient_share(parse_loss("asl"), cells, bins).shares.numpy()
    np.testing.assert_array_equal(table["ASL"], expected[bins.n.numpy() > 0])
    said = " ".join(each.value for each in at.markdown)
    assert f"ASL **{expected[1].sum():.3f}**".replace("0.", ".") in said


def test_variants_of_one_title_are_told_apart(visit, dataset):
    weights = "bce_with_logits:pos_weight=1;2;3|bce_with_logits:pos_weight=3;2;1"
    at = visit("losses", dataset, losses=weights, **TAB)
    assert _names(at, CURVES) == ["BCE (pos_weight per class)", "BCE (pos_weight per class), no. 2"]


def test_probabilities_are_clipped_where_it_says(visit):
    scores = np.array([[0.0, 0.3], [1.0, 0.7], [0.2, 1.0]])
    given = dataset_of(scores, np.array([[1, 0], [1, 1], [0, -1]]), "probabilities")
    at = visit("losses", given, **TAB)
    assert any("[1e-07, 1 - 1e-07]" in each.value and "2 known cells moved" in each.value for each in at.caption)
    at = visit("losses", given, eps="1e-04", **TAB)
    assert any("[0.0001, 1 - 0.0001]" in each.value for each in at.caption)


@pytest.mark.parametrize("name", list(degenerate_datasets()))
def test_edge_of_meaning(visit, name):
    at = visit("losses", degenerate_datasets()[name], **TAB)
    assert set(charts_of(at)) == {CURVES, SHARES}
