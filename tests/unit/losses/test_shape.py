"""Curves are a variant's own values and derivatives; shares of the gradient are autograd's, cell by cell."""

import numpy as np
import pytest
import torch

from dashboard.losses import LOSSES, ClassCounts, LossSettings
from dashboard.losses.loaded_cells import LoadedCells
from dashboard.losses.shape import N_BINS, ScoreBins, gradient_share, loss_curve
from dashboard.losses.variant import LossVariant

LOGITS = torch.linspace(-6, 6, 41, dtype=torch.float64)
COUNTS = ClassCounts.of([30, 5, 50, 1], 100)


def _softmax(cells):
    """Cross entropy of a row, over known cells."""
    x = torch.where(cells.known, cells.logits, -torch.inf)
    return -(cells.targets * torch.where(cells.known, x - x.logsumexp(1, keepdim=True), 0.0)).sum(1)


def _spread(cells):
    """Something that couples a whole batch."""
    x = torch.where(cells.known, cells.logits, 0.0)
    return (x.sum() - (x * cells.targets).sum()) ** 2


@pytest.fixture
def coupled(monkeypatch):
    """LOSSES with a loss of each unit that couples cells."""
    row = LossVariant("row", "Row", "", "", "", _softmax, unit="row", coupling="Classes of a sample compete.")
    batch = LossVariant("batch", "Batch", "", "", "", _spread, unit="batch", coupling="All cells are one sum.")
    for each in (row, batch):
        monkeypatch.setitem(LOSSES, each.name, each)


def _cells(n=300, n_classes=4, seed=0):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, n_classes)) * 3
    return LoadedCells.of(scores, rng.choice([-1, 0, 1], size=scores.shape, p=[0.1, 0.6, 0.3]), "logits")


@pytest.mark.parametrize("name", list(LOSSES))
def test_curve_of_a_cell_loss_is_its_value_and_derivative(name):
    settings = LossSettings(name)
    if settings.variant.unit != "cell" or settings.variant.coupling:
        pytest.skip("couples cells")
    found = loss_curve(settings, LOGITS, COUNTS, 1)
    for y in (0, 1):
        x = torch.zeros(41, 4, dtype=torch.float64)
        x[:, 1] = LOGITS
        x.requires_grad_()
        targets = torch.full((41, 4), -1.0, dtype=torch.float64)
        targets[:, 1] = y
        values = settings.values(x, targets, COUNTS)[:, 1]
        values.sum().backward()
        torch.testing.assert_close(found.values[y], values.detach(), rtol=1e-12, atol=0)
        torch.testing.assert_close(found.gradients[y], x.grad[:, 1], rtol=1e-12, atol=0)
    assert found.held == ""


def test_every_variant_has_a_finite_curve_of_every_class():
    for name in LOSSES:
        for index in range(4):
            found = loss_curve(LossSettings(name), LOGITS, COUNTS, index)
            assert torch.isfinite(found.values).all() and torch.isfinite(found.gradients).all(), name


def test_bce_curve_is_softplus_and_sigmoid():
    found = loss_curve(LossSettings("bce_with_logits"), LOGITS, COUNTS, 2)
    softplus = torch.nn.functional.softplus
    torch.testing.assert_close(found.values, torch.stack([softplus(LOGITS), softplus(-LOGITS)]))
    torch.testing.assert_close(found.gradients, torch.stack([LOGITS.sigmoid(), LOGITS.sigmoid() - 1]))


def test_curve_has_the_parameters_of_its_class():
    settings = LossSettings("pos_weight")
    plain = loss_curve(LossSettings("bce_with_logits"), LOGITS, COUNTS, 0)
    for index, weight in enumerate((70 / 30, 95 / 5, 1.0, 99.0)):
        found = loss_curve(settings, LOGITS, COUNTS, index)
        torch.testing.assert_close(found.gradients[1], weight * plain.gradients[1])
        torch.testing.assert_close(found.gradients[0], plain.gradients[0])
    given = LossSettings.of("bce_with_logits", pos_weight=(1.0, 2.0, 3.0, 4.0))
    found = loss_curve(given, LOGITS, COUNTS, 3)
    torch.testing.assert_close(found.values[1], 4 * plain.values[1])


