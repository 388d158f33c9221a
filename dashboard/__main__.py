"""The command line: the same functions as the app's, without a browser.

Exit status: 0 when the data was read (whatever the check found), 2 when it was not, with one sentence on stderr.
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.check_text import check_text
from dashboard.inputs.input_check import check_predictions
from dashboard.inputs.names import names_of_files
from dashboard.inputs.opened import Opened, write_opened
from dashboard.inputs.sample import SAMPLE_FOLDER

APP = Path(__file__).resolve().parent.parent / "app.py"

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__.split("\n")[0]
)

Scores = Annotated[str, typer.Argument(help="File of scores: a row per sample, a column per class.")]
Labels = Annotated[str | None, typer.Argument(help="File of labels; left out when the scores' file holds them too.")]
ScoreKind = Annotated[str | None, typer.Option(help="logits or probabilities.")]
MinusOne = Annotated[str | None, typer.Option(help="What -1 means among the labels: negative or unknown.")]
Missing = Annotated[str | None, typer.Option(help="What a missing label means: negative or unknown.")]
SoftCut = Annotated[float | None, typer.Option(help="Labels between 0 and 1 are positive from this value on.")]
LabelLayout = Annotated[str | None, typer.Option(help="wide, list, names, or index (one class index per row).")]
FirstIndex = Annotated[int, typer.Option(help="The index of the first class: 0 or 1.")]
Role = Annotated[list[str] | None, typer.Option(help="COLUMN=ROLE, e.g. --role age=group, --role fold='left out'.")]
ClassNames = Annotated[
    str | None, typer.Option(help="File with the names of the classes, in the order of the columns.")
]
ClassGroups = Annotated[str | None, typer.Option(help="File of two columns: a class and its group.")]
Columns = Annotated[str | None, typer.Option(help="File of extra columns of the samples.")]
Readers = Annotated[
    list[str] | None, typer.Option("--reader", help="File of a reader's 0/1 decisions; may be repeated.")
]
Runs = Annotated[list[str] | None, typer.Option("--run", help="File of scores of a further run; may be repeated.")]
Media = Annotated[str | None, typer.Option(help="Folder of the pictures and sounds that the columns name.")]


@app.command()
def check(
    scores: Scores,
    labels: Labels = None,
    score_kind: ScoreKind = None,
    minus_one: MinusOne = None,
    missing: Missing = None,
    soft_cut: SoftCut = None,
    label_layout: LabelLayout = None,
    first_index: FirstIndex = 0,
    role: Role = None,
    class_names: ClassNames = None,
) -> None:
    """Read scores and labels and print what they hold and what looks odd."""
    options = _options(minus_one, missing, soft_cut, label_layout, first_index, role)
    dataset = _read(Opened(_named([scores]), labels, score_kind, class_names=class_names, options=options))
    typer.echo(check_text(dataset, check_predictions(dataset.first_run)))


@app.command("open")
def open_app(
    scores: Scores,
    labels: Labels = None,
    score_kind: ScoreKind = None,
    columns: Columns = None,
    reader: Readers = None,
    run: Runs = None,
    class_names: ClassNames = None,
    class_groups: ClassGroups = None,
    minus_one: MinusOne = None,
    missing: Missing = None,
    soft_cut: SoftCut = None,
    label_layout: LabelLayout = None,
    first_index: FirstIndex = 0,
    role: Role = None,
    media: Media = None,
    port: Annotated[int | None, typer.Option(help="Port of the app; Streamlit's own choice if left out.")] = None,
    host: Annotated[
        str, typer.Option(help="Address to serve on; 0.0.0.0 shows the data to the network.")
    ] = "localhost",
    headless: Annotated[bool, typer.Option("--headless", help="Do not open a browser.")] = False,
) -> None:
    """Check local files, then start the app with them on screen."""
    options = _options(minus_one, missing, soft_cut, label_layout, first_index, role)
    runs, readers = _named([scores, *(run or [])]), _named(reader or [])
    opened = Opened(
        runs,
        _path(labels),
        score_kind,
        _path(columns),
        readers,
        _path(class_names),
        _path(class_groups),
        options,
        _path(media),
    )
    _read(opened)
    with tempfile.TemporaryDirectory() as folder:
        variable = write_opened(opened, Path(folder) / "opened.json")
        raise typer.Exit(_start_app(variable, host, port, headless))


def _options(minus_one, missing, soft_cut, label_layout, first_index, roles):
    roles = dict(_role(text) for text in roles or [])
    options = {"minus_one": minus_one, "missing": missing, "soft_cut": soft_cut, "label_layout": label_layout}
    return {name: value for name, value in options.items() if value is not None} | {
        "first_index": first_index,
        "roles": roles,
    }


def _role(text):
    column, found, role = text.rpartition("=")
    if not found:
        _fail(InputError(f"A role must be given as COLUMN=ROLE, got {text!r}: write for example age=group."))
    return column, role


def _path(path):
    return None if path is None else str(Path(path).resolve())


def _named(paths):
    return dict(zip(names_of_files(paths), map(_path, paths), strict=True))


def _read(opened):
    try:
        return opened.read()
    except InputError as error:
        _fail(error)


def _fail(error):
    typer.echo(error, err=True)
    if isinstance(error, ChoiceNeeded):
        option = error.option.replace("_", "-")
        for choice, meaning in error.choices.items():
            typer.echo(f"  --{option} {choice}: {meaning}", err=True)
    raise typer.Exit(2) from None


def _start_app(variable, host, port, headless):
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.address", host]
    command += ["--server.port", str(port)] if port is not None else []
    command += ["--server.headless", "true"] if headless else []
    with subprocess.Popen(command, env=os.environ | variable) as server:
        # Else ending this command would leave the server running, with the data.
        before = signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        try:
            return server.wait()
        except KeyboardInterrupt:  # Ctrl-C ends the app, which is how one leaves it
            return 0
        finally:
            signal.signal(signal.SIGTERM, before)


@app.command("sample-data")
def sample_data(folder: Annotated[Path, typer.Argument(help="Folder to write into.")] = SAMPLE_FOLDER) -> None:
    """Make the sample data again from scikit-learn's digit scans."""
    from dashboard.training.sample_files import make_sample_data  # loads torch, which no other command needs

    make_sample_data(folder)
    typer.echo(f"Wrote the sample data to {folder}.")


if __name__ == "__main__":
    app()
