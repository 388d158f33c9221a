"""The exported program, run without this project: the same weights and logits as the app's."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from safetensors.numpy import load_file

from dashboard.losses import LOSSES
from dashboard.training.data import DataPart, TrainingData
from dashboard.training.exports import write_trained
from dashboard.training.plan import ModelPlan, OptimiserPlan, TrainingPlan, VariantPlan
from dashboard.training.training_script import training_script
from tests.unit.training.small_training import finished

# One interpreter runs many programs: what takes time is loading torch.
RUN_ALL = """
import runpy, sys
for line in sys.stdin.read().splitlines():
    sys.argv = [line + "/train.py", "-o", line + "/retrained"]
    runpy.run_path(sys.argv[0], run_name="__main__")
print("dashboard" in sys.modules or any(name.startswith("dashboard") for name in sys.modules))
"""
MLP = ModelPlan("mlp", width=6, depth=1)
ONE_EPOCH = OptimiserPlan(epochs=1, batch_size=16, learning_rate=0.01)


def make_data(shape, *, unknown=0.0, n_classes=4, seed=0):
    rng = np.random.default_rng(seed)
    n, weights = 60, rng.normal(size=(int(np.prod(shape)), n_classes))
    parts = {}
    for name in ("train", "validation", "test"):
        inputs = rng.random((n, *shape)).astype(np.float32)
        labels = (inputs.reshape(n, -1) @ weights > 0.5).astype(np.int8)
        labels[rng.random(labels.shape) < unknown] = -1
        parts[name] = DataPart(inputs, labels)
    return TrainingData('a "name\nwith """quotes', tuple(f'class {c} """' for c in range(n_classes)), **parts)


def trained(plan, data, folder):
    _, found = finished(plan, data)
    write_trained(folder, found, data)
    return found


def retrain(folders):
    """Runs their programs in an interpreter that knows nothing of this project."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run(
        [sys.executable, "-I", "-c", RUN_ALL],
        input="\n".join(map(str, folders)),
        capture_output=True,
        text=True,
        cwd=folders[0],
        env=environment,
        check=False,
    )
    assert found.returncode == 0, found.stderr[-3000:]
    assert found.stdout.splitlines()[-1] == "False"


def assert_same(runs, folder, tolerance):
    for run in runs:
        again = load_file(folder / run.name / "retrained" / "weights.safetensors")
        assert set(again) == set(run.weights)
        for key, weight in run.weights.items():
            assert again[key].dtype == weight.dtype
            np.testing.assert_allclose(again[key], weight, rtol=0, atol=tolerance, err_msg=f"{run.name} {key}")
        for part in ("validation", "test"):
            with np.load(folder / run.name / "retrained" / f"{part}.npz") as arrays:
                # Logits are float32 whatever the precision of the training.
                np.testing.assert_allclose(
                    arrays["logits"], run.logits[part], rtol=1e-6, atol=max(tolerance, 1e-6), err_msg=run.name
                )
            with (
                np.load(folder / run.name / f"{part}.npz") as ours,
                np.load(folder / run.name / "retrained" / f"{part}.npz") as theirs,
            ):
                assert np.array_equal(ours["labels"], theirs["labels"])
                assert np.array_equal(ours["class_names"], theirs["class_names"])


LOSS_TEXTS = (
    "bce_with_logits:pos_weight=2",
    "pos_weight:pos_weight=1;2;3;4,weight=2",
    "pos_weight:pos_weight=effective_number",
    "focal:gamma=3,alpha=-1",
    "asl:detached=false",
    "masked:unknown=selective",
    "masked:unknown=negative",
    "label_smoothing:towards=classes",
)


def variants(*losses):
    return tuple(VariantPlan(text) for text in losses)


def make_plans():
    """Name -> plan, data, and how near the weights must be. Several epochs, but for the losses one."""
    base = TrainingPlan(
        model=MLP,
        optimiser=replace(ONE_EPOCH, epochs=3),
        variants=variants("bce_with_logits", "single_label_cross_entropy"),
        device="cpu",
        precision="float64",
    )
    flat, images = make_data((5,), unknown=0.1), make_data((1, 8, 8))
    one_positive = np.eye(4, dtype=np.int8)[np.random.default_rng(0).integers(0, 4, images.train.n_samples)]
    images = replace(images, train=replace(images.train, labels=one_positive))
    vit = ModelPlan("vit", width=8, depth=1, dropout=0.1, patch=4, heads=2)
    models = {
        "linear": ModelPlan("linear"),
        "mlp": replace(MLP, depth=2, dropout=0.3),
        "cnn": ModelPlan("cnn", width=3, depth=2, dropout=0.2),
        "vit": vit,
    }
    step = replace(ONE_EPOCH, epochs=3)
    optimisers = {
        "adamw": replace(step, name="adamw", weight_decay=0.1, schedule="linear", warmup=0.2),
        "sgd": replace(step, name="sgd", learning_rate=0.2, schedule="constant", gradient_clip=0.05),
        "adam": replace(step, epochs=4, weight_decay=0.1, stop_on="bce", patience=1, warmup=0.3),
    }
    few = {
        "losses": (replace(base, optimiser=ONE_EPOCH, variants=variants(*LOSSES)), flat),
        "settings": (replace(base, variants=variants(*LOSS_TEXTS)), flat),
        **{name: (replace(base, model=model), images) for name, model in models.items()},
        **{
            name: (replace(base, optimiser=each, variants=base.variants[:1]), flat) for name, each in optimisers.items()
        },
        "seeds": (replace(base, variants=base.variants[:1], seeds=(0, 3)), flat),
    }
    single = {"float32": (replace(base, precision="float32"), flat)}
    return {name: (*each, 1e-9) for name, each in few.items()} | {name: (*each, 1e-5) for name, each in single.items()}


PLANS = make_plans()


@pytest.fixture(scope="module")
def retrained(tmp_path_factory):
    """Name of a plan -> what the app trained, and the folder with what its programs trained beside."""
    folder = tmp_path_factory.mktemp("programs")
    done = {name: trained(plan, data, folder / name) for name, (plan, data, _) in PLANS.items()}
    retrain([folder / name / run.name for name, found in done.items() for run in found.runs])
    return {name: (found, folder / name) for name, found in done.items()}


@pytest.mark.parametrize("name", PLANS)
def test_a_program_trains_the_same(retrained, name):
    """Of every loss, with unknown labels, and of every model, with dropout; optimisers, schedules, seeds."""
    plan, _, tolerance = PLANS[name]
    found, folder = retrained[name]
    assert len(found.runs) == len(plan.variants) * len(plan.seeds)
    assert_same(found.runs, folder, tolerance)


class FakeRun:
    name, loss, seed, best_epoch = "focal", "focal", 0, 1


@pytest.mark.parametrize(
    ("device", "precision", "said"),
    [
        ("auto", "float32", 'torch.device("cuda" if torch.cuda.is_available() else'),
        ("cuda", "mixed", 'with torch.autocast("cuda", torch.bfloat16):'),
        ("cpu", "float64", "torch.float64"),
    ],
)
def test_the_program_names_device_and_precision_and_nothing_a_user_wrote(device, precision, said):
    plan = TrainingPlan(model=MLP, optimiser=ONE_EPOCH, device=device, precision=precision)
    text = training_script(plan, FakeRun, make_data((5,)))
    assert said in text and "<<" not in text and "name\nwith" not in text and 'class 0 "' not in text
    compile(text, "train.py", "exec")
    assert "from dashboard" not in text and "import dashboard" not in text and max(map(len, text.splitlines())) <= 120
