"""The command "report": what thresholds are worth on given data, as one HTML file that opens offline.

Joins inputs, core, figures and reviews as a page does; the same data and thresholds give the same report there.
"""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.command_options import (
    Applying,
    ClassGroups,
    ClassNames,
    Columns,
    HeldOutColumns,
    HeldOutLabels,
    HeldOutScores,
    LabelsFile,
    Readers,
    Reading,
    Runs,
    ScoreKind,
    ScoresFile,
    Units,
    fail,
    with_groups,
)
from dashboard.core import RankedScores, ThresholdSet
from dashboard.core.resampling import HELD_OUT
from dashboard.judged_figures import THESE_SAMPLES, judged
from dashboard.outcomes import Outcome, applied, judged_on_others, read_samples, rule_for
from dashboard.report_content import Reported, report_content, report_files
from dashboard.reviews.report import Comment, ReportContent, report_html
from dashboard.reviews.table_files import FORMS, zipped
from dashboard.threshold_outputs import fault_of

LARGEST_NOTE = 1_000_000  # bytes; a report has to open anywhere


@with_groups
def report(
    scores: ScoresFile,
    output: Annotated[str, typer.Option("-o", "--output", help="File to write: report.html.")],
    labels: LabelsFile = None,
    score_kind: ScoreKind = None,
    thresholds: Annotated[str | None, typer.Option(help="File of thresholds; left out: 0.5 for all classes.")] = None,
    *,
    applying: Applying,
    title: Annotated[str | None, typer.Option(help="Of the report.")] = None,
    notes: Annotated[str | None, typer.Option(help="File of notes, Markdown.")] = None,
    everything: Annotated[
        str | None, typer.Option(help="File to write: report, thresholds and tables, as zip.")
    ] = None,
    tables: Annotated[str, typer.Option(help="Of the tables in the zip: csv or parquet.")] = FORMS[0],
    run: Runs = None,
    reader: Readers = None,
    units: Units = None,
    columns: Columns = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the intervals.")] = 0,
    held_out_scores: HeldOutScores = None,
    held_out_labels: HeldOutLabels = None,
    held_out_columns: HeldOutColumns = None,
    class_names: ClassNames = None,
    class_groups: ClassGroups = None,
    reading: Reading,
) -> None:
    """Write a report of thresholds on these data as one HTML file that opens offline."""
    if (held_out_scores is None) and (held_out_labels or held_out_columns):
        fail("--held-out-scores must be given where --held-out-labels or --held-out-columns is.")
    if tables not in FORMS:
        fail(f"--tables must be one of {', '.join(FORMS)}, got {tables!r}.")
    _check_writable({"--output": output, "--everything": everything})
    note = () if notes is None else (Comment(_note(notes)),)
    options = reading.read_options()
    files = {"readers": reader or (), "class_groups": class_groups}
    dataset = read_samples(
        [scores, *(run or [])], labels, columns, score_kind, class_names, options=options, units=units, **files
    )
    r = RankedScores.from_predictions(dataset.first_run)
    outcome = _outcome(r, thresholds, dataset, units, seed, asdict(applying))
    others = None
    if held_out_scores is not None:
        held_units, p = units if held_out_columns else None, dataset.first_run
        held_files = (held_out_scores, held_out_labels, held_out_columns)
        other = read_samples(*held_files, score_kind, class_names, options=options, units=held_units).first_run
        outcome.figures[HELD_OUT] = judged_on_others(outcome.rule, p, other, held_units, seed)
        others = other, rule_for(outcome.rule, p, other)
    run_name = next(iter(dataset.runs))
    reported = Reported(dataset, run_name, outcome.rule, outcome.figures, outcome.words, units, others, {run_name: r})
    created = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    content = report_content(reported, title=title or f"Thresholds on {dataset.name}", created=created, notes=note)
    _write(output, report_html(content).encode())
    if everything is not None:
        _write(everything, zipped(report_files(reported, content, tables)))
    typer.echo("\n".join([_told(content), *outcome.notices, f"Wrote {output}."]))


def _outcome(r, path, dataset, units, seed, choices) -> Outcome:
    """The thresholds in the file, or 0.5 for all classes, which nothing was tuned for."""
    if path is not None:
        return applied(r, path, dataset, units, seed, **choices)
    if any(choices.values()):
        fail("--thresholds must be given where --scale, --strict, --group-column or --convert is.")
    rule = ThresholdSet.from_unit(r.predictions, 0.5)
    return Outcome(rule, r, {THESE_SAMPLES: judged(r.predictions, rule, units, seed, THESE_SAMPLES)}, "0.5 everywhere")


def _told(content: ReportContent) -> str:
    data = content.data
    return f"{data.n_samples:,} samples x {data.n_classes:,} classes, digest {data.digest}\n{content.summary}"


def _note(path: str) -> str:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        fail(f"--notes must be a file that can be read, but for {path!r} the system says {error.strerror!r}.")
    if len(content) > LARGEST_NOTE:
        fail(f"--notes must be at most {LARGEST_NOTE:,} bytes, got {len(content):,}: shorten {path!r}.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        fail(f"--notes must be UTF-8, but {path!r} is not: save it so.")


def _check_writable(paths) -> None:
    for option, path in paths.items():
        if path is not None and (fault := fault_of(Path(path))):
            fail(f"{option} must be writable, but {fault}: name another file.")


def _write(path: str, content: bytes) -> None:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        fail(f"{path!r} must be writable, but the system says {error.strerror!r}: name another file.")
