"""Outputs of perfectly trained models against recorded minimisers (accurate to about 1e-8) and against SciPy's."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from torch.nn.functional import logsigmoid

from dashboard.core.scale import sigmoid
from dashboard.losses import LOSSES, ClassCounts, LossSettings
from dashboard.losses.minimiser import balance, true_probabilities
from dashboard.losses.variant import LossVariant

TABLE = json.loads((Path(__file__).parent / "losses_minimiser.json").read_text())
COUNTS = ClassCounts.of([5.0], [100.0])  # the prior of .05 that the logit-adjusted row was recorded with
ENDLESS = 24.0  # the recorded search ended at 25 or 30
WEIGHTS = ("0.25", "2", "5", "10", "100")


BY_NAME = {
    "BCE": LossSettings("bce_with_logits"),
    **{f"pos_weight={w}": LossSettings.of("pos_weight", pos_weight=float(w)) for w in WEIGHTS},
    **{f"focal_gamma={g}_noalpha": LossSettings.of("focal", alpha=-1.0, gamma=float(g)) for g in (1, 2, 3, 5)},
    "label_smoothing_half_0.1": LossSettings.of("label_smoothing", epsilon=0.1),
    "focal_torchvision_a.25_g2": LossSettings("focal"),
    "focal_a.5_g2": LossSettings.of("focal", alpha=0.5),
    "ASL_4_1_.05_full_gradient": LossSettings.of("asl", detached=False),
    "ASL_4_1_.05_detached(AsymmetricLoss default)": LossSettings("asl"),
    "ASL_4_0_.05_detached(train.py)": LossSettings.of("asl", gamma_pos=0.0),
    "ASL_4_0_.05_full": LossSettings.of("asl", gamma_pos=0.0, detached=False),
    "ASL_4_1_noclip_full": LossSettings.of("asl", clip=0.0, detached=False),
    "Poly1_eps1": LossSettings.of("poly1", epsilon=1.0),
    "Poly1_eps2": LossSettings.of("poly1", epsilon=2.0),
    "Poly1_eps-1": LossSettings.of("poly1", epsilon=-1.0),
    "Poly1_focal_eps1": LossSettings.of("poly1_focal", epsilon=1.0),
    "Hill": LossSettings("hill"),
    "SPLC_uncorrected(focal margin)": LossSettings("splc"),
    "logit_adjusted_prior0.05": LossSettings("logit_adjusted"),
}
DETACHED = ("ASL_4_1_.05_detached(AsymmetricLoss default)", "ASL_4_0_.05_detached(train.py)")


def _entry(function):
    """A loss that is in the registry for one test only."""
    return LossVariant("only_here", "", "", "", "", function)


def _bce(x, y):
    return -(y * logsigmoid(x) + (1 - y) * logsigmoid(-x))


def _tolerant(scale, focal):
    """Negatives' logits times `scale` and their loss by it, as DB does, with its focal term or without."""

    def function(cells):
        y = cells.targets
        loss = _bce(cells.logits * (y + scale * (1 - y)), y)
        weight = 1 if not focal else 2 * (1 - torch.exp(-loss)) ** 2
        return weight * loss * (y + (1 - y) / scale)

    return function


def _smoothed_over_80(cells):
    return _bce(cells.logits, cells.targets * 0.9 + 0.1 / 80)


# Rows of losses that are no entry of their own: the terms alone, of DB, and smoothing among 80 classes.
LOCAL = {
    "label_smoothing_overK_0.1_K80": _smoothed_over_80,
    "NTR_lambda2_nofocal": _tolerant(2, focal=False),
    "NTR_lambda5_nofocal": _tolerant(5, focal=False),
    "DB_lambda2_focal_equal_weights": _tolerant(2, focal=True),
}


@pytest.fixture
def settings(request, monkeypatch):
    name = request.param
    if name in LOCAL:
        monkeypatch.setitem(LOSSES, "only_here", _entry(LOCAL[name]))
        return name, LossSettings("only_here")
    return name, BY_NAME[name]


each = pytest.mark.parametrize("settings", TABLE, indirect=True)


@each
def test_outputs_are_the_recorded_ones(settings):
    name, loss = settings
    row = TABLE[name]
    found = balance(loss, row["p"], COUNTS)
    endless = np.array(row["logit_star"]) > ENDLESS
    assert (found.best_logits[endless] > ENDLESS).all()
    ours = torch.sigmoid(found.best_logits[~endless, 0]).numpy()
    assert ours == pytest.approx(sigmoid(np.array(row["logit_star"])[~endless]), abs=5e-7)
    half = torch.sigmoid(balance(loss, [0.5], COUNTS).best_logits).item()
    assert half == pytest.approx(row["threshold_on_q_equal_to_p_half"], abs=1e-7)
    assert found.is_monotone.all()


@each
def test_true_probability_at_half_is_the_recorded_one(settings):
    name, loss = settings
    found = true_probabilities(loss, torch.zeros(1, 1), COUNTS).item()
    assert found == pytest.approx(TABLE[name]["p_where_q_is_half"], abs=1e-7)


@pytest.mark.parametrize("settings", [name for name in TABLE if name not in DETACHED], indirect=True)
@pytest.mark.parametrize("p", [0.02, 0.3, 0.8])
def test_no_logit_has_less_expected_loss(settings, p):
    """SciPy minimises the values themselves; a flat minimum gives half the digits of the values."""
    _, loss = settings

    def risk(x):
        logits = torch.tensor([[x]], dtype=torch.float64)
        terms = [loss.values(logits, torch.full_like(logits, y), COUNTS).item() for y in (1.0, 0.0)]
        return p * terms[0] + (1 - p) * terms[1]

    found = minimize_scalar(risk, bounds=(-15, 15), method="bounded", options={"xatol": 1e-10})
    assert balance(loss, [p], COUNTS).best_logits.item() == pytest.approx(found.x, abs=1e-5)


@each
def test_the_inverse_leads_back(settings):
    _, loss = settings
    p = np.linspace(0.01, 0.9, 30)
    logits = balance(loss, p, COUNTS).best_logits
    assert true_probabilities(loss, logits, COUNTS)[:, 0].numpy() == pytest.approx(p, abs=1e-10)
