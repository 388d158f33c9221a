"""Every figure watched in training against scikit-learn and torch, on small data with ties and unknown cells."""

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score, f1_score
from torch.nn.functional import binary_cross_entropy_with_logits

from dashboard.core import Predictions
from dashboard.losses import ClassCounts, LossSettings
from dashboard.training.baseline import constant_baseline
from dashboard.training.batches import batch_order
from dashboard.training.checks import counts_of
from dashboard.training.evaluation import Judged, ranking_figures
from dashboard.training.models import initial_weights, make_module
from tests.unit.training.small_training import easy_data, finished, small_plan


def problem(seed, n_samples=40, n_classes=3, unknown=0.1):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, n_classes)) < 0.3).astype(np.int8)
    logits = np.round(rng.normal(-1, 2, size=labels.shape) + 2 * labels, 1).astype(np.float32)
    labels[rng.random(labels.shape) < unknown] = -1
    labels[0] = 1
    return logits, labels


def every_set_of_cuts(logits, labels):
    """F1 of a class at each threshold that matters: tp, fp, fn."""
    known = labels >= 0
    cuts = [*np.unique(logits[known]), np.inf]
    decided = [(logits[known] >= cut, labels[known] == 1) for cut in cuts]
    return np.array([((p & y).sum(), (p & ~y).sum(), (~p & y).sum()) for p, y in decided])


@pytest.mark.parametrize("seed", range(20))
def test_ranking_figures_are_those_of_scikit_learn(seed):
    logits, labels = problem(seed, unknown=0.1 * (seed % 2))
    found = ranking_figures(Predictions(logits, labels))
    columns = [(logits[labels[:, c] >= 0, c], labels[labels[:, c] >= 0, c]) for c in range(3)]
    pooled = np.concatenate([y for _, y in columns]), np.concatenate([z >= 0 for z, _ in columns])
    assert found["micro_f1"] == pytest.approx(f1_score(*pooled), abs=1e-12)
    assert found["macro_f1"] == pytest.approx(np.mean([f1_score(y, z >= 0) for z, y in columns]), abs=1e-12)
    assert found["mean_average_precision"] == pytest.approx(
        np.mean([average_precision_score(y, z) for z, y in columns]), abs=1e-12
    )
    best = [max(f1_score(y, z >= cut) for cut in np.unique(z)) for z, y in columns]
    assert found["macro_f1_tuned"] == pytest.approx(np.mean(best), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_the_tuned_micro_f1_is_the_best_of_all_combinations_of_thresholds(seed):
    logits, labels = problem(seed, n_samples=12)
    cuts = [every_set_of_cuts(logits[:, c], labels[:, c]) for c in range(3)]
    sums = cuts[0][:, None, None] + cuts[1][None, :, None] + cuts[2][None, None, :]
    best = (2 * sums[..., 0] / np.maximum(2 * sums[..., 0] + sums[..., 1] + sums[..., 2], 1)).max()
    assert ranking_figures(Predictions(logits, labels))["micro_f1_tuned"] == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_bce_and_saturation_are_those_of_torch(seed):
    logits, labels = problem(seed)
    counts = ClassCounts.of((labels == 1).sum(0), (labels >= 0).sum(0))
    scores = torch.from_numpy(logits) * 3
    found = Judged(labels, ("a", "b", "c"), counts).figures(scores, scores, LossSettings("bce_with_logits"))
    known = torch.from_numpy(labels >= 0)
    cells, targets = scores[known].double(), torch.from_numpy(labels)[known].double()
    assert found.bce == pytest.approx(float(binary_cross_entropy_with_logits(cells, targets)), rel=1e-12)
    probabilities = cells.sigmoid()
    extreme = ((probabilities <= 1e-3) | (probabilities >= 1 - 1e-3)).double().mean()
    assert found.saturated == pytest.approx(float(extreme), abs=1e-12)


def test_loss_gradient_norm_and_figures_are_those_of_a_plain_training_loop():
    """In float64, one variant, with batches in the same order: to 1e-9 after three epochs of Adam."""
    data, plan = easy_data(), small_plan("bce_with_logits", precision="float64", schedule="constant", epochs=3)
    reports, trained = finished(plan, data)
    module = make_module(plan.model, data.input_shape, 3).double()
    module.load_state_dict({k: v.double() for k, v in initial_weights(plan.model, (6,), 3, seed=0).items()})
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    inputs, labels = torch.from_numpy(data.train.inputs).double(), torch.from_numpy(data.train.labels).double()

    def loss_of(rows):
        known = labels[rows] >= 0
        return binary_cross_entropy_with_logits(module(inputs[rows])[known], labels[rows][known])

    for epoch in (1, 2, 3):
        losses, norms = [], []
        for rows in torch.from_numpy(batch_order(60, 0, epoch)).split(16):
            optimizer.zero_grad()
            loss = loss_of(rows)
            loss.backward()
            losses += [float(loss.detach())] * len(rows)
            norms.append(float(torch.cat([p.grad.flatten() for p in module.parameters()]).norm()))
            optimizer.step()
        found = reports[epoch].variants[0]
        assert found.loss == pytest.approx(np.mean(losses), rel=1e-9)
        assert found.gradient_norm == pytest.approx(np.mean(norms), rel=1e-9)
        with torch.no_grad():
            validation = module(torch.from_numpy(data.validation.inputs).double())
        known = torch.from_numpy(data.validation.labels >= 0)
        targets = torch.from_numpy(data.validation.labels)[known].double()
        assert found.validation_loss == pytest.approx(
            float(binary_cross_entropy_with_logits(validation[known], targets)), rel=1e-9
        )
        # Scores are carried as float32, whose rounding is 6e-8 of each.
        assert found.bce == pytest.approx(found.validation_loss, rel=1e-6)
    for name, weight in module.named_parameters():
        np.testing.assert_allclose(trained.runs[0].weights[name], weight.detach(), rtol=0, atol=1e-9)


def test_the_constant_baseline_of_bce_is_the_entropy_of_the_prevalences():
    data = easy_data()
    counts = counts_of(data)
    prevalence, known = counts.prevalence.numpy(), counts.known.numpy()
    entropy = -(prevalence * np.log(prevalence) + (1 - prevalence) * np.log(1 - prevalence))
    labels = data.train.labels, data.validation.labels
    found = constant_baseline(LossSettings("bce_with_logits"), *labels, counts, batch_size=60)
    assert found.training == pytest.approx((entropy * known).sum() / known.sum(), rel=1e-9)