def test_row_loss_is_drawn_beside_a_positive_and_a_negative(coupled):
    found = loss_curve(LossSettings("row"), LOGITS, COUNTS, 1)
    torch.testing.assert_close(found.gradients[0], LOGITS.exp() / (LOGITS.exp() + 2))
    torch.testing.assert_close(found.gradients[1], 2 * LOGITS.exp() / (LOGITS.exp() + 2) - 1)
    assert found.held == "drawn for a sample with two other classes, a positive and a negative at logit 0"
    alone = loss_curve(LossSettings("row"), LOGITS, ClassCounts.of([3], 9), 0)
    assert alone.held == "drawn for a sample with no other class" and not alone.gradients.any()


def test_each_point_of_a_batch_loss_is_a_batch(coupled):
    found = loss_curve(LossSettings("batch"), LOGITS, COUNTS, 0)
    torch.testing.assert_close(found.values[0], LOGITS**2)
    torch.testing.assert_close(found.gradients[0], 2 * LOGITS)
    assert not found.values[1].any() and not found.gradients[1].any()


def test_bins_hold_every_known_cell_once_and_their_lower_edges():
    cells = _cells()
    bins = ScoreBins.of(cells)
    known = cells.targets >= 0
    p = cells.logits.sigmoid()
    for y in (0, 1):
        expected, _ = np.histogram(p[known & (cells.targets == y)].numpy(), bins.edges.numpy())
        np.testing.assert_array_equal(bins.n[y], expected)
    half = ScoreBins.of(LoadedCells.of(np.zeros((1, 1)), np.zeros((1, 1)), "logits"), 2)
    assert half.n.tolist() == [[0, 1], [0, 0]]


@pytest.mark.parametrize("name", [*LOSSES, "row", "batch"])
def test_share_is_autograds_of_the_summed_loss(name, coupled, monkeypatch):
    monkeypatch.setattr("dashboard.losses.shape.ROWS", 70)
    settings, cells = LossSettings(name), _cells()
    bins = ScoreBins.of(cells)
    x = cells.logits.clone().requires_grad_()
    settings.values(x, cells.targets, cells.counts).sum().backward()
    found = gradient_share(settings, cells, bins)
    for y in (0, 1):
        for k, (low, high) in enumerate(zip(bins.edges[:-1], bins.edges[1:], strict=True)):
            p = cells.logits.sigmoid()
            inside = (cells.targets == y) & (p >= low) & ((p < high) | ((k == N_BINS - 1) & (p == 1)))
            assert float(found.absolute[y, k]) == pytest.approx(float(x.grad[inside].abs().sum()), rel=1e-10)
    assert float(found.shares.sum()) == pytest.approx(1)
    assert found.n_undefined == 0


def test_no_gradient_has_no_shares():
    cells = LoadedCells.of(np.full((5, 2), -9.0), np.zeros((5, 2)), "logits")
    found = gradient_share(LossSettings("asl"), cells, ScoreBins.of(cells))
    assert found.total == 0 and found.shares.isnan().all()


def test_undefined_gradients_are_counted_and_left_out(monkeypatch):
    def root(cells):
        return torch.sqrt(cells.logits)

    monkeypatch.setitem(LOSSES, "root", LossVariant("root", "Root", "", "", "", root))
    cells = LoadedCells.of(np.array([[-1.0, 4.0], [0.0, 1.0]]), np.array([[0, 1], [0, -1]]), "logits")
    found = gradient_share(LossSettings("root"), cells, ScoreBins.of(cells))
    assert found.n_undefined == 2
    assert found.total == pytest.approx(0.25)
