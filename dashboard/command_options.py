"""What several commands share: options and groups of them, the reading of files, and how a fault ends a command."""

import inspect
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dashboard.errors import ChoiceNeeded, InputError
from dashboard.inputs.dataset import Dataset
from dashboard.inputs.names import names_of_files
from dashboard.inputs.opened import Opened

Scores = Annotated[str, typer.Argument(help="File of scores: a row per sample, a column per class.")]
Labels = Annotated[str | None, typer.Argument(help="File of labels; left out when the scores' file holds them too.")]
ScoresFile = Annotated[str | None, typer.Option(help="File of scores: a row per sample, a column per class.")]
LabelsFile = Annotated[str | None, typer.Option(help="File of labels, unless the scores' file holds them.")]
ScoreKind = Annotated[str | None, typer.Option(help="logits or probabilities.")]
ClassNames = Annotated[
    str | None, typer.Option(help="File with the names of the classes, in the order of the columns.")
]
ClassGroups = Annotated[str | None, typer.Option(help="File of two columns: a class and its group.")]
Columns = Annotated[str | None, typer.Option(help="File of extra columns of the samples.")]
Units = Annotated[str | None, typer.Option(help="Column of what is independent, e.g. the patient.")]
Readers = Annotated[
    list[str] | None, typer.Option("--reader", help="File of a reader's 0/1 decisions; may be repeated.")
]
Runs = Annotated[list[str] | None, typer.Option("--run", help="File of scores of a further run; may be repeated.")]
Media = Annotated[str | None, typer.Option(help="Folder of the pictures and sounds that the columns name.")]
HeldOutScores = Annotated[str | None, typer.Option(help="Scores of other samples to judge on.")]
HeldOutLabels = Annotated[str | None, typer.Option(help="Their labels.")]
HeldOutColumns = Annotated[str | None, typer.Option(help="Their extra columns.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of folds and intervals.")]
Losses = Annotated[list[str] | None, typer.Option("--loss", help="E.g. focal, or focal:gamma=3; may be repeated.")]
MinusOne = Annotated[str | None, typer.Option(help="What -1 means among the labels: negative or unknown.")]
Missing = Annotated[str | None, typer.Option(help="What a missing label means: negative or unknown.")]
SoftCut = Annotated[float | None, typer.Option(help="Labels between 0 and 1 are positive from this value on.")]
LabelLayout = Annotated[str | None, typer.Option(help="wide, list, names, or index (one class index per row).")]
FirstIndex = Annotated[int, typer.Option(help="The index of the first class: 0 or 1.")]
Role = Annotated[list[str] | None, typer.Option(help="COLUMN=ROLE, e.g. --role age=group, --role fold='left out'.")]


@dataclass(frozen=True)
class Reading:
    """Options that say how files are read."""

    minus_one: MinusOne = None
    missing: Missing = None
    soft_cut: SoftCut = None
    label_layout: LabelLayout = None
    first_index: FirstIndex = 0
    role: Role = None

    def read_options(self) -> dict:
        """The fields of ReadOptions that were given."""
        options = given(self)
        return options | {"roles": dict(_role(text) for text in options.pop("role", ()))}


@dataclass(frozen=True)
class Applying:
    """Options that say how a file of thresholds is applied; the choices of `read_thresholds`."""

    scale: Annotated[str | None, typer.Option(help="Scale of the thresholds in the file: 0-1 or score.")] = None
    strict: Annotated[bool, typer.Option("--strict", help="Thresholds in the file mean > rather than >=.")] = False
    group_column: Annotated[
        str | None, typer.Option(help="Column of the samples, for thresholds per group that do not name it.")
    ] = None
    convert: Annotated[bool, typer.Option("--convert", help="Convert thresholds made for other scores.")] = False


def given(group) -> dict:
    """The options of a group that were given, or have a default."""
    return {name: value for name, value in asdict(group).items() if value not in (None, [])}


def with_groups(command: Callable) -> Callable:
    """The command with every parameter that is a group of options, a dataclass, spelled out as its fields.

    Typer makes the options of a command from its signature, one of each parameter.
    """
    parameters = inspect.signature(command).parameters.values()
    groups = {each.name: each.annotation for each in parameters if is_dataclass(each.annotation)}

    @wraps(command)
    def called(**given):
        grouped = {
            name: group(**{field.name: given.pop(field.name) for field in fields(group)})
            for name, group in groups.items()
        }
        return command(**given, **grouped)

    spelled_out = [option for each in parameters for option in _options(each)]
    called.__signature__ = inspect.Signature([each.replace(kind=each.KEYWORD_ONLY) for each in spelled_out])
    return called


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


def _options(parameter: inspect.Parameter) -> list[inspect.Parameter]:
    group = parameter.annotation
    return [*inspect.signature(group).parameters.values()] if is_dataclass(group) else [parameter]


def _role(text):
    column, found, role = text.rpartition("=")
    if not found:
        fail(InputError(f"A role must be given as COLUMN=ROLE, got {text!r}: write for example age=group."))
    return column, role
