"""Sums, shares, constant predictors and heaviest cells of a loss on loaded cells."""

import numpy as np
import pytest
import torch
from scipy.optimize import minimize, minimize_scalar

from dashboard.losses import LOSSES, LossSettings, parse_loss
from dashboard.losses import summary as summary_module
from dashboard.losses.constant_predictor import constant_predictor
from dashboard.losses.heaviest_cells import heaviest_cells
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.loss_table import COLUMNS, class_rows, loss_rows, part_rows
from dashboard.losses.summary import summarise

PER_CELL = [name for name, variant in LOSSES.items() if variant.unit == "cell"]
ALONE = [name for name in PER_CELL if not LOSSES[name].coupling]


@pytest.fixture
def cells():
    rng = np.random.default_rng(3)
    labels = (rng.random((300, 4)) < [0.5, 0.2, 0.05, 0.3]).astype(np.int8)
    scores = rng.normal(size=labels.shape) * 2 + 2 * labels - 1
    labels[rng.random(labels.shape) < 0.1] = -1
    return LoadedCells.of(scores, labels, "logits")


@pytest.mark.parametrize("name", LOSSES)
def test_the_sum_is_that_of_the_loss_itself(cells, name):
    found = summarise(cells, LossSettings(name))
    expected = LOSSES[name].values(cells.logits, cells.targets, counts=cells.counts)
    assert found.total == pytest.approx(float(expected.sum()), rel=1e-12)
    counted = LOSSES[name].counted_in(cells.targets)
    n = 1 if counted is None else int(counted.sum())
    assert found.n == n and found.mean == pytest.approx(found.total / n)


@pytest.mark.parametrize("name", [name for name in LOSSES if LOSSES[name].unit != "batch"])
def test_blocks_of_rows_change_nothing(cells, name, monkeypatch):
    whole = summarise(cells, LossSettings(name))
    monkeypatch.setattr(summary_module, "BLOCK_CELLS", 50)
    assert summarise(cells, LossSettings(name)).total == pytest.approx(whole.total, rel=1e-12)


@pytest.mark.parametrize("name", PER_CELL)
def test_parts_and_classes_add_up_to_the_sum(cells, name):
    found = summarise(cells, LossSettings(name))
    values = LOSSES[name].elementwise(cells.logits, cells.targets, counts=cells.counts)
    torch.testing.assert_close(found.by_cell.sums.sum(1), values.sum(0))
    positives = float(values[cells.targets >= 0.5].sum())
    assert found.share(positive=True) == pytest.approx(positives / found.total)
    wrong = (cells.targets >= 0) & ((cells.logits >= 0) != (cells.targets >= 0.5))
    assert found.share(ease=0) == pytest.approx(float(values[wrong].sum()) / found.total)
    assert sum(found.share(ease=ease) for ease in range(3)) == pytest.approx(1)


def test_the_constant_of_bce_is_the_log_odds_of_the_prevalence(cells):
    known, positives = (cells.targets >= 0).sum(0), (cells.targets == 1).sum(0)
    found = constant_predictor(cells, LossSettings("bce_with_logits"))
    # The lowest point is flat: logits are right to the root of the float's precision.
    torch.testing.assert_close(found, torch.logit(positives / known).double(), atol=1e-6, rtol=0)
    entropy = torch.distributions.Bernoulli(positives / known.double()).entropy()
    summary = summarise(cells, LossSettings("bce_with_logits"))
    torch.testing.assert_close(summary.by_cell.baselines.sum(1), entropy * known, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", ALONE)
def test_no_constant_pays_less_than_the_constant_predictor(cells, name):
    summary = summarise(cells, LossSettings(name))
    for index in range(4):

        def cost(logit, index=index):
            logits = cells.logits.clone()
            logits[:, index] = float(logit)
            return float(LOSSES[name].values(logits, cells.targets, counts=cells.counts)[:, index].sum())

        starts = [minimize_scalar(cost, bounds=(low, low + 5), method="bounded").fun for low in range(-25, 25, 5)]
        assert float(summary.by_cell.baselines[index].sum()) <= min(starts) * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize("name", ["zlpr", "multilabel_soft_margin", "class_balanced_rows", "distribution_balanced"])
def test_constants_of_coupled_losses_are_fitted_together(cells, name):
    def cost(constants):
        logits = torch.as_tensor(constants).expand_as(cells.logits)
        return float(LOSSES[name].values(logits, cells.targets, counts=cells.counts).sum())

    best = minimize(cost, np.zeros(4), method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-12, "xatol": 1e-9})
    assert summarise(cells, LossSettings(name)).baseline == pytest.approx(best.fun, rel=1e-6)


def test_saved_is_1_for_perfect_scores_and_0_for_the_constants(cells):
    right = torch.where(cells.targets == 1, 40.0, -40.0).double()
    settings = LossSettings("bce_with_logits")
    perfect = LoadedCells(right, cells.targets, cells.counts, None, None, 0)
    assert summarise(perfect, settings).saved == pytest.approx(1)
    constants = constant_predictor(cells, settings).expand_as(cells.logits)
    same = LoadedCells(constants, cells.targets, cells.counts, None, None, 0)
    assert summarise(same, settings).saved == pytest.approx(0, abs=1e-12)


