"""The command "compare": two runs on the same samples, what is threshold and what is ranking, per class and averaged.

Joins inputs and core as a page does; every figure is core's.
"""

from typing import Annotated

import numpy as np
import typer

from dashboard.command_options import (
    ClassNames,
    Columns,
    Reading,
    ScoreKind,
    Seed,
    Units,
    fail,
    with_groups,
)
from dashboard.core import RankedScores, ThresholdSet
from dashboard.core.comparison import compare_at_each_best
from dashboard.core.differences import Comparison, Differences, Part
from dashboard.core.policies.registry import CLASS_METRICS
from dashboard.core.units import unit_codes
from dashboard.core.verdicts import average_verdicts, verdicts
from dashboard.outcomes import read_samples
from dashboard.sentences import counted
from dashboard.text_table import aligned

PARTS = {
    "total": "total",
    "threshold": "threshold",
    "ranking": "ranking",
    "AP": "average_precision",
    "precision at same recall": "precision_at_same_recall",
    "recall at same precision": "recall_at_same_precision",
}
MEANING = (
    "total = threshold + ranking, with 95 % intervals over {unit}s, decisions held fixed; ranking: by each run's own "
    "cross-fitted best thresholds, each class at its best, for micro those that make it best. The other columns stand "
    "beside the sum."
)


@with_groups
def compare(
    scores: Annotated[str, typer.Argument(help="File of scores of the first run.")],
    other: Annotated[str, typer.Argument(help="File of scores of the second run, on the same samples.")],
    labels: Annotated[str, typer.Argument(help="File of labels.")],
    score_kind: ScoreKind = None,
    *,
    metric: Annotated[str, typer.Option(help="f1, f_beta or jaccard.")] = "f1",
    beta: Annotated[float, typer.Option(min=0.0, help="Of f_beta.")] = 1.0,
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="In use in both runs, on the 0-1 scale.")] = 0.5,
    margin: Annotated[float | None, typer.Option(min=0.0, help="A difference within it is called none.")] = None,
    units: Units = None,
    columns: Columns = None,
    folds: Annotated[int, typer.Option(min=2, max=127, help="Folds of cross-fitting.")] = 5,
    replicates: Annotated[int, typer.Option(min=1, help="Resamples of the units.")] = 1000,
    seed: Seed = 0,
    class_names: ClassNames = None,
    reading: Reading,
) -> None:
    """Compare two runs: how much of the difference is a moved threshold, and how much is ranking."""
    if metric not in CLASS_METRICS:
        fail(f"--metric must be one of {', '.join(CLASS_METRICS)}, got {metric!r}.")
    files = [scores, other], labels, columns, score_kind, class_names
    dataset = read_samples(*files, options=reading.read_options(), units=units)
    names, ranked = list(dataset.runs), [RankedScores.from_predictions(p) for p in dataset.runs.values()]
    in_use = [ThresholdSet.from_unit(r.predictions, threshold) for r in ranked]
    p = dataset.first_run
    codes = unit_codes(None if units is None else p.columns[units], p.n_samples)
    try:
        found = compare_at_each_best(
            *ranked, *in_use, codes, metric=metric, beta=beta, n_folds=folds, n_replicates=replicates, seed=seed
        )
    except ValueError as error:
        fail(f"The runs must fit each other, but {error}.")
    typer.echo(comparison_text(found, names, threshold, units or "sample", margin))


def comparison_text(found: Comparison, names, threshold, unit, margin) -> str:
    """A row per average and class, what the columns mean, and a verdict at the end of each row."""
    head = ["", names[0], names[1], *PARTS, "verdict"]
    rows = [[name, *_cells(d, None), average_verdicts(found, margin)[name].kind] for name, d in found.averages.items()]
    told = zip(found.class_names, verdicts(found, margin), strict=True)
    rows += [[name, *_cells(found.classes, c), verdict.kind] for c, (name, verdict) in enumerate(told)]
    first = (
        f"{names[1]} less {names[0]}: {found.metric} at {threshold:g}, {counted(found.n_units, 'unit')}, "
        f"{counted(found.n_replicates, 'replicate')}"
    )
    return "\n".join([first, "", *aligned([head, *rows]), "", MEANING.format(unit=unit)])


def _cells(d: Differences, c) -> list[str]:
    values = [f"{_of(each, c):.3f}" for each in (d.a, d.b)]
    return values + [_shown(Part(*(_of(end, c) for end in getattr(d, field)))) for field in PARTS.values()]


def _of(values, c) -> float:
    return float(values if c is None else values[c])


def _shown(part: Part) -> str:
    if np.isnan(part.value):
        return "undefined"
    return f"{part.value:+.3f}" + ("" if np.isnan(part.low) else f" [{part.low:+.3f}, {part.high:+.3f}]")
