import math

import pytest
import torch
from safetensors.torch import load, save

from dashboard.losses import LOSSES, ClassCounts, LossSettings, parse_loss
from dashboard.training.lockstep import LockStep
from dashboard.training.plan import ModelPlan, OptimiserPlan, PlanError
from tests.unit.training.plain_training import plain_training

CPU = torch.device("cpu")
N_CLASSES = 4
MODELS = {
    "linear": (ModelPlan("linear", dropout=0.3), (7,)),
    "mlp": (ModelPlan("mlp", 8, 2, dropout=0.3), (7,)),
    "cnn": (ModelPlan("cnn", 4, 2, dropout=0.3), (2, 8, 8)),
    "vit": (ModelPlan("vit", 8, 1, dropout=0.3, patch=4, heads=2), (2, 8, 8)),
}
VARIANTS = ("bce_with_logits", "focal:gamma=1.5", "asl", "zlpr", "single_label_cross_entropy")


def make_batches(input_shape, n_batches, n_rows=12, dtype=torch.float64, seed=0):
    """Random inputs and targets, some of them unknown; every batch has rows with one positive."""
    draw = torch.Generator().manual_seed(seed)
    batches = []
    for _ in range(n_batches):
        inputs = torch.randn(n_rows, *input_shape, generator=draw, dtype=torch.float64)
        chances = torch.rand(n_rows, N_CLASSES, generator=draw)
        targets = torch.where(chances < 0.3, 1.0, 0.0) - torch.where(chances > 0.9, 1.0, 0.0)
        targets[0] = torch.tensor([1.0, 0.0, 0.0, 0.0])
        batches.append((inputs.to(dtype), targets.to(dtype)))
    return batches


def make_lock_step(model, plan, losses, batches, *, precision="float64", device=CPU, seed=3, n_steps=None):
    counts = ClassCounts.of_targets(torch.cat([targets for _, targets in batches]))
    common = {"input_shape": tuple(batches[0][0].shape[1:]), "counts": counts, "n_steps": n_steps or len(batches)}
    chosen = [parse_loss(loss) if isinstance(loss, str) else loss for loss in losses]
    return LockStep(model, plan, chosen, **common, seed=seed, device=device, precision=precision)


def trained(lock_step, batches):
    """The figures of all steps, (n_steps, n_variants) each."""
    figures = [lock_step.step(*batch) for batch in batches]
    return torch.stack([each.loss for each in figures]), torch.stack([each.gradient_norm for each in figures])


