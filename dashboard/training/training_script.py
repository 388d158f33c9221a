"""A short PyTorch program that trains one variant again without this app: the same weights, batches and loss.

It needs torch, numpy and safetensors, and the data as `data.npz`. Nothing that a user wrote becomes program text: of
the plan only numbers and names from this app's lists.
"""

from dashboard.losses import LossSettings, parse_loss
from dashboard.losses.class_counts import POS_WEIGHTS, ClassCounts
from dashboard.losses.variant import Cells
from dashboard.training.batches import batch_order
from dashboard.training.data import TrainingData
from dashboard.training.models import has_softmax_head, module_arguments, softmax_scores
from dashboard.training.optimisers import LAST_SHARE
from dashboard.training.plan import OptimiserPlan, TrainingPlan
from dashboard.training.script_template import ADAM, DEVICES, DROPOUT, FORWARD, MIXED, SCRIPT, SGD
from dashboard.training.seeds import generator_for, seed_for
from dashboard.training.source_text import SourceText


def training_script(plan: TrainingPlan, run, data: TrainingData) -> str:
    """run: `results.TrainedRun`. The program's text; it trains as many epochs as the kept weights have learnt."""
    loss, optimiser = parse_loss(run.loss), plan.optimiser
    kind, arguments = module_arguments(plan.model, data.input_shape, data.n_classes)
    texts = {name: SourceText() for name in ("loss", "model", "helpers")}
    texts["helpers"].add(seed_for, batch_order, *([generator_for] if plan.model.dropout else []))
    texts["helpers"].add(*([softmax_scores] if has_softmax_head(loss) else []))
    texts["model"].add(kind)
    parts = {
        "title": f"{loss.title} with seed {run.seed}",
        "seed": run.seed,
        "batch_size": optimiser.batch_size,
        "n_epochs": optimiser.epochs,
        "kept_epoch": run.best_epoch,
        "device": DEVICES[plan.device],
        "dtype": "float64" if plan.precision == "float64" else "float32",
        **_loss_parts(loss, texts["loss"]),
        "make_model": f"{kind.__name__}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})",
        "learning_rate": _learning_rate(optimiser),
        "optimiser": _optimiser(optimiser),
        "clip": _clip(optimiser),
        **_dropout_parts(plan),
        "scores": "softmax_scores(logits)" if has_softmax_head(loss) else "logits",
        "imports": _imports(texts.values()),
        **{name: text.definitions for name, text in texts.items()},
    }
    return filled(SCRIPT, parts)


def filled(template: str, parts: dict) -> str:
    """The template with <<name>> replaced, also within parts."""
    for name, value in parts.items():
        template = template.replace(f"<<{name}>>", str(value))
    return template


def _loss_parts(loss: LossSettings, text: SourceText) -> dict[str, str]:
    variant = loss.variant
    text.add(ClassCounts, Cells, variant.function)
    given = "".join(f", {name}={value}" for name, value in _arguments(loss, text).items())
    counted = {"cell": "known", "row": "known.any(1)", "batch": "None"}[variant.unit]
    if variant.counted is not None:
        text.add(variant.counted)
        counted = f"{variant.counted.__name__}(given{given})"
    mean = "values" if counted == "None" else "torch.where(counted, values, 0.0).sum() / counted.sum().clamp(min=1)"
    return {
        "counted": counted,
        "kept_cells": "counted" if variant.unit == "cell" else "known",
        "function": variant.function.__name__,
        "arguments": given,
        "mean": mean,
    }


def _arguments(loss: LossSettings, text: SourceText) -> dict[str, str]:
    """Parameter -> the expression for it; numbers per class as a tensor, rules by their own text."""
    written = {}
    for parameter in loss.variant.parameters:
        value = loss.parameters[parameter.name]
        if parameter.per_class and isinstance(value, str):
            rule = POS_WEIGHTS[value][1]
            text.add(rule)
            written[parameter.name] = f"{rule.__name__}(counts).to(logits)"
        elif parameter.per_class:
            written[parameter.name] = f"torch.tensor({value!r}).to(logits).expand(logits.shape[1])"
        else:
            written[parameter.name] = repr(value)
    return written


def _learning_rate(plan: OptimiserPlan) -> str:
    """The lines of the function, as `optimisers.learning_rate`."""
    lines = []
    if plan.warmup:
        lines += [
            f"n_warm = round({plan.warmup!r} * n_steps)",
            "if step < n_warm:",
            f"    return {plan.learning_rate!r} * (step + 1) / (n_warm + 1)",
        ]
    if plan.schedule == "constant":
        return _indented([*lines, f"return {plan.learning_rate!r}"])
    since, of = ("(step - n_warm)", "n_steps - n_warm - 1") if plan.warmup else ("step", "n_steps - 1")
    left = "1 - done" if plan.schedule == "linear" else "(1 + math.cos(math.pi * done)) / 2"
    lines += [
        f"done = min({since} / max({of}, 1), 1.0)",
        f"return {plan.learning_rate!r} * ({LAST_SHARE} + (1 - {LAST_SHARE}) * ({left}))",
    ]
    return _indented(lines)


def _optimiser(plan: OptimiserPlan) -> str:
    kind = {"adam": "Adam", "adamw": "AdamW", "sgd": "SGD"}[plan.name]
    template = SGD if plan.name == "sgd" else ADAM
    return filled(template, {"kind": kind, "decay": repr(plan.weight_decay), "momentum": repr(plan.momentum)})


def _clip(plan: OptimiserPlan) -> str:
    if plan.gradient_clip is None:
        return ""
    return f"            torch.nn.utils.clip_grad_norm_(model.parameters(), {plan.gradient_clip!r})\n"


def _dropout_parts(plan: TrainingPlan) -> dict[str, str]:
    """The masks of an MLP lie as (units, samples)."""
    has_dropout, is_turned = bool(plan.model.dropout), plan.model.kind in ("linear", "mlp")
    parts = {
        "dropout": DROPOUT if has_dropout else "",
        "use_dropout": "    dropout = use_step_dropout(model)\n" if has_dropout else "",
        "draw": '            dropout.generator = generator_for(SEED, "dropout", step, device=DEVICE)\n'
        if has_dropout
        else "",
        "forward": MIXED if plan.precision == "mixed" else FORWARD,
    }
    mask = {"shape": "x.shape[::-1]" if is_turned else "x.shape", "turned": ".T" if is_turned else ""}
    return {name: filled(text, mask | {"share": repr(plan.model.dropout)}) for name, text in parts.items()}


def _imports(texts) -> str:
    lines = {line for text in texts for line in text.imports.splitlines()}
    lines |= {"import argparse", "import math", "import numpy as np", "import torch", "from pathlib import Path"}
    lines |= {"from safetensors.torch import save_file"}
    return "\n".join(sorted(lines, key=lambda line: (line.startswith("from"), line)))


def _indented(lines) -> str:
    return "\n".join(f"    {line}" for line in lines)
