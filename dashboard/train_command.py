"""The command "train": trains loss variants here, with a bar that moves, and writes the runs as files.

Joins inputs, training and core as the page Train does, but in this process: Ctrl-C ends it within a batch.
"""

from pathlib import Path

import typer

from dashboard.command_options import MinusOne, Missing, SoftCut, fail
from dashboard.errors import InputError
from dashboard.inputs.sentences import counted
from dashboard.train_options import (
    FILES,
    MADE,
    BatchSize,
    Clip,
    Data,
    DataSeed,
    DataSetting,
    Depth,
    Device,
    Dropout,
    Epochs,
    GroupColumns,
    Heads,
    IdColumn,
    Inputs,
    LabelColumns,
    LabelLayout,
    LabelPrefix,
    Labels,
    LabelsArray,
    LearningRate,
    LeftOut,
    Losses,
    Model,
    Momentum,
    NLabels,
    NominalColumns,
    Optimiser,
    Output,
    PartColumn,
    Patch,
    Patience,
    PlanFile,
    Precision,
    Schedule,
    Seeds,
    StopOn,
    Test,
    TestLabels,
    Validation,
    ValidationLabels,
    Warmup,
    WeightDecay,
    Width,
    Xml,
    plan_of,
)
from dashboard.training.plan import PlanError, TrainingPlan
from dashboard.training.reports import last_warnings

STOPPED_STATUS, FAULT_STATUS = 130, 2  # 130: as of any command that Ctrl-C ended
_FILES = ("labels", "validation", "validation_labels", "test", "test_labels", "xml")
_SETTLED = ("label_columns", "n_labels", "label_prefix", "group_columns", "left_out", "nominal_columns", "id_column")
_SETTLED += ("part_column", "label_layout", "inputs", "labels_array", "minus_one", "missing", "soft_cut")


def train(
    data: Data = None,
    labels: Labels = None,
    validation: Validation = None,
    validation_labels: ValidationLabels = None,
    test: Test = None,
    test_labels: TestLabels = None,
    xml: Xml = None,
    label_columns: LabelColumns = None,
    n_labels: NLabels = None,
    label_prefix: LabelPrefix = None,
    label_layout: LabelLayout = None,
    inputs: Inputs = None,
    labels_array: LabelsArray = None,
    group_columns: GroupColumns = None,
    left_out: LeftOut = None,
    nominal_columns: NominalColumns = None,
    id_column: IdColumn = None,
    part_column: PartColumn = None,
    minus_one: MinusOne = None,
    missing: Missing = None,
    soft_cut: SoftCut = None,
    data_setting: DataSetting = None,
    data_seed: DataSeed = None,
    model: Model = None,
    width: Width = None,
    depth: Depth = None,
    dropout: Dropout = None,
    patch: Patch = None,
    heads: Heads = None,
    loss: Losses = None,
    optimiser: Optimiser = None,
    learning_rate: LearningRate = None,
    schedule: Schedule = None,
    warmup: Warmup = None,
    weight_decay: WeightDecay = None,
    momentum: Momentum = None,
    batch_size: BatchSize = None,
    epochs: Epochs = None,
    clip: Clip = None,
    stop_on: StopOn = None,
    patience: Patience = None,
    seed: Seeds = None,
    device: Device = None,
    precision: Precision = None,
    plan: PlanFile = None,
    output: Output = Path("runs"),
) -> None:
    """Train loss variants side by side and write their logits, weights and programs."""
    given = dict(locals())
    try:
        chosen = plan_of(given)
        _train(chosen, _data(chosen, given), output)
    except (PlanError, InputError) as error:
        fail(error)
    except OSError as error:
        fail(
            f"{error.filename or output} must be readable and writable, but the system says: "
            f"{error.strerror or error}. Mend that and give the same command again: it goes on from the last epoch."
        )


def _data(plan: TrainingPlan, given: dict):
    from dashboard.training.data_sets import make_data  # torch and scikit-learn: no other command waits for them

    named = [name for name in (*_FILES, *_SETTLED) if given[name] not in (None, [])]
    if plan.data.kind != FILES:
        if named:
            option = named[0].replace("_", "-")
            raise PlanError(f"--{option} is for a file of features, but the data are {plan.data.kind}: leave it out.")
        return make_data(plan.data)
    if given["data"] in (None, FILES):
        raise PlanError("The plan is for data of files, which it does not hold: name the file with --data.")
    if not Path(given["data"]).exists():
        raise PlanError(f"--data must be {MADE}, or a file that is there, got {given['data']!r}: check the path.")
    from dashboard.inputs.features import FeatureFiles, read_features

    files = FeatureFiles(given["data"], **{name: given[name] for name in _FILES})
    return make_data(plan.data, read_features(files, **{name: given[name] for name in _SETTLED if name in named}))


def _train(plan: TrainingPlan, data, output: Path) -> None:
    from dashboard.trained_text import pairs_text, runs_text, size_text
    from dashboard.training_run import train_here

    typer.echo("\n".join([*data.notices, size_text(plan, data)]))
    trained, is_stopped = train_here(plan, data, output)
    if trained.runs:
        written = f"Wrote {counted(len(trained.runs), 'run')} to {output}."
        typer.echo("\n\n".join(filter(None, [runs_text(trained, data), pairs_text(trained, data), written])))
    for sentence in (*last_warnings(trained.reports), *trained.notices):
        typer.echo(sentence, err=True)
    if is_stopped:
        kept = "what was trained so far is kept" if trained.runs else "no epoch was whole yet"
        typer.echo(f"Stopped: {kept}. The same command goes on from its last epoch.", err=True)
        raise typer.Exit(STOPPED_STATUS)
    if not trained.runs:
        raise typer.Exit(FAULT_STATUS)
