import itertools

import numpy as np
import pytest
import torch

from dashboard.core import Predictions, RankedScores
from dashboard.losses import LossSettings
from dashboard.training import train
from dashboard.training.models import make_module, scores_of
from dashboard.training.plan import ModelPlan
from dashboard.training.results import trained_so_far
from tests.unit.training.small_training import easy_data, finished, small_plan

DATA = easy_data()


def test_runs_carry_the_logits_of_their_weights_in_the_plain_model():
    plan = small_plan(model=ModelPlan(width=8, depth=2, dropout=0.2), seeds=(1, 2))
    _, trained = finished(plan, DATA)
    assert [(run.name, run.variant, run.seed) for run in trained.runs] == [
        (f"{loss}_seed{seed}", loss, seed) for seed in (1, 2) for loss in ("bce_with_logits", "focal", "zlpr")
    ]
    for run in trained.runs:
        module = make_module(plan.model, DATA.input_shape, 3).eval()
        module.load_state_dict({name: torch.from_numpy(each) for name, each in run.weights.items()})
        for part in ("validation", "test"):
            with torch.no_grad():
                expected = module(torch.from_numpy(getattr(DATA, part).inputs))
            assert run.logits[part].dtype == np.float32
            np.testing.assert_allclose(run.logits[part], expected, rtol=0, atol=1e-5)


def test_runs_carry_the_figures_of_their_best_epoch():
    losses = ("focal", "zlpr", "single_label_cross_entropy")  # the last carries other scores than the model's logits
    plan = small_plan(*losses, epochs=6, stop_on="mean_average_precision", patience=2, learning_rate=0.1)
    reports, trained = finished(plan, DATA)
    for variant, run in enumerate(trained.runs):
        r = RankedScores.from_predictions(Predictions(run.logits["validation"], DATA.validation.labels))
        reported = [report.variants[variant].mean_average_precision for report in reports]
        assert r.average_precision("macro") == reported[run.best_epoch] == max(reported[1:])


def test_a_softmax_head_carries_the_log_odds_of_its_probabilities():
    _, trained = finished(small_plan("single_label_cross_entropy"), DATA)
    probabilities = 1 / (1 + np.exp(-trained.runs[0].logits["test"].astype(np.float64)))
    np.testing.assert_allclose(probabilities.sum(1), 1, rtol=1e-5)
    logits = torch.tensor([[1.0, 2.0, 3.0]])
    scores = scores_of(logits, LossSettings("single_label_cross_entropy"))
    np.testing.assert_allclose(scores.sigmoid(), logits.softmax(1), rtol=1e-6)


def test_double_precision_is_carried_as_float32():
    _, trained = finished(small_plan("focal", precision="float64", epochs=1), DATA)
    assert trained.runs[0].weights["head.weight"].dtype == np.float64
    assert trained.runs[0].logits["test"].dtype == np.float32


@pytest.mark.parametrize(("n_reports", "n_runs"), [(1, 0), (2, 3), (3, 3), (5, 3), (6, 3), (7, 6), (8, 6)])
def test_trained_so_far_has_what_had_an_epoch(tmp_path, n_reports, n_runs):
    """Reports are of epochs 0 to 4 of the first seed, then of 0 on of the second; only epoch 0 is no training."""
    plan = small_plan(seeds=(1, 2))
    training = train(plan, DATA, folder=tmp_path)
    reports = list(itertools.islice(training, n_reports))
    training.close()
    found = trained_so_far(plan, DATA, tmp_path)
    assert len(found.runs) == n_runs
    assert len(found.reports) == n_reports
    last = reports[-1]
    assert [run.best_epoch for run in found.runs] == [4] * 3 * (last.seed_index) + [last.epoch] * 3 * (last.epoch > 0)
    untrained = [f"{loss}_seed{last.seed}" for loss in ("bce_with_logits", "focal", "zlpr")] if not last.epoch else []
    assert [sentence.split(" is left out")[0] for sentence in found.notices] == untrained


def test_trained_so_far_without_checkpoints_is_empty(tmp_path):
    found = trained_so_far(small_plan(), DATA, tmp_path / "none")
    assert (found.runs, found.reports, found.notices) == ((), (), ())
    assert not (tmp_path / "none").exists()
