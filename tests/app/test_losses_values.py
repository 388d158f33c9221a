"""The Values tab shows what `dashboard.losses` computes, and opens the sample behind a cell."""

import base64

import numpy as np
import pytest

from dashboard.losses import LossSettings
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.loss_table import loss_rows
from dashboard.losses.summary import summarise
from tests.app.conftest import charts_of, dataset_of, degenerate_datasets, table_of

TAB = {"losses_tab": "Values"}
FIRST = ("bce_with_logits", "pos_weight", "focal", "asl")


@pytest.fixture
def dataset():
    rng = np.random.default_rng(8)
    labels = (rng.random((200, 3)) < [0.5, 0.2, 0.1]).astype(np.int8)
    return dataset_of(rng.normal(size=labels.shape) * 2 + labels, labels)


def _summaries(dataset, *names):
    p = dataset.first_run
    cells = LoadedCells.of(p.scores, p.labels, p.score_kind)
    return [summarise(cells, LossSettings(name)) for name in names]


def _decoded(values):
    """Numbers of a chart as the browser reads them: a list, or bytes in base 64."""
    if isinstance(values, dict) and "bdata" in values:
        return np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
    return values


def _says(at, text):
    return any(text in each.value for each in [*at.markdown, *at.caption])


def test_the_table_is_that_of_losses(visit, dataset):
    at = visit("losses", dataset, **TAB)
    shown = table_of(at, "loss_table").to_dict("records")
    assert shown == loss_rows(_summaries(dataset, *FIRST))
    saved = _summaries(dataset, "asl")[0].saved
    assert _says(at, f"ASL **{saved:.0%}**")


def test_what_carries_a_loss_adds_up_and_is_drawn(visit, dataset):
    at = visit("losses", dataset, **TAB)
    chart = charts_of(at)["loss_carried_chart"]
    bars = chart["figure"]["data"]
    assert [bar["name"] for bar in bars][:1] == ["hard positives"]
    focal = _summaries(dataset, "focal")[0]
    hard = [bar for bar in bars if bar["name"].startswith("hard")]
    assert sum(_decoded(bar["x"])[2] for bar in hard) == pytest.approx(focal.share(ease=0))


def test_classes_have_their_share_and_its_change_against_plain_bce(visit, dataset):
    at = visit("losses", dataset, loss_classes="true", losses="focal|zlpr", **TAB)
    table = table_of(at, "loss_class_table")
    focal, plain = _summaries(dataset, "focal", "bce_with_logits")
    np.testing.assert_allclose(table["Focal: share"], focal.class_shares)
    np.testing.assert_allclose(table["Focal: change of share"], focal.class_shares - plain.class_shares)
    assert not [name for name in table if name.startswith("ZLPR")]


def test_losses_without_cells_say_so(visit, dataset):
    at = visit("losses", dataset, losses="zlpr|two_way", **TAB)
    assert len(table_of(at, "loss_table")) == 2
    assert _says(at, "None of these losses has a value per cell")


def test_the_heaviest_cell_and_its_sample(visit, dataset):
    at = visit("losses", dataset, losses="asl", **TAB)
    at.session_state["loss_cells_open"] = True
    at.run()
    table, p = table_of(at, "loss_cells"), dataset.first_run
    assert list(table["ASL"]) == sorted(table["ASL"], reverse=True)
    row, index = int(table["sample"][0]) - 1, list(p.class_names).index(table["class"][0])
    assert table["logit"][0] == p.scores[row, index] and table["target"][0] == p.labels[row, index]


def test_probabilities_are_clipped_by_a_visible_eps(visit):
    scores, labels = np.array([[0.0, 0.4], [1.0, 0.9], [0.2, 0.1]]), np.array([[1, 0], [1, 1], [0, 0]], np.int8)
    data = dataset_of(scores, labels, score_kind="probabilities")
    at = visit("losses", data, losses="bce_with_logits", **TAB)
    assert _says(at, "2 known cells moved")
    mean = table_of(at, "loss_table")["mean"][0]
    p = np.clip(scores, 1e-7, 1 - 1e-7)
    assert mean == pytest.approx(-np.where(labels == 1, np.log(p), np.log1p(-p)).mean(), rel=1e-9)
    other = visit("losses", data, losses="bce_with_logits", eps="1e-04", **TAB)
    assert table_of(other, "loss_table")["mean"][0] < mean


@pytest.mark.parametrize("name", degenerate_datasets())
def test_degenerate_data_draws(visit, name):
    at = visit("losses", degenerate_datasets()[name], loss_classes="true", **TAB)
    assert not at.exception, at.exception
