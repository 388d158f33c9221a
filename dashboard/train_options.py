"""The options of the command "train", and the plan that they say. Loads no torch and reads no data."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated

import typer

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
Labels = _text("File of labels, unless the data's file holds them.")
Validation = _text("File of the validation part; else it is split off.")
ValidationLabels = _text("Its labels, if they are another file.")
Test = _text("File of the test part; else it is split off.")
TestLabels = _text("Its labels, if they are another file.")
Xml = _text("MULAN's .xml that names the labels of an .arff.")
LabelColumns = _texts("Column of labels")
NLabels = _whole("So many columns at the end are the labels.")
LabelPrefix = _text("How the names of label columns begin.")
LabelLayout = _text("names, where one column lists the true classes (a|b).")
Inputs = _text("Array of an .npz that holds the features.")
LabelsArray = _text("Array of an .npz that holds the labels.")
GroupColumns = _texts("Column to group samples by, no feature")
LeftOut = _texts("Column to leave out")
NominalColumns = _texts("Column whose numbers are codes of categories")
IdColumn = _text("Column of ids.")
PartColumn = _text("Column that says train, validation or test.")
DataSetting = _texts("NAME=VALUE of the data, e.g. n_train=1000")
DataSeed = _whole("Of generated data and of the split.")
Model = _one_of(MODEL_KINDS)
Width = _whole("Hidden units, channels, or length of tokens.")
Depth = _whole("Hidden layers, convolutions or blocks.")
Dropout = _number("Share of hidden units left out.")
Patch = _whole("Side of a ViT's patches.")
Heads = _whole("Of a ViT's attention.")
Losses = _texts("E.g. focal, or focal:gamma=3")
Optimiser = _one_of(OPTIMISERS)
LearningRate = _number("The largest.")
Schedule = _one_of(SCHEDULES)
Warmup = _number("Share of all steps.")
WeightDecay = _number("Pull of the weights towards 0.")
Momentum = _number("Of sgd.")
BatchSize = _whole("Samples of one step.")
Epochs = _whole("Passes through the training part.")
Clip = _number("Largest norm of a variant's gradient.")
StopOn = _one_of(STOPPING_METRICS)
Patience = _whole("Epochs without a better value.")
Seeds = Annotated[list[int] | None, typer.Option(help="Of weights and batches; may be repeated.")]
Device = _one_of(DEVICES)
Precision = _one_of(PRECISIONS)
PlanFile = Annotated[Path | None, typer.Option(help="plan.json to start from; other options change it.")]
Output = Annotated[Path, typer.Option("-o", "--output", help="Folder to write into.")]


def plan_of(given: Mapping) -> TrainingPlan:
    """The plan of a file, or what suits data and model, changed by every option that was given. Raises PlanError."""
    if given["plan"] is None:
        base = starting_plan(_data_kind(given["data"] or DataPlan().kind), given["model"])
    else:
        base = TrainingPlan.from_json(_plan_text(given["plan"]))
    changed = {
        "data": _data_plan(base.data, given),
        "model": _changed(base.model, given | {"kind": given["model"]}),
        "optimiser": _changed(base.optimiser, given | {"name": given["optimiser"], "gradient_clip": given["clip"]}),
        "variants": tuple(VariantPlan(text) for text in given["loss"] or ()) or base.variants,
        "seeds": tuple(given["seed"] or ()) or base.seeds,
    }
    return _changed(base, given | changed)


def _changed(part, given: Mapping):
    """A part of a plan with those of its fields that were given."""
    known = [each.name for each in fields(part)]
    return replace(part, **{name: given[name] for name in known if given.get(name) is not None})


def _data_plan(base: DataPlan, given: Mapping) -> DataPlan:
    kind = base.kind if given["data"] is None else _data_kind(given["data"])
    settings = base.settings if kind == base.kind else {}
    settings = settings | dict(_setting(text) for text in given["data_setting"] or ())
    return DataPlan(kind, settings, base.seed if given["data_seed"] is None else given["data_seed"])


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
