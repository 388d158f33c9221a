"""The Values tab shows what `dashboard.losses` computes, and opens the sample behind a cell."""

import base64

import numpy as np
import pytest

from dashboard.losses import LossSettings
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.loss_table import loss_rows, part_rows
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
    drawn = [np.frombuffer(base64.b64decode(bar["x"]["bdata"]), bar["x"]["dtype"])[2] for bar in hard]
    assert sum(drawn) == pytest.approx(focal.share(ease=0))


def test_positives_negatives_hard_and_easy_cells_stand_beside_their_constants(visit, dataset):
    at = visit("losses", dataset, loss_parts="true", losses="focal|zlpr", **TAB)
    shown = table_of(at, "loss_part_table").to_dict("records")
    assert shown == part_rows(_summaries(dataset, "focal"))


def test_unknown_cells_are_left_out_and_counted(visit):
    labels = np.array([[1, 0], [-1, 1], [0, -1]], np.int8)
    at = visit("losses", dataset_of(np.zeros((3, 2)), labels), losses="focal|masked:unknown=negative", **TAB)
    assert list(table_of(at, "loss_table")["n"]) == [4, 6]
    assert _says(at, "2 unknown cells are left out, but not by BCE, partial labels")


def test_classes_have_their_share_and_its_change_against_plain_bce(visit, dataset):
    at = visit("losses", dataset, loss_classes="true", losses="focal|zlpr", **TAB)
    table = table_of(at, "loss_class_table")
    focal, plain = _summaries(dataset, "focal", "bce_with_logits")
    np.testing.assert_allclose(table["Focal: share"], focal.class_shares)
    np.testing.assert_allclose(table["Focal: change of share"], focal.class_shares - plain.class_shares)
    assert not [name for name in table if name.startswith("ZLPR")]


def test_an_unknown_loss_in_the_address_ranks_no_cells(visit, dataset):
    at = visit("losses", dataset, losses="focal|asl", loss_cells="true", loss_cells_of="nothing", **TAB)
    assert at.selectbox(key="loss_cells_of").value == "Focal"
    at.selectbox(key="loss_cells_of").select("ASL").run()
    assert not at.exception, at.exception
    assert table_of(at, "loss_cells_table")["ASL"].is_monotonic_decreasing


def test_a_loss_of_rows_is_not_split(visit, dataset):
    at = visit("losses", dataset, losses="focal|zlpr", **TAB)
    assert table_of(at, "loss_table")["hard"].isna().tolist() == [False, True]
    assert _says(at, "cannot be split: for ZLPR classes")


def test_losses_without_cells_say_so(visit, dataset):
    at = visit("losses", dataset, losses="zlpr|two_way", **TAB)
    assert len(table_of(at, "loss_table")) == 2
    assert _says(at, "None of these losses has a value per cell")


def test_the_heaviest_cell_and_its_sample(visit, dataset):
    at = visit("losses", dataset, losses="focal|asl", loss_cells="true", loss_cells_of="ASL", **TAB)
    table, p = table_of(at, "loss_cells_table"), dataset.first_run
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
