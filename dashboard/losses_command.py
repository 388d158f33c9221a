"""The command "losses": what chosen losses are on a file of scores; the same table as on the Losses page."""

import csv as csv_files
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_options import (
    ClassNames,
    LabelsFile,
    Losses,
    Reading,
    ScoreKind,
    ScoresFile,
    fail,
    with_groups,
)
from dashboard.escape import for_spreadsheet
from dashboard.outcomes import read_samples
from dashboard.sentences import counted
from dashboard.text_table import aligned


@with_groups
def losses(
    scores: ScoresFile = None,
    labels: LabelsFile = None,
    score_kind: ScoreKind = None,
    loss: Losses = None,
    list_losses: Annotated[bool, typer.Option("--list-losses", help="Print the losses and end.")] = False,
    eps: Annotated[float, typer.Option(help="Probabilities are clipped to eps at least and 1 - eps at most.")] = 1e-7,
    output: Annotated[str | None, typer.Option("-o", "--output", help="CSV file to write: a row per loss.")] = None,
    classes: Annotated[str | None, typer.Option(help="CSV file to write: a row per class and loss.")] = None,
    class_names: ClassNames = None,
    *,
    reading: Reading,
) -> None:
    """Print what losses are on scores and labels: sums, means, constant predictors, and who carries them."""
    from dashboard.losses import LOSSES  # torch: only this command waits for it

    if list_losses:
        typer.echo("\n".join(_listed(variant) for variant in LOSSES.values()))
        return
    if scores is None:
        fail("--scores must be given: a file with a row per sample and a column per class.")
    if not 0 < eps < 0.5:
        fail(f"--eps must lie between 0 and 0.5, got {eps!r}.")
    chosen = [_parsed(text) for text in loss or [name for name, variant in LOSSES.items() if variant.is_first]]
    dataset = read_samples(scores, labels, None, score_kind, class_names, options=reading.read_options())
    _tell(dataset.first_run, chosen, eps, output, classes)


def _tell(p, chosen, eps, output, classes) -> None:
    from dashboard.losses.loaded_cells import LoadedCells
    from dashboard.losses.loss_table import class_rows, loss_rows, part_rows
    from dashboard.losses.summary import summarise

    cells = LoadedCells.of(p.scores, p.labels, p.score_kind, eps=eps)
    summaries = [summarise(cells, settings) for settings in dict.fromkeys(chosen)]
    rows = loss_rows(summaries)
    typer.echo(losses_text(cells, rows, part_rows(summaries), p))
    if output is not None:
        _write(output, rows)
    if classes is not None:
        _write(classes, class_rows(summaries, p.class_names))


def losses_text(cells, rows: list[dict], parts: list[dict], p) -> str:
    """What was looked at, then the tables, rounded."""
    from dashboard.losses.loaded_cells import EASY_FROM, HARD_BELOW

    n_known, n_cells = int((cells.targets >= 0).sum()), cells.targets.numel()
    said = [f"{counted(len(cells.logits), 'sample')}, {counted(n_known, 'known cell')} of {n_cells:,}"]
    if cells.rows is not None:
        said.append(f"evenly spaced rows of {p.n_samples:,}: losses are computed on 3,200,000 cells at most")
    if cells.eps is not None:
        said.append(
            f"probabilities clipped to [{cells.eps:g}, 1 - {cells.eps:g}]: {counted(cells.n_clipped, 'cell')} moved"
        )
    lines = ["; ".join(said) + ".", "", *_aligned(rows), ""]
    lines += [*_aligned(parts), ""] if parts else []
    lines.append("Sums and means of different losses share no scale; read each against its constant predictor.")
    lines.append(f"Hard: what is true has a probability under {HARD_BELOW:g}; easy: {EASY_FROM:g} or more.")
    return "\n".join(lines)


def _aligned(rows: list[dict]) -> list[str]:
    return aligned([list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)])


def _cell(value) -> str:
    if value is None or value != value:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _parsed(text: str):
    from dashboard.losses import parse_loss

    try:
        return parse_loss(text)
    except ValueError as error:
        fail(f"--loss must name a loss and its parameters, as --list-losses prints them, but {error}.")


def _listed(variant) -> str:
    parameters = ",".join(f"{each.name}={each.default}" for each in variant.parameters)
    name = f"{variant.name}:{parameters}" if parameters else variant.name
    return f"{name}\n    {variant.title}: {variant.formula} ({variant.source})"


def _write(path: str, rows: list[dict]) -> None:
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv_files.DictWriter(file, list(rows[0]) if rows else ["class", "loss"])
            writer.writeheader()
            writer.writerows({key: for_spreadsheet(value) for key, value in row.items()} for row in rows)
    except OSError as error:
        fail(f"{path} could not be written: {error.strerror}. Name a file in a folder that exists and can be written.")
