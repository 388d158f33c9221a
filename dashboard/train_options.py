"""The options of the command "train", and the plan that they say. Loads no torch and reads no data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_options import Losses, MinusOne, Missing, SoftCut
from dashboard.training.plan import (
    DATA_KINDS,
    DEVICES,
    MODEL_KINDS,
    OPTIMISERS,
    PRECISIONS,
    SCHEDULES,
    STOPPING_METRICS,
    DataPlan,
    PlanError,
    TrainingPlan,
    VariantPlan,
)
from dashboard.training.presets import starting_plan

FILES = "files"
MADE = ", ".join(kind for kind in DATA_KINDS if kind != FILES)


def _one_of(values):
    return _text(f"{', '.join(values)}.")


def _text(explanation: str):
    return Annotated[str | None, typer.Option(help=explanation)]


def _texts(explanation: str):
    return Annotated[list[str] | None, typer.Option(help=f"{explanation}; may be repeated.")]


def _whole(explanation: str):
    return Annotated[int | None, typer.Option(help=explanation)]


def _number(explanation: str):
    return Annotated[float | None, typer.Option(help=explanation)]


Data = _text(f"{MADE}, or a file of features.")
Output = Annotated[Path, typer.Option("-o", "--output", help="Folder to write into.")]


@dataclass(frozen=True)
class Files:
    """Options that name the files beside the one of --data; the fields of FeatureFiles."""

    labels: _text("File of labels, unless the data's file holds them.") = None
    validation: _text("File of the validation part; else it is split off.") = None
    validation_labels: _text("Its labels, if they are another file.") = None
    test: _text("File of the test part; else it is split off.") = None
    test_labels: _text("Its labels, if they are another file.") = None
    xml: _text("MULAN's .xml that names the labels of an .arff.") = None


@dataclass(frozen=True)
class Settled:
    """Options that say what files hold; fields of FeatureOptions."""

    label_columns: _texts("Column of labels") = None
    n_labels: _whole("So many columns at the end are the labels.") = None
    label_prefix: _text("How the names of label columns begin.") = None
    label_layout: _text("names, where one column lists the true classes (a|b).") = None
    inputs: _text("Array of an .npz that holds the features.") = None
    labels_array: _text("Array of an .npz that holds the labels.") = None
    group_columns: _texts("Column to group samples by, no feature") = None
    left_out: _texts("Column to leave out") = None
    nominal_columns: _texts("Column whose numbers are codes of categories") = None
    id_column: _text("Column of ids.") = None
    part_column: _text("Column that says train, validation or test.") = None
    minus_one: MinusOne = None
    missing: Missing = None
    soft_cut: SoftCut = None


@dataclass(frozen=True)
class Asked:
    """Options that change the plan."""

    data_setting: _texts("NAME=VALUE of the data, e.g. n_train=1000") = None
    data_seed: _whole("Of generated data and of the split.") = None
    model: _one_of(MODEL_KINDS) = None
    width: _whole("Hidden units, channels, or length of tokens.") = None
    depth: _whole("Hidden layers, convolutions or blocks.") = None
    dropout: _number("Share of hidden units left out.") = None
    patch: _whole("Side of a ViT's patches.") = None
    heads: _whole("Of a ViT's attention.") = None
    loss: Losses = None
    optimiser: _one_of(OPTIMISERS) = None
    learning_rate: _number("The largest.") = None
    schedule: _one_of(SCHEDULES) = None
    warmup: _number("Share of all steps.") = None
    weight_decay: _number("Pull of the weights towards 0.") = None
    momentum: _number("Of sgd.") = None
    batch_size: _whole("Samples of one step.") = None
    epochs: _whole("Passes through the training part.") = None
    clip: _number("Largest norm of a variant's gradient.") = None
    stop_on: _one_of(STOPPING_METRICS) = None
    patience: _whole("Epochs without a better value.") = None
    seed: Annotated[list[int] | None, typer.Option(help="Of weights and batches; may be repeated.")] = None
    device: _one_of(DEVICES) = None
    precision: _one_of(PRECISIONS) = None
    plan: Annotated[Path | None, typer.Option(help="plan.json to start from; other options change it.")] = None


def plan_of(data: str | None, asked: Asked) -> TrainingPlan:
    """The plan of a file, or what suits data and model, changed by every option that was given. Raises PlanError."""
    if asked.plan is None:
        base = starting_plan(_data_kind(data or DataPlan().kind), asked.model)
    else:
        base = TrainingPlan.from_json(_plan_text(asked.plan))
    given = asdict(asked)
    changed = {
        "data": _data_plan(base.data, data, asked),
        "model": _changed(base.model, given | {"kind": asked.model}),
        "optimiser": _changed(base.optimiser, given | {"name": asked.optimiser, "gradient_clip": asked.clip}),
        "variants": tuple(VariantPlan(text) for text in asked.loss or ()) or base.variants,
        "seeds": tuple(asked.seed or ()) or base.seeds,
    }
    return _changed(base, given | changed)


def _changed(part, given: Mapping):
    """A part of a plan with those of its fields that were given."""
    known = [each.name for each in fields(part)]
    return replace(part, **{name: given[name] for name in known if given.get(name) is not None})


def _data_plan(base: DataPlan, data: str | None, asked: Asked) -> DataPlan:
    kind = base.kind if data is None else _data_kind(data)
    settings = base.settings if kind == base.kind else {}
    settings = settings | dict(_setting(text) for text in asked.data_setting or ())
    return DataPlan(kind, settings, base.seed if asked.data_seed is None else asked.data_seed)


def _data_kind(data: str) -> str:
    """What is no name of a kind is a file."""
    return data if data in DATA_KINDS else FILES


def _setting(text: str) -> tuple[str, bool | int | float | str]:
    """NAME=VALUE; what is neither a number nor true or false stays text, and the check of the data says so."""
    name, found, value = text.partition("=")
    if not found:
        raise PlanError(f"--data-setting must be given as NAME=VALUE, got {text!r}: write for example n_train=1000.")
    if value in ("true", "false"):
        return name, value == "true"
    try:
        return name, float(value) if set(value.lower()) & set(".en") else int(value)
    except ValueError:
        return name, value


def _plan_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PlanError(f"A plan must be JSON text, but {path} is not text: name a plan.json.") from None
    except OSError as error:
        raise PlanError(f"A plan must be a file to read, but {path} is none ({error.strerror}): check it.") from None