def assert_same_weights(lock_step, other, variants):
    for variant in variants:
        theirs = other.weights(variant)
        assert all(torch.equal(weight, theirs[name]) for name, weight in lock_step.weights(variant).items())


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("model", MODELS)
def test_lock_step_equals_training_each_alone_in_float64(model, optimiser):
    model, input_shape = MODELS[model]
    rate = 0.05 if optimiser == "sgd" else 0.01
    plan = OptimiserPlan(optimiser, rate, warmup=0.2, weight_decay=0.02, gradient_clip=0.3)
    batches = make_batches(input_shape, 4) * 3
    lock_step = make_lock_step(model, plan, VARIANTS, batches)
    losses, norms = trained(lock_step, batches)
    counts = ClassCounts.of_targets(torch.cat([targets for _, targets in batches]))
    assert norms.max() > 0.3, "nothing was clipped"
    for k, loss in enumerate(VARIANTS):
        module, its_losses, its_norms = plain_training(model, plan, parse_loss(loss), counts, batches, seed=3)
        assert losses[:, k].tolist() == pytest.approx(its_losses, rel=1e-9, abs=1e-9)
        assert norms[:, k].tolist() == pytest.approx(its_norms, rel=1e-9, abs=1e-9)
        for name, weight in module.state_dict().items():
            torch.testing.assert_close(lock_step.weights(k)[name], weight, rtol=0, atol=1e-9)
        with torch.no_grad():
            its_logits = module(batches[0][0])
        torch.testing.assert_close(lock_step.logits(batches[0][0])[k], its_logits, rtol=0, atol=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_first_gradients_in_float32_equal_those_of_each_alone_to_1e_5(model):
    model, input_shape = MODELS[model]
    plan = OptimiserPlan("sgd", 1.0, schedule="constant", momentum=0.0)
    batches = make_batches(input_shape, 1, n_rows=48, dtype=torch.float32)
    lock_step = make_lock_step(model, plan, VARIANTS, batches, precision="float32")
    before = [lock_step.weights(k) for k in range(len(VARIANTS))]
    trained(lock_step, batches)
    counts = ClassCounts.of_targets(batches[0][1])
    for k, loss in enumerate(VARIANTS):
        module, _, _ = plain_training(model, plan, parse_loss(loss), counts, batches, seed=3, dtype=torch.float32)
        for name, weight in module.state_dict().items():
            gradient, its = before[k][name] - lock_step.weights(k)[name], before[k][name] - weight
            torch.testing.assert_close(gradient, its, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("model", MODELS)
def test_training_repeats_to_the_last_bit(model):
    model, input_shape = MODELS[model]
    batches = make_batches(input_shape, 4, dtype=torch.float32)
    first, second = (make_lock_step(model, OptimiserPlan(), VARIANTS, batches, precision="float32") for _ in "ab")
    assert torch.equal(trained(first, batches)[0], trained(second, batches)[0])
    assert_same_weights(first, second, range(len(VARIANTS)))


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("model", MODELS)
def test_a_variant_that_is_not_finite_spoils_itself_alone(model, optimiser):
    model, input_shape = MODELS[model]
    plan = OptimiserPlan(optimiser, weight_decay=0.01, gradient_clip=1.0)
    batches = make_batches(input_shape, 4)
    sound, spoilt = (make_lock_step(model, plan, VARIANTS, batches) for _ in "ab")
    infinite = {name: torch.full_like(weight, math.inf) for name, weight in spoilt.weights(1).items()}
    spoilt.put_weights(1, infinite)
    losses, norms = trained(sound, batches)
    with_spoilt, norms_with_spoilt = trained(spoilt, batches)
    others = [0, 2, 3, 4]
    assert not spoilt.weights(1)["head.weight"].isfinite().any() and not with_spoilt[:, 1].isfinite().any()
    assert torch.equal(losses[:, others], with_spoilt[:, others])
    assert torch.equal(norms[:, others], norms_with_spoilt[:, others])
    assert_same_weights(sound, spoilt, others)


@pytest.mark.parametrize("optimiser", ["adam", "sgd"])
@pytest.mark.parametrize("model", MODELS)
def test_a_frozen_variant_keeps_its_weights_and_the_others_their_numbers(model, optimiser):
    model, input_shape = MODELS[model]
    plan = OptimiserPlan(optimiser, 0.01, weight_decay=0.01)
    batches = make_batches(input_shape, 6)
    free, frozen = (make_lock_step(model, plan, VARIANTS, batches) for _ in "ab")
    trained(free, batches[:3]), trained(frozen, batches[:3])
    frozen.freeze(2)
    kept = frozen.weights(2)
    losses, (with_frozen, norms) = trained(free, batches[3:])[0], trained(frozen, batches[3:])
    assert all(torch.equal(weight, kept[name]) for name, weight in frozen.weights(2).items())
    assert with_frozen[:, 2].isnan().all() and norms[:, 2].isnan().all()
    assert torch.equal(losses[:, [0, 1, 3, 4]], with_frozen[:, [0, 1, 3, 4]])
    assert_same_weights(free, frozen, [0, 1, 3, 4])


def test_weights_put_into_a_frozen_variant_stay():
    batches = make_batches((7,), 2)
    lock_step = make_lock_step(MODELS["mlp"][0], OptimiserPlan(), VARIANTS, batches)
    start = lock_step.weights(0)
    trained(lock_step, batches[:1])
    lock_step.freeze(0)
    lock_step.put_weights(0, start)
    trained(lock_step, batches[1:])
    assert all(torch.equal(weight, start[name]) for name, weight in lock_step.weights(0).items())


def test_all_variants_frozen_change_nothing():
    batches = make_batches((7,), 2)
    lock_step = make_lock_step(MODELS["mlp"][0], OptimiserPlan(), VARIANTS[:2], batches)
    for variant in (0, 1):
        lock_step.freeze(variant)
    before = [lock_step.weights(variant) for variant in (0, 1)]
    losses, norms = trained(lock_step, batches)
    assert losses.isnan().all() and norms.isnan().all() and lock_step.steps_done == 2
    for variant in (0, 1):
        assert all(torch.equal(weight, before[variant][n]) for n, weight in lock_step.weights(variant).items())


@pytest.mark.parametrize("optimiser", ["adam", "adamw", "sgd"])
@pytest.mark.parametrize("model", MODELS)
def test_a_restored_state_goes_on_as_if_nothing_had_happened(model, optimiser):
    model, input_shape = MODELS[model]
    plan = OptimiserPlan(optimiser, 0.01)
    batches = make_batches(input_shape, 6)
    unbroken, resumed = (make_lock_step(model, plan, VARIANTS, batches) for _ in "ab")
    trained(unbroken, batches[:3])
    unbroken.freeze(1)
    resumed.restore(load(save(unbroken.state())))
    assert resumed.steps_done == 3
    ours, theirs = trained(unbroken, batches[3:]), trained(resumed, batches[3:])
    assert torch.equal(ours[0].nan_to_num(-1), theirs[0].nan_to_num(-1)) and ours[0][:, 1].isnan().all()
    assert_same_weights(unbroken, resumed, range(len(VARIANTS)))


def test_a_state_is_a_copy():
    batches = make_batches((7,), 2)
    lock_step = make_lock_step(MODELS["mlp"][0], OptimiserPlan(), VARIANTS[:1], batches)
    trained(lock_step, batches[:1])
    state = lock_step.state()
    before = {name: value.clone() for name, value in state.items()}
    trained(lock_step, batches[1:])
    assert all(torch.equal(value, before[name]) for name, value in state.items())


def test_every_loss_can_be_trained():
    batches = make_batches((7,), 3, dtype=torch.float32)
    plan = OptimiserPlan("adam", 0.01)
    losses = [LossSettings(name) for name in LOSSES]
    lock_step = make_lock_step(MODELS["mlp"][0], plan, losses, batches, precision="float32")
    values, norms = trained(lock_step, batches)
    assert values.isfinite().all() and norms.isfinite().all() and (norms[0] > 0).all()


@pytest.mark.parametrize("has_unknown", [True, False])
def test_the_loss_of_a_step_is_the_mean_over_what_counts(has_unknown):
    (inputs, targets) = make_batches((7,), 1)[0]
    targets = targets if has_unknown else targets.clamp(min=0)
    losses = [LossSettings(name) for name in LOSSES]
    lock_step = make_lock_step(ModelPlan("linear"), OptimiserPlan(), losses, [(inputs, targets)])
    logits, counts = lock_step.logits(inputs), ClassCounts.of_targets(targets)
    expected = [
        loss.variant.reduced(of_one, targets, "mean", counts=counts).item()
        for loss, of_one in zip(losses, logits, strict=True)
    ]
    assert lock_step.step(inputs, targets).loss.tolist() == pytest.approx(expected, rel=1e-12)


def test_a_step_does_not_depend_on_the_size_of_the_batch():
    (inputs, targets) = make_batches((7,), 1)[0]
    losses = [LossSettings(name) for name in LOSSES if LOSSES[name].unit != "batch" and name != "masked"]
    single = make_lock_step(ModelPlan("linear"), OptimiserPlan(), losses, [(inputs, targets)])
    double = make_lock_step(ModelPlan("linear"), OptimiserPlan(), losses, [(inputs, targets)])
    once, twice = single.step(inputs, targets), double.step(inputs.repeat(2, 1), targets.repeat(2, 1))
    torch.testing.assert_close(once.loss, twice.loss)
    torch.testing.assert_close(once.gradient_norm, twice.gradient_norm)


def test_a_batch_in_which_nothing_counts_costs_and_teaches_nothing():
    batches = make_batches((7,), 1)
    inputs = batches[0][0]
    losses = ["bce_with_logits", "zlpr", "single_label_cross_entropy", "two_way", "masked"]
    lock_step = make_lock_step(ModelPlan("linear"), OptimiserPlan("sgd"), losses, batches)
    before = lock_step.logits(inputs)
    figures = lock_step.step(inputs, torch.full((len(inputs), N_CLASSES), -1.0, dtype=torch.float64))
    assert figures.gradient_norm.tolist() == [0.0] * len(losses)
    assert torch.equal(lock_step.logits(inputs), before) and (figures.loss[:3] == 0).all()


def test_logits_are_the_same_whatever_the_number_of_samples():
    batches = make_batches((2, 8, 8), 1, n_rows=300)
    for model in ("linear", "cnn"):
        lock_step = make_lock_step(MODELS[model][0], OptimiserPlan(), VARIANTS[:2], batches)
        inputs = batches[0][0]
        assert lock_step.logits(inputs).shape == (2, 300, N_CLASSES) and not lock_step.logits(inputs).requires_grad
        torch.testing.assert_close(lock_step.logits(inputs)[:, :5], lock_step.logits(inputs[:5]))


@pytest.mark.parametrize("schedule", ["constant", "linear", "cosine"])
def test_the_learning_rate_ends_at_a_hundredth(schedule):
    batches = make_batches((7,), 10)
    plan = OptimiserPlan("sgd", 0.5, schedule=schedule, warmup=0.3)
    lock_step = make_lock_step(MODELS["mlp"][0], plan, VARIANTS[:1], batches)
    rates = []
    for batch in batches:
        rates.append(lock_step.learning_rate)
        lock_step.step(*batch)
    assert rates[:4] == pytest.approx([0.125, 0.25, 0.375, 0.5])
    assert rates[-1] == pytest.approx(0.5 if schedule == "constant" else 0.005)
    assert rates[3:] == sorted(rates[3:], reverse=True)
    assert lock_step.learning_rate == pytest.approx(rates[-1])  # also after the last step


def test_mixed_precision_is_refused_on_the_cpu():
    with pytest.raises(PlanError, match="Mixed precision needs a CUDA GPU"):
        make_lock_step(MODELS["mlp"][0], OptimiserPlan(), VARIANTS, make_batches((7,), 1), precision="mixed")


needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="torch finds no CUDA GPU here")


@needs_cuda
@pytest.mark.parametrize("model", MODELS)
def test_a_gpu_gives_the_numbers_of_the_cpu(model):
    model, input_shape = MODELS[model]
    model = ModelPlan(model.kind, model.width, model.depth, patch=model.patch, heads=model.heads)
    batches = make_batches(input_shape, 4)
    cuda = torch.device("cuda")
    on_cpu = make_lock_step(model, OptimiserPlan(), VARIANTS, batches)
    on_gpu = make_lock_step(model, OptimiserPlan(), VARIANTS, batches, device=cuda)
    losses, _ = trained(on_cpu, batches)
    on_gpu_losses, _ = trained(on_gpu, [(x.to(cuda), y.to(cuda)) for x, y in batches])
    torch.testing.assert_close(on_gpu_losses.cpu(), losses, rtol=1e-9, atol=1e-9)


@needs_cuda
@pytest.mark.parametrize("model", MODELS)
def test_mixed_precision_trains_on_a_gpu(model):
    model, input_shape = MODELS[model]
    batches = [(x.cuda(), y.cuda()) for x, y in make_batches(input_shape, 4, dtype=torch.float32)] * 10
    counts_from = [(x.cpu(), y.cpu()) for x, y in batches]
    cuda, plan = torch.device("cuda"), OptimiserPlan("adam", 0.01)
    lock_step = make_lock_step(model, plan, VARIANTS, counts_from, precision="mixed", device=cuda)
    losses, _ = trained(lock_step, batches)
    assert (
        losses.dtype == torch.float32 and losses.isfinite().all() and (losses[-4:].mean(0) < losses[:4].mean(0)).all()
    )
