import math

import numpy as np
import pytest
import torch

from dashboard.core import Predictions, RankedScores, metrics, policies
from dashboard.losses import ClassCounts, LossSettings
from dashboard.training.evaluation import Figures, Judged, own_loss, ranking_figures

LABELS = np.array([[1, 0], [0, 1], [1, -1], [0, 0]], dtype=np.int8)
LOGITS = torch.tensor([[2.0, -8.0], [-9.0, 1.0], [-1.0, 9.0], [0.5, -2.0]])


def judged(labels=LABELS):
    counts = ClassCounts.of((labels == 1).sum(0), (labels >= 0).sum(0))
    return Judged(labels, tuple("ab"[: labels.shape[1]]), counts)


def test_figures_of_a_small_example_by_hand():
    found = judged().figures(LOGITS, LOGITS, LossSettings("bce_with_logits"))
    cells = [math.log1p(math.exp(-x)) for x in (2, 8, 9, 1, -1, -0.5, 2)]
    assert found.bce == pytest.approx(sum(cells) / 7, rel=1e-12)
    assert found.validation_loss == pytest.approx(found.bce, rel=1e-12)
    assert found.micro_f1 == pytest.approx(2 * 2 / (2 * 2 + 1 + 1))  # a: one right, one too many, one missed; b: right
    assert found.macro_f1 == pytest.approx((0.5 + 1) / 2)
    assert found.macro_f1_tuned == pytest.approx((0.8 + 1) / 2)  # a is best with all three predicted
    assert found.micro_f1_tuned == pytest.approx(6 / 7)
    assert found.mean_average_precision == pytest.approx(((1 + 2 / 3) / 2 + 1) / 2)
    assert found.saturated == pytest.approx(2 / 7)  # -8 and -9; the 9 is in an unknown cell


def test_unknown_cells_are_in_no_figure():
    moved = LOGITS.clone()
    moved[2, 1] = -50.0
    for loss in ("bce_with_logits", "focal", "zlpr", "asl"):
        settings = LossSettings(loss)
        assert judged().figures(moved, moved, settings) == judged().figures(LOGITS, LOGITS, settings)


def test_figures_are_those_of_core_on_what_the_run_carries():
    rng = np.random.default_rng(0)
    labels = rng.integers(-1, 2, size=(50, 2)).astype(np.int8)
    logits = torch.from_numpy(rng.normal(size=(50, 2)))
    found = judged(labels).figures(logits, logits, LossSettings("focal"))
    r = RankedScores.from_predictions(Predictions(logits.float().numpy(), labels, "logits"))
    tuned = r.counts(policies.best_micro_f_beta(r))
    assert found.micro_f1_tuned == metrics.f_beta(tuned, average="micro")[0]
    assert found.mean_average_precision == r.average_precision("macro")


def test_saturation_is_compared_at_a_thousandth():
    edge = math.log(999)
    logits = torch.tensor([[edge * (1 - 1e-6), -edge * (1 + 1e-6)]] * 4)
    assert judged(np.array([[1, 0]] * 4, np.int8)).figures(logits, logits, LossSettings("focal")).saturated == 0.5


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_logits_that_are_not_finite_have_no_figures(value):
    logits = LOGITS.clone()
    logits[0, 0] = value
    found = judged().figures(logits, logits, LossSettings("focal"))
    assert all(math.isnan(each) for each in vars(found).values())
    assert repr(found) == repr(Figures.undefined())


def test_a_loss_that_officially_sums_is_a_mean():
    targets = torch.from_numpy(LABELS).double()
    asl = LossSettings("asl")
    assert asl.variant.reduction == "sum"
    total = float(asl.variant.reduced(LOGITS.double(), targets))
    assert own_loss(asl, LOGITS.double(), targets, judged().counts) == pytest.approx(total / 7)


def test_mean_average_precision_is_undefined_without_positives():
    found = ranking_figures(Predictions(LOGITS.numpy(), np.minimum(LABELS, 0)))
    assert math.isnan(found["mean_average_precision"])
    assert found["micro_f1"] == found["macro_f1_tuned"] == 0
