import math
from dataclasses import replace

import pytest
import torch

from dashboard.training.checkpoints import Checkpoint
from dashboard.training.plan import OptimiserPlan
from dashboard.training.reports import VariantReport
from dashboard.training.standing import Standing, kept_tensors, standings_of

NAN = float("nan")
REPORT = VariantReport("focal", *[0.5] * 10, state="training", best_epoch=0)


def judged(values, metric="mean_average_precision", epochs=20, patience=2):
    """The standing after epochs with these values, and which of them were the best so far."""
    standing, best = Standing({}), []
    optimiser = OptimiserPlan(epochs=epochs, stop_on=metric, patience=patience)
    for epoch, value in enumerate(values, start=1):
        report = replace(REPORT, **{metric or "bce": value})
        best.append(standing.judge(report, epoch, optimiser))
    return standing, best


def test_the_first_of_equal_values_is_the_best():
    standing, best = judged([0.5, 0.5, 0.6, 0.6])
    assert best == [True, False, True, False]
    assert (standing.best_epoch, standing.best_value, standing.waited) == (3, 0.6, 1)
    assert standing.state == "training"


@pytest.mark.parametrize(("metric", "values"), [("macro_f1", [0.5, 0.7, 0.6, 0.6]), ("bce", [0.7, 0.5, 0.6, 0.6])])
def test_a_variant_stops_after_so_many_epochs_without_a_better_one(metric, values):
    assert judged(values[:3], metric)[0].state == "training"
    standing, _ = judged(values, metric)
    assert (standing.state, standing.best_epoch, standing.n_epochs) == ("stopped early", 2, 4)


def test_the_last_epoch_finishes_whatever_was_waited_for():
    standing, _ = judged([0.5, 0.4, 0.4], epochs=3)
    assert (standing.state, standing.best_epoch) == ("finished", 1)


def test_without_a_metric_to_stop_on_the_last_epoch_is_kept():
    standing, best = judged([0.1, 9.0, 5.0], metric=None, epochs=3, patience=1)
    assert best == [True] * 3
    assert (standing.state, standing.best_epoch) == ("finished", 3)
    assert math.isnan(standing.best_value)


def test_an_undefined_value_is_never_better_than_a_number():
    assert judged([NAN, 0.1, NAN])[1] == [True, True, False]
    assert judged([NAN, NAN])[1] == [True, False]


def test_standings_come_back_out_of_a_checkpoint():
    kept = [judged([0.5, 0.7])[0], judged([NAN], metric="bce")[0], Standing({})]
    for number, standing in enumerate(kept):
        standing.weights = {"head.weight": torch.full((2,), float(number)), "a/b": torch.zeros(1)}
    tensors, plain = kept_tensors(kept)
    found = standings_of(Checkpoint(0, 2, False, tensors | {"state/x": torch.zeros(1)}, plain))
    assert repr(found) == repr(kept)
    for one, other in zip(found, kept, strict=True):
        assert one.weights.keys() == other.weights.keys()
        assert all(torch.equal(one.weights[name], other.weights[name]) for name in one.weights)
