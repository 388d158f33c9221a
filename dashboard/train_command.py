"""The command "train": a plan from options, trained here with a bar that moves, and the runs as files.

Joins inputs, training and core as the page Train does, but in this process: Ctrl-C ends it within a batch.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_options import fail
from dashboard.errors import InputError
from dashboard.training.plan import (
    DATA_KINDS,
    DEVICES,
    MODEL_KINDS,
    OPTIMISERS,
    PRECISIONS,
    SCHEDULES,
    STOPPING_METRICS,
    DataPlan,
    ModelPlan,
    OptimiserPlan,
    PlanError,
    TrainingPlan,
    VariantPlan,
)

FILES = "files"
STOPPED_STATUS = 130  # as of a command that Ctrl-C ended


def _choices(values) -> str:
    return ", ".join(values)


def train(
    data: Annotated[str, typer.Option(help=f"{_choices(each for each in DATA_KINDS if each != FILES)}, or a file.")]
    | None = None,
    labels: Annotated[str | None, typer.Option(help="File of labels, unless the data's file holds them.")] = None,
    test: Annotated[str | None, typer.Option(help="File of the test part; else it is split off.")] = None,
    xml: Annotated[str | None, typer.Option(help="MULAN's .xml that names the labels of an .arff.")] = None,
    data_setting: Annotated[list[str] | None, typer.Option(help="NAME=VALUE of the data, e.g. n_train=1000.")] = None,
    data_seed: Annotated[int | None, typer.Option(min=0, help="Of generated data and of the split.")] = None,
    model: Annotated[str | None, typer.Option(help=f"{_choices(MODEL_KINDS)}.")] = None,
    width: Annotated[int | None, typer.Option(help="Hidden units, channels, or length of tokens.")] = None,
    depth: Annotated[int | None, typer.Option(help="Hidden layers, convolutions or blocks.")] = None,
    dropout: Annotated[float | None, typer.Option(help="Share of hidden units left out.")] = None,
    patch: Annotated[int | None, typer.Option(help="Side of a ViT's patches.")] = None,
    heads: Annotated[int | None, typer.Option(help="Of a ViT's attention.")] = None,
    loss: Annotated[list[str] | None, typer.Option(help="E.g. focal, or focal:gamma=3; may be repeated.")] = None,
    optimiser: Annotated[str | None, typer.Option(help=f"{_choices(OPTIMISERS)}.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="The largest.")] = None,
    schedule: Annotated[str | None, typer.Option(help=f"{_choices(SCHEDULES)}.")] = None,
    warmup: Annotated[float | None, typer.Option(help="Share of all steps.")] = None,
    weight_decay: Annotated[float | None, typer.Option()] = None,
    momentum: Annotated[float | None, typer.Option(help="Of sgd.")] = None,
    batch_size: Annotated[int | None, typer.Option()] = None,
    epochs: Annotated[int | None, typer.Option()] = None,
    clip: Annotated[float | None, typer.Option(help="Largest norm of a gradient.")] = None,
    stop_on: Annotated[str | None, typer.Option(help=f"{_choices(STOPPING_METRICS)}.")] = None,
    patience: Annotated[int | None, typer.Option(help="Epochs without a better value.")] = None,
    seed: Annotated[list[int] | None, typer.Option(help="Of weights and batches; may be repeated.")] = None,
    device: Annotated[str | None, typer.Option(help=f"{_choices(DEVICES)}.")] = None,
    precision: Annotated[str | None, typer.Option(help=f"{_choices(PRECISIONS)}.")] = None,
    plan: Annotated[Path | None, typer.Option(help="plan.json to start from; other options change it.")] = None,
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write into.")] = Path("runs"),
) -> None:
    """Train loss variants side by side and write their logits, weights and programs."""
    given = dict(locals())
    try:
        chosen = _plan(given)
        found = _data(chosen, given)
        _train(chosen, found, output)
    except (PlanError, InputError) as error:
        fail(error)
    except OSError as error:
        fail(
            f"{error.filename or output} could not be read or written: {error.strerror}. Mend that and give the same "
            "command again: what was trained goes on from its last epoch."
        )


def _plan(given: dict) -> TrainingPlan:
    """The plan of a file or the defaults, changed by every option that was given."""
    base = TrainingPlan() if given["plan"] is None else TrainingPlan.from_json(_text(given["plan"]))
    kinds = {"kind": given["model"], **_named(given, "width depth dropout patch heads")}
    steps = {"name": given["optimiser"], "gradient_clip": given["clip"]}
    steps |= _named(given, "learning_rate schedule warmup weight_decay momentum batch_size epochs stop_on patience")
    return replace(
        base,
        data=_data_plan(base.data, given),
        model=_changed(base.model, kinds),
        optimiser=_changed(base.optimiser, steps),
        variants=tuple(VariantPlan(text) for text in given["loss"]) if given["loss"] else base.variants,
        seeds=tuple(given["seed"]) if given["seed"] else base.seeds,
        **{name: given[name] for name in ("device", "precision") if given[name] is not None},
    )


def _data_plan(base: DataPlan, given: dict) -> DataPlan:
    kind = base.kind if given["data"] is None else given["data"] if given["data"] in DATA_KINDS else FILES
    settings = base.settings if kind == base.kind else {}
    settings = settings | dict(_setting(text) for text in given["data_setting"] or [])
    return DataPlan(kind, settings, base.seed if given["data_seed"] is None else given["data_seed"])


def _setting(text: str):
    """NAME=VALUE; what is neither a number nor true or false stays text, and the check of the data says so."""
    name, found, value = text.partition("=")
    if not found:
        raise PlanError(f"--data-setting must be given as NAME=VALUE, got {text!r}: write for example n_train=1000.")
    if value in ("true", "false"):
        return name, value == "true"
    try:
        return name, float(value) if set(value) & set(".eE") else int(value)
    except ValueError:
        return name, value


def _named(given: dict, names: str) -> dict:
    return {name: given[name] for name in names.split()}


def _changed(part: ModelPlan | OptimiserPlan, changes: dict):
    return replace(part, **{name: value for name, value in changes.items() if value is not None})


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PlanError(f"{path} must be a plan as JSON text, but is not text: name a plan.json.") from None


def _data(plan: TrainingPlan, given: dict):
    from dashboard.training.data_sets import make_data  # torch and scikit-learn: only this command waits for them

    if plan.data.kind != FILES:
        return make_data(plan.data)
    if given["data"] is None or given["data"] == FILES:
        raise PlanError("The plan is for data of files: name the file with --data.")
    from dashboard.inputs.features import FeatureFiles, read_features

    names = {"labels": given["labels"], "test": given["test"], "xml": given["xml"]}
    return make_data(plan.data, read_features(FeatureFiles(given["data"], **names)))


def _train(plan: TrainingPlan, data, output: Path) -> None:
    from dashboard.trained_text import pairs_text, runs_text
    from dashboard.training_run import train_here

    for notice in data.notices:
        typer.echo(notice, err=True)
    trained, is_stopped = train_here(plan, data, output)
    if trained.runs:
        typer.echo(runs_text(trained, data))
        typer.echo(pairs_text(trained, data))
        typer.echo(f"Wrote {len(trained.runs)} runs to {output}{os.sep}.")
    for notice in trained.notices:
        typer.echo(notice, err=True)
    if is_stopped:
        kept = "what was trained so far is kept" if trained.runs else "no epoch was whole yet"
        typer.echo(f"Stopped: {kept}. The same command goes on from its last epoch.", err=True)
        raise typer.Exit(STOPPED_STATUS)
