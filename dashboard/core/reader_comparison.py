"""A reader and a run on the same cells. A reader is a point: it has no ranking, no threshold and no other recall."""

import numpy as np

from dashboard.core.averages import average_over_classes
from dashboard.core.bootstrap import bootstrap
from dashboard.core.counts import Counts
from dashboard.core.differences import AVERAGES, Comparison, Differences, Part, check_metric, metric_rows
from dashboard.core.metrics import precision
from dashboard.core.policies.policy import Rule
from dashboard.core.ranking import RankedScores
from dashboard.core.units import compact_units, n_units
from dashboard.core.weighted_ranking import affordable_replicates, lane_weights, weighted_ranking
from dashboard.core.weighted_ranking_kernels import PRECISION


def compare_with_reader(
    r: RankedScores,
    decided,
    thresholds: Rule,
    units,
    *,
    metric: str = "f1",
    beta: float = 1.0,
    n_replicates: int = 1000,
    seed: int = 0,
    progress=None,
) -> Comparison:
    """The run (`b`) less the reader (`a`): the total at the thresholds in use, and precision at the reader's recall.

    decided: int8 (n_samples, n_classes), 1 positive, 0 negative, -1 not decided, which is left out for both. The run's
    precision is its best where its recall is at least the reader's. All other differences are NaN.
    """
    check_metric(metric)
    decided = np.asarray(decided)
    if decided.shape != r.predictions.labels.shape:
        raise ValueError(
            f"the reader must have decided the cells of the run, {r.predictions.labels.shape}, got {decided.shape}: "
            "give a row per sample and a column per class"
        )
    judged = r.predictions.without_cells(decided < 0)
    units = compact_units(units, judged.n_samples)
    n, n_replicates = n_units(units), affordable_replicates(judged.labels.size, n_replicates)
    predicted = {"a": decided == 1, "b": thresholds.predict(r.predictions)}
    sums = bootstrap(judged, predicted, units, n_replicates, seed).sums
    reader, run = sums["a"].counts, sums["b"].counts
    curve = weighted_ranking((judged,), units, reader, lane_weights(n, n_replicates, seed), progress)[0, PRECISION]
    beside = np.where(reader.tp > 0, curve - precision(reader), np.nan)
    differences = {
        average: _differences(reader, run, _averaged(beside, reader, average), n, (metric, beta, average))
        for average in (None, *AVERAGES)
    }
    return Comparison(
        metric,
        beta,
        judged.class_names,
        judged.support,
        n,
        0,
        n_replicates,
        differences.pop(None),
        differences,
    )


def _differences(reader: Counts, run: Counts, beside, n, asked) -> Differences:
    of_reader, of_run = metric_rows(reader, *asked), metric_rows(run, *asked)
    total = Part.of(of_run - of_reader, n)
    unknown = Part.undefined(np.shape(total.value))
    return Differences(
        of_reader[0],
        of_run[0],
        unknown.value,
        unknown.value,
        total,
        threshold=unknown,
        ranking=unknown,
        a_average_precision=unknown.value,
        b_average_precision=unknown.value,
        average_precision=unknown,
        precision_at_same_recall=Part.of(beside, n),
        recall_at_same_precision=unknown,
    )


def _averaged(rows, counts: Counts, average):
    if average is None:
        return rows
    if average == "micro":
        return np.full(len(rows), np.nan)
    return average_over_classes(rows, average, counts.support)