def test_classes_without_positives_or_known_cells_stay_finite():
    labels = np.array([[0, -1, 1], [0, -1, 0], [0, -1, 1]], np.int8)
    cells = LoadedCells.of(np.zeros((3, 3)), labels, "logits")
    for name in ("bce_with_logits", "pos_weight", "focal", "asl", "zlpr"):
        found = summarise(cells, LossSettings(name))
        assert np.isfinite(found.total) and np.isfinite(found.baseline)
    assert summarise(cells, LossSettings("bce_with_logits")).by_cell.sums.sum(1).tolist() == pytest.approx(
        [3 * np.log(2), 0, 3 * np.log(2)]
    )


def test_without_a_known_cell_the_mean_is_undefined():
    found = summarise(LoadedCells.of(np.zeros((2, 1)), np.full((2, 1), -1, np.int8), "logits"), LossSettings("focal"))
    assert found.n == 0 and np.isnan(found.mean) and np.isnan(found.saved)


@pytest.mark.parametrize("block", [40, 400_000])
def test_heaviest_cells_are_those_with_the_largest_values(cells, block, monkeypatch):
    monkeypatch.setattr(summary_module, "BLOCK_CELLS", block)
    by, other = summarise(cells, LossSettings("asl")), summarise(cells, LossSettings("bce_with_logits"))
    found = heaviest_cells(cells, by, [by, other], 20)
    shares = (LOSSES["asl"].values(cells.logits, cells.targets) / by.total).numpy()
    order = np.argsort(-shares, axis=None, kind="stable")[:20]
    assert list(zip(found.rows, found.classes, strict=True)) == [divmod(place, 4) for place in order]
    np.testing.assert_allclose(found.shares[:, 0], shares.flat[order])
    assert (found.logits == cells.logits.numpy()[found.rows, found.classes]).all()


def test_heaviest_beyond_another_loss_and_their_rows_among_all():
    scores = np.array([[5.0], [0.0], [-5.0], [1.0]])
    cells = LoadedCells.of(scores, np.ones((4, 1), np.int8), "logits", most_cells=2)
    by, plain = summarise(cells, parse_loss("focal:alpha=-1")), summarise(cells, LossSettings("bce_with_logits"))
    found = heaviest_cells(cells, by, [by, plain], 5, against=plain)
    assert found.rows.tolist() == [2, 0]
    assert found.shares[0, 0] > found.shares[0, 1]


def test_rows_of_the_table(cells):
    summaries = [summarise(cells, LossSettings(name)) for name in ("bce_with_logits", "zlpr")]
    plain, row = loss_rows(summaries)
    assert list(plain) == list(row) == list(COLUMNS)
    assert plain["sum"] == pytest.approx(plain["n"] * plain["mean"]) and plain["official"] == "mean"
    assert row["per"] == "sample" and row["n"] == 300 and row["positives"] is row["hard"] is row["easy"] is None
    classes = class_rows(summaries, ["a", "b", "c", "d"])
    assert [each["class"] for each in classes] == ["a", "b", "c", "d"]
    assert sum(each["share"] for each in classes) == pytest.approx(1)


@pytest.mark.parametrize("name", ["focal", "class_balanced_rows"])
def test_rows_of_parts_have_what_constants_pay_for_the_same_cells(cells, name):
    summary, settings = summarise(cells, LossSettings(name)), LossSettings(name)
    constants = constant_predictor(cells, settings).expand_as(cells.logits)
    values, paid = (settings.values(each, cells.targets, cells.counts) for each in (cells.logits, constants))
    wrong = (cells.targets >= 0) & ((cells.logits >= 0) != (cells.targets >= 0.5))
    for part, chosen in (("positives", cells.targets == 1), ("negatives", cells.targets == 0), ("hard cells", wrong)):
        (row,) = [each for each in part_rows([summary]) if each["cells"] == part]
        assert row["n"] == int(chosen.sum())
        assert row["mean"] == pytest.approx(float(values[chosen].mean()))
        assert row["constant"] == pytest.approx(float(paid[chosen].mean()))
        assert row["share"] == pytest.approx(float(values[chosen].sum()) / summary.total)


@pytest.mark.parametrize("mode", ["ignore", "negative", "selective"])
def test_unknown_cells_count_where_the_loss_counts_them(cells, mode, monkeypatch):
    monkeypatch.setattr(summary_module, "BLOCK_CELLS", 50)
    found = summarise(cells, parse_loss(f"masked:unknown={mode},top_k=0.1"))
    mean = LOSSES["masked"].reduced(cells.logits, cells.targets, "mean", counts=cells.counts, unknown=mode, top_k=0.1)
    assert found.mean == pytest.approx(float(mean), rel=1e-12)
    is_all = mode != "ignore"
    assert found.n == (cells.targets.numel() if is_all else int((cells.targets >= 0).sum()))


def test_rows_without_a_known_cell_are_no_units():
    labels = np.array([[1, 0], [-1, -1], [0, 0]], np.int8)
    cells = LoadedCells.of(np.ones((3, 2)), labels, "logits")
    assert summarise(cells, LossSettings("zlpr")).n == 2
    assert summarise(cells, LossSettings("single_label_cross_entropy")).n == 1
