"""What training K loss variants in lock-step costs, beside training each of them alone, on the CPU or the GPU.

    python tests/benchmarks/training.py [--models linear mlp cnn vit] [--variants 2 6] [--widths 32 64 128]
                                        [--inputs 72 294 768] [--batches 32 128 256] [--times 5] [--device cpu]
                                        [--threads 2] [--cpu-time]

"engine" is the sum of K trainings by the same engine with one variant each, "plain" that of a plain loop with the
torch module, torch.optim as it comes and the same losses; lock-step is compared with the faster. Of CNN and ViT "vmap"
batches all variants by torch.func.vmap, where the engine takes them one after the other. Medians of repeats that take
turns. --cpu-time counts the process's own time, for a machine that does other work; then take one thread.
"""

import argparse
import itertools
import statistics
import time

import torch
from torch.func import functional_call, vmap

from dashboard.losses import ClassCounts, LossSettings, parse_loss
from dashboard.training.batched import gradients_of, losses_of
from dashboard.training.lockstep import LockStep
from dashboard.training.models import make_module
from dashboard.training.plan import IMAGE_MODELS, MODEL_KINDS, ModelPlan, OptimiserPlan

LOSSES = ("bce_with_logits", "pos_weight", "focal", "asl", "hill", "zlpr")
CLASSES = {72: 6, 103: 14, 294: 6}  # as in emotions, yeast and scene; else the digits' 10
IMAGE = (1, 24, 32)
OPTIMISER = OptimiserPlan("adam", schedule="constant")


class Vmapped:
    """A way to the gradients as `interleaved.Interleaved`, but all variants at once."""

    def __init__(self, module: torch.nn.Module):
        self.module = module

    def gradients(self, weights, inputs, losses, step):
        logits = vmap(lambda own: functional_call(self.module, own, (inputs,)))(dict(weights))
        found = losses_of(logits.unbind(), losses)
        return found, gradients_of(found, list(weights.values()))


class Problem:
    """Random data, and trainings of a number of steps on it."""

    def __init__(self, model: ModelPlan, input_shape, batch_size: int, device: str):
        n_classes = CLASSES.get(input_shape[0], 10)
        self.model, self.input_shape, self.device = model, input_shape, torch.device(device)
        self.inputs = torch.randn(batch_size, *input_shape, device=device)
        self.targets = (torch.rand(batch_size, n_classes, device=device) < 0.2).float()
        self.counts = ClassCounts.of_targets(self.targets.cpu())

    def lock_step(self, losses: list[LossSettings]) -> LockStep:
        common = {"input_shape": self.input_shape, "counts": self.counts, "n_steps": 1000, "seed": 0}
        return LockStep(self.model, OPTIMISER, losses, device=self.device, precision="float32", **common)

    def engine(self, losses: list[LossSettings]):
        """A function that takes one step of all losses in lock-step."""
        lock_step = self.lock_step(losses)
        return lambda: lock_step.step(self.inputs, self.targets)

    def vmapped(self, losses: list[LossSettings]):
        """The same with all variants batched by vmap."""
        lock_step = self.lock_step(losses)
        lock_step._way = Vmapped(make_module(self.model, self.input_shape, 10).to(self.device))
        return lambda: lock_step.step(self.inputs, self.targets)

    def plain(self, loss: LossSettings):
        """A function that takes one step as a plain loop would."""
        module = make_module(self.model, self.input_shape, self.targets.shape[1]).to(self.device)
        optimiser = torch.optim.Adam(module.parameters(), lr=OPTIMISER.learning_rate)
        counts = ClassCounts.of_targets(self.targets)

        def step():
            optimiser.zero_grad()
            values = loss.variant.reduced(module(self.inputs), self.targets, "mean", counts=counts, **dict(loss.given))
            values.backward()
            optimiser.step()

        return step


def seconds(steps, n_steps: int, device: torch.device, clock=time.perf_counter) -> float:
    """All functions of `steps`, n_steps times, one after the other as whole trainings."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    started = clock()
    for step in steps:
        for _ in range(n_steps):
            step()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return clock() - started


def measure(problem: Problem, losses: list[LossSettings], times: int, clock) -> dict[str, float]:
    """Milliseconds of one step of all variants: in lock-step, by the engine one by one, by plain loops."""
    is_image = problem.model.kind in IMAGE_MODELS
    n_steps = 2 if is_image else 30
    ways = {
        "lock-step": [problem.engine(losses)],
        "engine": [problem.engine([loss]) for loss in losses],
        "plain": [problem.plain(loss) for loss in losses],
    }
    if is_image:
        ways["vmap"] = [problem.vmapped(losses)]
    for steps in ways.values():
        seconds(steps, 3, problem.device)
    found = {name: [] for name in ways}
    for _ in range(times):
        for name, steps in ways.items():
            found[name].append(seconds(steps, n_steps, problem.device, clock) / n_steps * 1000)
    return {name: statistics.median(each) for name, each in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", default=list(MODEL_KINDS), choices=MODEL_KINDS)
    parser.add_argument("--variants", nargs="+", type=int, default=[2, 6])
    parser.add_argument("--widths", nargs="+", type=int, default=[32, 64, 128])
    parser.add_argument("--batches", nargs="+", type=int, default=[32, 128, 256])
    parser.add_argument("--inputs", nargs="+", type=int, default=[72, 294, 768], help="features of linear and mlp")
    parser.add_argument("--losses", nargs="+", default=list(LOSSES))
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--cpu-time", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    losses = [parse_loss(text) for text in given.losses]
    print(
        f"{given.device}, {given.threads} threads; ms per step of K variants; ratio: lock-step / faster of the others"
    )
    print("model   inputs     width batch  K  lock-step   engine    plain  ratio  /plain")
    clock = time.process_time if given.cpu_time else time.perf_counter
    for kind in given.models:
        shapes = [IMAGE] if kind in IMAGE_MODELS else [(n,) for n in given.inputs]
        widths = given.widths if kind != "linear" else [1]
        for shape, width, batch in itertools.product(shapes, widths, given.batches):
            problem = Problem(ModelPlan(kind, width, 2), shape, batch, given.device)
            for k in given.variants:
                report(problem, [losses[i % len(losses)] for i in range(k)], given.times, clock)


def report(problem: Problem, losses: list[LossSettings], times: int, clock) -> None:
    found = measure(problem, losses, times, clock)
    shape = "x".join(map(str, problem.input_shape))
    print(
        f"{problem.model.kind:7} {shape:10} {problem.model.width:5} {len(problem.inputs):5} {len(losses):2} "
        f"{found['lock-step']:10.2f} {found['engine']:8.2f} {found['plain']:8.2f} "
        f"{found['lock-step'] / min(found['engine'], found['plain']):6.2f} {found['lock-step'] / found['plain']:7.2f}"
        + (f"  vmap {found['vmap']:8.2f}" if "vmap" in found else ""),
        flush=True,
    )


if __name__ == "__main__":
    main()
