import math

import pytest
import torch

from dashboard.losses import LOSSES, LossSettings
from dashboard.training.models import (
    SOFTMAX_LOSS,
    initial_weights,
    make_module,
    n_poolings,
    parameter_count,
    scores_of,
)
from dashboard.training.plan import ModelPlan, PlanError

IMAGES = (1, 24, 32)
MODELS = {
    "linear": (ModelPlan("linear"), (72,)),
    "linear on images": (ModelPlan("linear"), IMAGES),
    "mlp": (ModelPlan("mlp", 16, 3), (72,)),
    "mlp on images": (ModelPlan("mlp", 16, 1), IMAGES),
    "cnn": (ModelPlan("cnn", 8, 3), IMAGES),
    "cnn, many channels": (ModelPlan("cnn", 8, 5), (3, 12, 9)),
    "vit": (ModelPlan("vit", 16, 2), IMAGES),
}
COUNTS = {
    "linear": 72 * 6 + 6,
    "linear on images": 768 * 6 + 6,
    "mlp": (72 + 1) * 16 + 2 * 17 * 16 + 17 * 6,
    "mlp on images": 769 * 16 + 17 * 6,
    "cnn": 10 * 8 + (72 + 1) * 16 + (144 + 1) * 32 + 33 * 6,
    "cnn, many channels": (27 + 1) * 8 + 73 * 8 + 3 * 73 * 8 + 9 * 6,
    "vit": 17 * 16 + 48 * 16 + 2 * (2 * 32 + 17 * 48 + 17 * 16 + 17 * 32 + 33 * 16) + 32 + 17 * 6,
}


@pytest.mark.parametrize("name", MODELS)
def test_make_module_gives_logits_of_each_class(name):
    model, input_shape = MODELS[name]
    assert make_module(model, input_shape, 6)(torch.rand(5, *input_shape)).shape == (5, 6)


@pytest.mark.parametrize("name", MODELS)
def test_parameter_count_is_that_counted_by_hand(name):
    assert parameter_count(*MODELS[name], 6) == COUNTS[name]
    assert sum(weight.numel() for weight in initial_weights(*MODELS[name], 6, seed=0).values()) == COUNTS[name]


def test_parameter_count_takes_no_memory():
    assert parameter_count(ModelPlan("mlp", 4096, 16), (10**9,), 6) > 4 * 10**12


@pytest.mark.parametrize("name", MODELS)
def test_initial_weights_depend_on_the_seed_alone(name):
    before = torch.random.get_rng_state()
    first, other = initial_weights(*MODELS[name], 6, seed=1), initial_weights(*MODELS[name], 6, seed=2)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.rand(3)
    again = initial_weights(*MODELS[name], 6, seed=1)
    assert all(torch.equal(weight, again[each]) for each, weight in first.items())
    assert not torch.equal(first["head.weight"], other["head.weight"])
    make_module(*MODELS[name], 6).load_state_dict(first)


def test_models_without_dropout_or_in_evaluation_repeat():
    for model, input_shape in MODELS.values():
        module = make_module(ModelPlan(model.kind, model.width, model.depth, 0.5), input_shape, 6).eval()
        inputs = torch.rand(4, *input_shape)
        assert torch.equal(module(inputs), module(inputs))


def test_a_cnn_finds_the_same_wherever_it_is():
    module = make_module(ModelPlan("cnn", 8, 2), (1, 24, 32), 6)
    images = torch.zeros(2, 1, 24, 32)
    images[0, 0, 8:12, 8:12] = images[1, 0, 12:16, 20:24] = 1.0
    torch.testing.assert_close(*module(images))


def test_a_vit_knows_places():
    module = make_module(ModelPlan("vit", 16, 2), (1, 24, 32), 6)
    images = torch.zeros(2, 1, 24, 32)
    images[0, 0, 8:12, 8:12] = images[1, 0, 12:16, 20:24] = 1.0
    assert not torch.allclose(*module(images), rtol=1e-5)


@pytest.mark.parametrize(("shape", "depth", "expected"), [((1, 24, 32), 5, 3), ((1, 24, 32), 2, 2), ((1, 5, 40), 3, 0)])
def test_n_poolings_stops_at_small_images(shape, depth, expected):
    assert n_poolings(ModelPlan("cnn", 4, depth), shape) == expected
    assert make_module(ModelPlan("cnn", 4, depth), shape, 2)(torch.rand(1, *shape)).shape == (1, 2)


@pytest.mark.parametrize(("kind", "title"), [("cnn", "CNN"), ("vit", "ViT")])
def test_an_image_model_refuses_columns(kind, title):
    with pytest.raises(PlanError, match=rf"A {title} needs images, .* the shape \(72,\): choose linear or mlp\."):
        make_module(ModelPlan(kind), (72,), 6)


def test_a_vit_refuses_patches_that_do_not_fit():
    with pytest.raises(PlanError, match=r"got 5 for 24 x 32: choose 2, 4, 8\."):
        parameter_count(ModelPlan("vit", patch=5), (1, 24, 32), 6)
    with pytest.raises(PlanError, match=r"got 2 for 5 x 7: choose 1\."):
        parameter_count(ModelPlan("vit", patch=2), (1, 5, 7), 6)


def test_scores_of_a_sigmoid_head_are_its_logits():
    logits = torch.randn(3, 4)
    assert all(scores_of(logits, LossSettings(name)) is logits for name in LOSSES if name != SOFTMAX_LOSS)


def test_scores_of_a_softmax_head_are_the_log_odds_of_its_probabilities():
    logits = torch.randn(2, 50, 6) * 3
    scores = scores_of(logits, LossSettings(SOFTMAX_LOSS))
    p = torch.softmax(logits.double(), -1)
    torch.testing.assert_close(scores, torch.log(p) - torch.log1p(-p), rtol=1e-9, atol=1e-9)
    assert scores.dtype == torch.float64


def test_scores_of_a_softmax_head_stay_finite_where_probabilities_end():
    scores = scores_of(torch.tensor([[1000.0, 0.0, -1000.0], [0.0, 0.0, -2000.0]]), LossSettings(SOFTMAX_LOSS))
    assert scores[0].tolist() == pytest.approx([1000.0, -1000.0, -2000.0], abs=1e-9)
    assert scores[1].tolist() == pytest.approx([0.0, 0.0, -2000.0 - math.log(2)], abs=1e-9)


def test_scores_of_two_softmax_classes_are_their_difference():
    scores = scores_of(torch.tensor([[3.0, 1.0]]), LossSettings(SOFTMAX_LOSS))
    assert scores.tolist() == [[pytest.approx(2.0), pytest.approx(-2.0)]]
