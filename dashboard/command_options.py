"""What several commands share: the options that say how files are read, the reading, and how a fault ends a command."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.names import names_of_files
from dashboard.inputs.opened import Opened

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


def read_options(minus_one, missing, soft_cut, label_layout, first_index, roles) -> dict:
    """The fields of ReadOptions that were given."""
    roles = dict(_role(text) for text in roles or [])
    options = {"minus_one": minus_one, "missing": missing, "soft_cut": soft_cut, "label_layout": label_layout}
    return {name: value for name, value in options.items() if value is not None} | {
        "first_index": first_index,
        "roles": roles,
    }


def absolute(path) -> str | None:
    return None if path is None else str(Path(path).resolve())


def named(paths) -> dict[str, str]:
    """A name for each file -> its absolute path."""
    return dict(zip(names_of_files(paths), map(absolute, paths), strict=True))


def read_or_fail(opened: Opened) -> Dataset:
    try:
        return opened.read()
    except InputError as error:
        fail(error)


def fail(error) -> NoReturn:
    """One sentence on stderr, with the choices where one has to be made; exit status 2."""
    typer.echo(error, err=True)
    if isinstance(error, ChoiceNeeded):
        option = error.option.replace("_", "-")
        for choice, meaning in error.choices.items():
            typer.echo(f"  --{option} {choice}: {meaning}", err=True)
    raise typer.Exit(2) from None


def _role(text):
    column, found, role = text.rpartition("=")
    if not found:
        fail(InputError(f"A role must be given as COLUMN=ROLE, got {text!r}: write for example age=group."))
    return column, role
