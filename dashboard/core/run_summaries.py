"""One row per run and reader: what it reaches at its thresholds, what it could reach, and how well it ranks.

Every row is on the same replicates, with decisions held fixed; cross-fitted decisions were tuned without their unit.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core.averages import average_over_classes
from dashboard.core.bootstrap import bootstrap
from dashboard.core.cross_fitting import cross_fit
from dashboard.core.differences import Part, metric_rows
from dashboard.core.folds import stratified_folds
from dashboard.core.policies.policy import Rule
from dashboard.core.policies.registry import make_policy
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.units import compact_units, n_units
from dashboard.core.weighted_ranking import affordable_replicates, lane_weights, weighted_ranking
from dashboard.core.weighted_ranking_kernels import AVERAGE_PRECISION

IN_USE = "in use"
BEST = {"macro": "best_per_class", "micro": "best_micro_f_beta"}


@dataclass(frozen=True)
class Summary:
    """Values with their 95 % intervals over units; a reader has only the first two, the others are NaN.

    best_*: at the run's own cross-fitted best thresholds for that average. macro_average_precision: over the classes
    that have a positive.
    """

    is_reader: bool
    micro_f1: Part
    macro_f1: Part
    best_micro_f1: Part
    best_macro_f1: Part
    macro_average_precision: Part


def summaries(
    runs: Mapping[str, RankedScores],
    thresholds: Mapping[str, Rule],
    readers: Mapping[str, np.ndarray],
    units,
    *,
    n_folds: int = 5,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Summary]:
    """Name -> Summary, runs first.

    thresholds: those in use, for each run. readers: int8 (n_samples, n_classes), 1 positive, 0 negative, -1 not decided
    (left out). units: (n_samples,) codes.
    """
    found, n_rows = {}, len(runs) + len(readers)
    for name, r in runs.items():
        found[name] = run_summary(r, thresholds[name], units, n_folds, n_replicates, seed)
        if progress is not None:
            progress(len(found) / n_rows)
    p = next(iter(runs.values())).predictions if runs else None
    for name, decided in readers.items():
        found[name] = reader_summary(p, decided, units, n_replicates, seed)
        if progress is not None:
            progress(len(found) / n_rows)
    return found


def run_summary(
    r: RankedScores, thresholds: Rule, units, n_folds: int = 5, n_replicates: int = 1000, seed: int = 0
) -> Summary:
    """The row of one run."""
    p = r.predictions
    units = compact_units(units, p.n_samples)
    n_replicates = affordable_replicates(p.labels.size, n_replicates)
    folds = stratified_folds(p, units, n_folds, seed)
    predicted = {IN_USE: thresholds.predict(p)}
    for average, policy in BEST.items():
        predicted[average] = cross_fit(p, make_policy(policy), folds).predicted
    counts = _counts(p, predicted, units, n_replicates, seed)
    weights = lane_weights(n_units(units), n_replicates, seed)
    areas = weighted_ranking((p,), units, counts[IN_USE], weights)[0, AVERAGE_PRECISION]
    areas[0] = r.average_precision()
    n = n_units(units)
    return Summary(
        False,
        *(_f1(counts[IN_USE], average, n) for average in ("micro", "macro")),
        *(_f1(counts[average], average, n) for average in ("micro", "macro")),
        Part.of(average_over_classes(areas, "macro", counts[IN_USE].support), n),
    )


def reader_summary(p: Predictions, decided, units, n_replicates: int = 1000, seed: int = 0) -> Summary:
    """The row of a reader, on the cells that were decided."""
    decided = np.asarray(decided)
    units = compact_units(units, p.n_samples)
    judged = p.without_cells(decided < 0)
    n_replicates = affordable_replicates(p.labels.size, n_replicates)
    counts = _counts(judged, {IN_USE: decided == 1}, units, n_replicates, seed)[IN_USE]
    values = (_f1(counts, average, n_units(units)) for average in ("micro", "macro"))
    return Summary(True, *values, *(Part.undefined() for _ in range(3)))


def _counts(p, predicted, units, n_replicates, seed):
    return {name: each.counts for name, each in bootstrap(p, predicted, units, n_replicates, seed).sums.items()}


def _f1(counts, average, n) -> Part:
    return Part.of(metric_rows(counts, "f1", 1.0, average), n)
