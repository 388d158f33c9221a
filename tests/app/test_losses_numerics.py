"""The Numerics tab shows what torch does in each data type, which loaded cells that concerns, and clipping."""

import numpy as np
import pytest

from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.numeric_zones import BceTotals, Clipping, zone_counts
from dashboard.losses.numerics import DTYPES, EFFECTS, breakdown_points
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, table_of

TAB = {"losses_tab": "Numerics"}
CHART = "numerics_chart"


@pytest.fixture
def dataset():
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(300, 4)) * 15
    return dataset_of(scores, (rng.random(scores.shape) < 0.3).astype(np.int8))


def _cells(dataset):
    p = dataset.first_run
    return LoadedCells.of(p.scores, p.labels, p.score_kind)


def _said(at):
    return " ".join(each.value for each in at.markdown)


def test_float32_dies_at_16_and_27(visit, dataset):
    at = visit("losses", dataset, **TAB)
    assert "**float32** the gradient of BCELoss(sigmoid) dies at logit **16.64** for a false positive" in _said(at)
    assert "only at **-27.64** for a missed one" in _said(at)
    names = [trace["name"] for trace in charts_of(at)[CHART]["figure"]["data"][:3]]
    assert names == ["exact", "BCELoss(sigmoid)", "BCEWithLogits"]


def test_float16_gives_nan(visit, dataset):
    at = visit("losses", dataset, dtype="float16", **TAB)
    assert "is **NaN** from logit **8.32** up and **-17.34** down" in _said(at)
    assert "cells where it gives NaN" in _said(at)
    at.session_state["numerics_numbers"] = True
    table = table_of(at.run(), "numerics_table")
    rows = table[(table["form"] == "BCELoss(sigmoid)") & (table["y"] == 0)].set_index("logit")["gradient"]
    assert np.isnan(rows[-40.0]) and np.isfinite(rows[-10.0])


@pytest.mark.parametrize("dtype", list(DTYPES))
def test_zones_count_the_cells_of_the_data(visit, dataset, dtype):
    at = visit("losses", dataset, dtype=dtype, **TAB)
    points = {dtype: breakdown_points(DTYPES[dtype])}
    expected = zone_counts(_cells(dataset), points)[dtype]
    table = table_of(at, "numeric_zones")
    seen = [effect for effect in EFFECTS if points[dtype][effect.name] is not None]
    assert table["what happens"].tolist() == [effect.title for effect in seen]
    for effect, (_, row) in zip(seen, table.iterrows(), strict=True):
        assert row["from logit"] == effect.sign * points[dtype][effect.name]
        for target, column in enumerate(("negatives there", "positives there")):
            if effect.target in (None, target):
                assert row[column] == expected[effect.name][target]
    wrong = expected["bce_false_gradient"].sum() + expected["bce_missed_gradient"].sum()
    assert f"Of 1,200 known cells in view, in {dtype} **{wrong:,}** wrong ones" in _said(at)
    at.toggle(key="all_dtypes").set_value(True).run()
    assert len(table_of(at, "numeric_zones")) == len(DTYPES) * len(EFFECTS)


def test_clipping_says_what_it_changes(visit, dataset):
    at = visit("losses", dataset, clip_logits="10", **TAB)
    cells = _cells(dataset)
    for limit in (10.0, 15.0):
        at.slider(key="clip_logits").set_value(limit).run()
        before = BceTotals.of(cells)
        after = Clipping.of(cells, limit, before)
        table = table_of(at, "clipping").set_index("")
        assert table.loc["total BCE"].tolist() == [before.bce, after.bce]
        assert table.loc["cells moved", "after"] == after.n_moved > 0
        assert f"moves **{after.n_moved:,} known cells**" in _said(at)
        assert f"**{after.n_equal:,} cells** in 4 classes become equal to others" in _said(at)


def test_clipping_that_moves_nothing_says_so(visit):
    at = visit("losses", dataset_of([[1.0, -2.0]], [[1, 0]]), **TAB)
    assert "Clipping to ±15 moves no known cell: nothing changes." in _said(at)


def test_infinite_logits_and_overflow_are_said(visit):
    scores = np.array([[1e5, 3.0], [-2.0, -1.0]])
    at = visit("losses", dataset_of(scores, np.array([[0, 1], [0, 1]])), dtype="float16", **TAB)
    assert "In float16 **1 logit** of them are infinite" in _said(at)
    assert "is infinite in float16, which ends at 65,504" in _said(at)
    at.session_state["extremes"] = True
    at.run()
    assert table_of(at, "infinite_logits")["BCEWithLogits"].isna().sum() == 3
    assert table_of(at, "loss_caps").set_index("implementation").loc["torch BCELoss", "at most"] == 100


@pytest.mark.parametrize("name", list(degenerate_datasets()))
def test_edge_of_meaning(visit, name):
    at = visit("losses", degenerate_datasets()[name], dtype="float16", clip_logits="1", **TAB)
    assert CHART in charts_of(at) and len(table_of(at, "clipping")) == 7
