from dataclasses import replace

import numpy as np
import pytest
import torch

from dashboard.losses import LOSSES, LossSettings
from dashboard.training.baseline import constant_baseline
from dashboard.training.checks import counts_of
from dashboard.training.reports import DIVERGED, TRAINING, VariantReport
from dashboard.training.watch import Baseline, warnings
from tests.unit.training.small_training import easy_data, finished, small_plan

NAN = float("nan")
BASELINE = Baseline(0.4, 0.4)


def report(loss, norm=0.1, validation_loss=None, state=TRAINING, best_epoch=1) -> VariantReport:
    validation_loss = loss if validation_loss is None else validation_loss
    return VariantReport(
        "focal", loss, validation_loss, 0.4, 0.5, 0.5, 0.5, 0.5, 0.5, norm, 0.0, state=state, best_epoch=best_epoch
    )


def watched(losses, norms=None, **options):
    norms = norms or [0.1] * len(losses)
    reports = [report(loss, norm, **options) for loss, norm in zip(losses, [NAN, *norms[1:]], strict=True)]
    return warnings(reports, lambda: BASELINE, learning_rate=0.5)


def test_a_variant_that_learns_is_not_warned_of():
    assert watched([0.7]) == ()
    assert watched([0.7, 0.5]) == ()
    assert watched([0.7, 0.5, 0.41, 0.35, 0.34, 0.339, 0.3389, 0.3388]) == ()


def test_a_loss_that_rises_names_the_rate_and_a_tenth_of_it():
    assert watched([0.7, 1.5]) == (
        "Its loss rose from 0.7 before the first step to 1.5: the learning rate of 0.5 diverges; try 0.05.",
    )
    assert watched([0.7, 1.3]) == ()
    assert len(watched([0.7, 9.0, 9.0, 9.0], [NAN, 0.1, 0.0, 0.0])) == 1  # not its gradients and its standing still too


def test_exploding_gradients_are_told():
    assert watched([0.7, 0.6, 0.6], [NAN, 0.1, 123.0]) == (
        "Its gradients explode: their norm is 123, 1,230 times that of the first epoch; clip them, or lower the "
        "learning rate to 0.05.",
    )
    assert "no longer finite" in watched([0.7, 0.6], [NAN, NAN])[0]
    assert watched([0.7, 0.6, 0.6], [NAN, 0.1, 9.0]) == ()


def test_vanishing_gradients_are_told_while_the_loss_is_high():
    assert "Its gradients vanish: their norm is 1e-06 while" in watched([0.7, 0.6, 0.6], [NAN, 0.1, 1e-6])[0]
    assert "Its gradients vanish" in watched([0.7, 0.7], [NAN, 0.0])[0]
    assert watched([0.7, 0.6, 0.01], [NAN, 0.1, 1e-6]) == ()


def test_a_loss_stuck_at_its_constant_baseline_is_told():
    assert watched([0.7, 0.4, 0.4, 0.4]) == (
        "Its loss of 0.4 is no better than that of the best constant logits, 0.4: for 3 epochs it has learnt nothing "
        "from the inputs.",
    )
    assert watched([0.7, 0.4, 0.4]) == ()  # too soon to say
    assert watched([0.7, 0.38, 0.38, 0.38], validation_loss=0.5) == ()  # overfits, but learns
    assert watched([0.7, 0.4, 0.4, 0.4], validation_loss=0.3) == ()  # dropout alone keeps the training loss high
    assert watched([0.9, 0.7, 0.6, 0.5]) == ()  # on its way


def test_divergence_is_told_with_rate_and_kept_epoch_for_as_long_as_it_is_reported():
    history = [report(0.7), report(0.5, best_epoch=1), report(NAN, NAN, state=DIVERGED, best_epoch=1)]
    told = warnings(history, lambda: BASELINE, 0.5)
    assert told == (
        "Diverged in epoch 2: its loss or its logits were no longer finite. The learning rate is 0.5: try 0.05. It "
        "keeps the weights of epoch 1; the other variants go on.",
    )
    assert warnings([*history, history[-1]], lambda: BASELINE, 0.5) == told
    untrained = [report(0.7, best_epoch=0), report(NAN, NAN, state=DIVERGED, best_epoch=0)]
    assert "It has learnt nothing that could be kept" in warnings(untrained, lambda: BASELINE, 0.5)[0]


@pytest.mark.parametrize("name", LOSSES)
def test_constant_baseline_is_what_constant_logits_cost_in_batches(name):
    """No constants near the best ones are cheaper by more than the fit's tolerance."""
    data, loss = easy_data(), LossSettings(name)
    parts = data.train.labels, data.validation.labels
    found = constant_baseline(loss, *parts, counts_of(data), batch_size=60)
    targets = torch.from_numpy(data.train.labels).double()
    rng = np.random.default_rng(0)
    others = torch.from_numpy(rng.normal(0, 2, size=(30, 3)))
    costs = [
        float(loss.variant.reduced(each.expand_as(targets), targets, "mean", counts=counts_of(data))) for each in others
    ]
    assert found.training <= min(costs) + 1e-6
    assert np.isfinite(found.validation)


def test_a_variant_that_cannot_see_its_inputs_is_stuck():
    data = easy_data()
    blind = replace(data, **{n: replace(p, inputs=np.zeros_like(p.inputs)) for n, p in data.parts.items()})
    reports, _ = finished(small_plan("bce_with_logits", "focal", epochs=40, learning_rate=0.05), blind)
    assert all("best constant logits" in " ".join(each.warnings) for each in reports[-1].variants)
    assert not any(each.warnings for report in reports[:3] for each in report.variants)
    seeing, _ = finished(small_plan("bce_with_logits", "focal", epochs=40, learning_rate=0.05), data)
    assert not any(each.warnings for report in seeing for each in report.variants)


def test_a_rate_that_throws_the_loss_onto_its_clamps_is_told_as_the_one_cause():
    """BCE of probabilities ends at -log(0) = 100, where no gradient is left."""
    plan = small_plan("bce", name="sgd", momentum=0.0, learning_rate=1000.0, epochs=3)
    reports, _ = finished(plan, easy_data())
    (rose,) = reports[-1].variants[0].warnings
    assert rose.endswith("the learning rate of 1000 diverges; try 100.")
    assert reports[-1].variants[0].gradient_norm == 0


def test_gradients_that_explode_until_nothing_is_finite_are_told():
    chosen = {"name": "sgd", "momentum": 0.0, "learning_rate": 1000.0, "schedule": "constant", "epochs": 8}
    reports, _ = finished(small_plan("bce_with_logits", **chosen), easy_data())
    assert "Its gradients explode" in " ".join(reports[2].variants[0].warnings)
    assert reports[-1].variants[0].state == DIVERGED
    assert "The learning rate is 1000: try 100" in reports[-1].variants[0].warnings[0]
