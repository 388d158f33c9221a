"""Closed forms of the best output, what has none, and where it runs to an end."""

import numpy as np
import pytest
import torch

from dashboard.core.scale import logit, sigmoid
from dashboard.losses import LOSSES, ClassCounts, LossSettings
from dashboard.losses.minimiser import balance, corrected_probabilities, true_probabilities, why_no_zero
from dashboard.losses.variant import LossVariant

P = np.array([0.001, 0.05, 0.3, 0.5, 0.8, 0.99])
COUNTS = ClassCounts.of([5.0, 50.0, 100.0], 200)
READABLE = [name for name in LOSSES if not why_no_zero(LossSettings(name))]


def _logits(name, **parameters):
    return balance(LossSettings.of(name, **parameters), P, COUNTS).best_logits.numpy()


def test_bce_says_the_true_probability():
    assert _logits("bce_with_logits") == pytest.approx(np.repeat(logit(P)[:, None], 3, axis=1), abs=1e-10)


@pytest.mark.parametrize("weight", [0.25, 9.0, 1e4])
def test_pos_weight_adds_its_logarithm(weight):
    assert _logits("pos_weight", pos_weight=weight)[:, 0] == pytest.approx(logit(P) + np.log(weight), abs=1e-10)


def test_a_weight_by_counts_moves_each_class_by_its_own():
    shift = np.log([195 / 5, 150 / 50, 1.0])
    assert _logits("pos_weight") == pytest.approx(logit(P)[:, None] + shift, abs=1e-10)


def test_a_class_weight_moves_nothing():
    assert _logits("bce_with_logits", weight=(0.5, 2.0, 7.0)) == pytest.approx(_logits("bce_with_logits"), abs=1e-10)


def test_label_smoothing_says_the_smoothed_probability():
    assert sigmoid(_logits("label_smoothing", epsilon=0.1)[:, 0]) == pytest.approx(P * 0.9 + 0.05, abs=1e-10)


def test_logit_adjustment_takes_the_odds_of_the_class_out():
    assert _logits("logit_adjusted") == pytest.approx(logit(P)[:, None] - logit([0.025, 0.25, 0.5]), abs=1e-10)


def test_focal_has_the_inverse_of_its_formula():
    q, alpha, gamma = np.linspace(0.02, 0.98, 25), 0.25, 2.0
    a = alpha * (1 - q) ** gamma * ((1 - q) - gamma * q * np.log(q))
    b = (1 - alpha) * q**gamma * (q - gamma * (1 - q) * np.log(1 - q))
    x = torch.from_numpy(logit(q))[:, None].expand(-1, 3)
    assert true_probabilities(LossSettings("focal"), x, COUNTS)[:, 0].numpy() == pytest.approx(b / (a + b), abs=1e-12)


def test_asl_without_positive_focus_runs_to_one():
    found = balance(LossSettings.of("asl", gamma_pos=0.0), [0.94, 0.943, 0.99], COUNTS).best_logits[:, 0]
    assert found[0] < 40 and torch.isposinf(found[1:]).all()


def test_a_loss_that_ignores_a_side_runs_to_the_other():
    assert np.isneginf(_logits("focal", alpha=0.0)).all()
    assert np.isposinf(_logits("focal", alpha=1.0)).all()


def test_probabilities_of_classes_may_differ():
    found = balance(LossSettings("pos_weight"), [[0.1, 0.5, 0.9]], COUNTS).best_logits
    assert found.numpy() == pytest.approx((logit([0.1, 0.5, 0.9]) + np.log([39, 3, 1.0]))[None], abs=1e-10)


def test_a_loss_whose_output_falls_is_named(monkeypatch):
    def bumpy(cells):  # the slope for positives turns strong again: two outputs for one probability
        x, y = cells.logits, cells.targets
        return torch.nn.functional.softplus(-x) * y + (1 - y) * (torch.nn.functional.softplus(x) + 2 * torch.sin(x))

    monkeypatch.setitem(LOSSES, "bumpy", LossVariant("bumpy", "", "", "", "", bumpy))
    assert not balance(LossSettings("bumpy"), [0.5], COUNTS).is_monotone.any()


@pytest.mark.parametrize("name", READABLE)
def test_every_readable_loss_leads_there_and_back(name):
    settings = LossSettings(name)
    logits = balance(settings, [0.2, 0.5], COUNTS).best_logits
    inner = logits.isfinite()
    back = true_probabilities(settings, logits.nan_to_num(0, 0, 0), COUNTS)
    assert back[inner].numpy() == pytest.approx(np.repeat([[0.2], [0.5]], 3, axis=1)[inner.numpy()], abs=1e-9)


def test_losses_without_a_zero_or_with_coupled_cells_are_refused():
    for name in set(LOSSES) - set(READABLE):
        with pytest.raises(ValueError, match="has no gradient of single cells"):
            balance(LossSettings(name), [0.5], COUNTS)
    assert "near a true probability of 0.5" in why_no_zero(LossSettings("zlpr"))
    assert "No fixed zero" in why_no_zero(LossSettings("cross_entropy"))


@pytest.mark.parametrize("p", [0.0, 1.0, np.nan])
def test_a_probability_must_be_inside(p):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        balance(LossSettings("bce_with_logits"), [p], COUNTS)


@pytest.mark.parametrize("name", READABLE)
def test_corrected_scores_are_probabilities_at_any_logit(name):
    x = torch.tensor([[-1e4], [-50.0], [-20.0], [0.0], [20.0], [50.0], [1e4]], dtype=torch.float64).expand(-1, 3)
    found = corrected_probabilities(LossSettings(name), x, COUNTS)
    assert ((found >= 0) & (found <= 1)).all()
