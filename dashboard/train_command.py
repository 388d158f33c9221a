"""The command "train": trains loss variants here, with a bar that moves, and writes the runs as files.

Joins inputs, training and core as the page Train does, but in this process: Ctrl-C ends it within a batch.
"""

from pathlib import Path

import typer

from dashboard.command_options import fail, given, with_groups
from dashboard.errors import InputError
from dashboard.sentences import counted
from dashboard.train_options import FILES, MADE, Asked, Data, Files, Output, Settled, plan_of
from dashboard.training.plan import PlanError, TrainingPlan
from dashboard.training.reports import last_warnings

STOPPED_STATUS, FAULT_STATUS = 130, 2  # 130: as of any command that Ctrl-C ended


@with_groups
def train(
    data: Data = None,
    *,
    files: Files,
    settled: Settled,
    asked: Asked,
    output: Output = Path("runs"),
) -> None:
    """Train loss variants side by side and write their logits, weights and programs."""
    try:
        plan = plan_of(data, asked)
        _train(plan, _data(plan, data, files, settled), output)
    except (PlanError, InputError) as error:
        fail(error)
    except OSError as error:
        fail(
            f"{error.filename or output} must be readable and writable, but the system says: "
            f"{error.strerror or error}. Mend that and give the same command again: it goes on from the last epoch."
        )


def _data(plan: TrainingPlan, path: str | None, files: Files, settled: Settled):
    from dashboard.training.data_sets import make_data  # torch and scikit-learn: no other command waits for them

    options = given(settled)
    if plan.data.kind != FILES:
        if named := [*given(files), *options]:
            option = named[0].replace("_", "-")
            raise PlanError(f"--{option} is for a file of features, but the data are {plan.data.kind}: leave it out.")
        return make_data(plan.data)
    if path in (None, FILES):
        raise PlanError("The plan is for data of files, which it does not hold: name the file with --data.")
    if not Path(path).exists():
        raise PlanError(f"--data must be {MADE}, or a file that is there, got {path!r}: check the path.")
    from dashboard.inputs.features import FeatureFiles, read_features

    return make_data(plan.data, read_features(FeatureFiles(path, **given(files)), **options))


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
