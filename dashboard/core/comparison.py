"""Two runs on the same samples: how much of a difference is threshold and how much is ranking.

The total difference at the thresholds in use is threshold plus ranking; ranking is what remains when each run decides
by its own best thresholds, tuned without the sample's unit. Intervals resample units with all decisions held fixed and
average precision recomputed, everything on the same replicates. Nothing is decided on the samples it was tuned on, so
there is no optimism to take off; that thresholds in use were tuned on these samples is for the caller to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from dashboard.core.averages import average_over_classes
from dashboard.core.bootstrap import bootstrap
from dashboard.core.counts import Counts
from dashboard.core.cross_fitting import cross_fit
from dashboard.core.differences import (
    AVERAGES,
    Comparison,
    Differences,
    Part,
    check_metric,
    metric_rows,
)
from dashboard.core.folds import stratified_folds
from dashboard.core.policies.policy import Policy, Rule
from dashboard.core.policies.registry import CLASS_METRICS, make_policy
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.units import compact_units, n_units
from dashboard.core.weighted_ranking import affordable_replicates, lane_weights, weighted_ranking
from dashboard.core.weighted_ranking_kernels import AVERAGE_PRECISION, PRECISION, RECALL

IN_USE, OWN_BEST = ("a", "b"), ("a cross-fitted", "b cross-fitted")
CROSS_FITTED_TO, COUNTED_TO = 0.4, 0.6  # of the time, roughly


@dataclass(frozen=True, eq=False)
class Decisions:
    """What both runs decide, bool (n_samples, n_classes) by IN_USE and OWN_BEST, and how it was found."""

    predicted: Mapping[str, np.ndarray]
    metric: str
    beta: float
    n_folds: int


def compare_runs(
    a: RankedScores,
    b: RankedScores,
    thresholds_a: Rule,
    thresholds_b: Rule,
    units,
    *,
    metric: str = "f1",
    beta: float = 1.0,
    policy: Policy | None = None,
    n_folds: int = 5,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """The differences of `b` less `a`, per class and averaged.

    units: (n_samples,) codes. policy: what each run's own best thresholds are; None: each class at its best `metric`.
    beta is that of "f_beta" alone. Raises ValueError unless both are on the same samples, classes and labels.
    """
    report = progress or _ignore
    decisions = cross_fitted_decisions(
        a,
        b,
        (thresholds_a, thresholds_b),
        units,
        policy or default_policy(metric, beta),
        (metric, beta, n_folds),
        seed,
        _part(report, 0.0, CROSS_FITTED_TO),
    )
    compared = compared_decisions(a, b, decisions, units, n_replicates, seed, _part(report, CROSS_FITTED_TO, 1.0))
    report(1.0)
    return compared


def compare_at_each_best(
    a: RankedScores, b: RankedScores, thresholds_a: Rule, thresholds_b: Rule, units, *, progress=None, **how
) -> Comparison:
    """As `compare_runs` without a policy, but the micro average is that of thresholds that make it best.

    Each class at its own best is no run's best micro average: a difference between two such says nothing of ranking.
    """
    report, compared = progress or _ignore, (a, b, thresholds_a, thresholds_b, units)
    found = compare_runs(*compared, **how, progress=_part(report, 0.0, 0.5))
    # What makes micro-F1 best makes micro-Jaccard best too, which rises with it.
    beta = how.get("beta", 1.0) if how.get("metric") == "f_beta" else 1.0
    joint = make_policy("best_micro_f_beta", beta=beta)
    of_micro = compare_runs(*compared, **how, policy=joint, progress=_part(report, 0.5, 1.0))
    return replace(found, averages=dict(found.averages) | {"micro": of_micro.averages["micro"]})


def compare_groups(
    a: RankedScores,
    b: RankedScores,
    thresholds_a: Rule,
    thresholds_b: Rule,
    units,
    groups,
    *,
    metric: str = "f1",
    beta: float = 1.0,
    policy: Policy | None = None,
    n_folds: int = 5,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> dict[str, Comparison]:
    """The same within each value of a column, (n_samples,), in sorted order of the values as text.

    Own best thresholds are those of all samples (cross-fitted), not of the group: a run is used with one set of them.
    """
    names = np.asarray(groups).astype(str)
    if names.shape != (a.predictions.n_samples,):
        raise ValueError(f"groups must have shape ({a.predictions.n_samples},), got {names.shape}")
    report = progress or _ignore
    decisions = cross_fitted_decisions(
        a,
        b,
        (thresholds_a, thresholds_b),
        units,
        policy or default_policy(metric, beta),
        (metric, beta, n_folds),
        seed,
        _part(report, 0.0, CROSS_FITTED_TO),
    )
    found, distinct = {}, np.unique(names)
    for done, name in enumerate(distinct.tolist()):
        rows = np.flatnonzero(names == name)
        within = Decisions(
            {key: each[rows] for key, each in decisions.predicted.items()}, metric, beta, decisions.n_folds
        )
        ranked = [RankedScores.from_predictions(r.predictions.take(rows)) for r in (a, b)]
        found[name] = compared_decisions(*ranked, within, np.asarray(units)[rows], n_replicates, seed)
        report(CROSS_FITTED_TO + (1 - CROSS_FITTED_TO) * (done + 1) / len(distinct))
    return found


def default_policy(metric: str, beta: float) -> Policy:
    """Each class at its best `metric`; raises ValueError for a metric that no threshold makes best with sense."""
    check_metric(metric)
    if metric not in CLASS_METRICS:
        raise ValueError(
            f"policy must be given for {metric}: only {', '.join(CLASS_METRICS)} have a best threshold here"
        )
    return make_policy("best_per_class", metric=metric, **({"beta": beta} if metric == "f_beta" else {}))


def check_comparable(a: Predictions, b: Predictions) -> None:
    """Raises ValueError unless both are on the same samples, classes and labels."""
    if a.class_names != b.class_names:
        differing = [
            name for name in (*a.class_names, *b.class_names) if (name in a.class_names) != (name in b.class_names)
        ]
        found = f"{differing[0]!r} is in one only" if differing else "their order differs"
        raise ValueError(f"both runs must have the same classes in the same order, but {found}: map the columns alike")
    if a.n_samples != b.n_samples:
        raise ValueError(
            f"both runs must be on the same samples, but one has {a.n_samples} and the other {b.n_samples}: "
            "compare them on the samples that they share"
        )
    if a.sample_ids is not None and b.sample_ids is not None and not np.array_equal(a.sample_ids, b.sample_ids):
        row = int(np.flatnonzero(a.sample_ids != b.sample_ids)[0])
        raise ValueError(
            f"both runs must be on the same samples in the same order, but row {row + 1} is {a.sample_ids[row]} in one "
            f"and {b.sample_ids[row]} in the other: sort them alike"
        )
    if a.labels is not b.labels and not np.array_equal(a.labels, b.labels):
        row, c = np.argwhere(a.labels != b.labels)[0].tolist()
        raise ValueError(
            f"both runs must be judged on the same labels, but row {row + 1} of {a.class_names[c]!r} is "
            f"{a.labels[row, c]} in one and {b.labels[row, c]} in the other: read both with the same labels"
        )


def cross_fitted_decisions(a, b, in_use, units, policy, asked, seed, progress) -> Decisions:
    """What both runs decide at the thresholds in use, and by `policy` tuned on the same folds.

    asked: metric, beta and number of folds.
    """
    metric, beta, n_folds = asked
    check_metric(metric)
    p, q = a.predictions, b.predictions
    check_comparable(p, q)
    predicted = {name: rule.predict(run) for name, rule, run in zip(IN_USE, in_use, (p, q), strict=True)}
    folds = stratified_folds(p, units, n_folds, seed)
    for number, (name, run) in enumerate(zip(OWN_BEST, (p, q), strict=True)):
        part = _part(progress, number / 2, (number + 1) / 2)
        predicted[name] = cross_fit(run, policy, folds, progress=part).predicted
    return Decisions(predicted, metric, beta, int(folds.max(initial=-1)) + 1)


def compared_decisions(a, b, decisions: Decisions, units, n_replicates, seed, progress=None) -> Comparison:
    """The comparison of given decisions of two runs on their samples."""
    p, report = a.predictions, progress or (lambda done: None)
    units = compact_units(units, p.n_samples)
    n_replicates = affordable_replicates(p.labels.size, n_replicates)
    sums = bootstrap(p, decisions.predicted, units, n_replicates, seed, _part(report, 0.0, 0.4)).sums
    counts = {name: each.counts for name, each in sums.items()}
    weights = lane_weights(n_units(units), n_replicates, seed)
    curves = weighted_ranking((p, b.predictions), units, counts["a"], weights, _part(report, 0.4, 1.0))
    curves[0, AVERAGE_PRECISION, 0], curves[1, AVERAGE_PRECISION, 0] = a.average_precision(), b.average_precision()
    differences = {
        average: _differences(counts, curves, decisions, n_units(units), average) for average in (None, *AVERAGES)
    }
    return Comparison(
        decisions.metric,
        decisions.beta,
        p.class_names,
        p.support,
        n_units(units),
        decisions.n_folds,
        n_replicates,
        differences.pop(None),
        differences,
    )


def _differences(counts, curves, decisions, n, average) -> Differences:
    rows = {name: metric_rows(each, decisions.metric, decisions.beta, average) for name, each in counts.items()}
    total, ranking = rows["b"] - rows["a"], rows["b cross-fitted"] - rows["a cross-fitted"]
    of_curves = {
        kind: _averaged(curves[:, kind], counts["a"], average) for kind in (AVERAGE_PRECISION, PRECISION, RECALL)
    }
    beside = {kind: Part.of(of_b - of_a, n) for kind, (of_a, of_b) in of_curves.items()}
    areas = of_curves[AVERAGE_PRECISION][:, 0]
    return Differences(
        rows["a"][0],
        rows["b"][0],
        rows["a cross-fitted"][0],
        rows["b cross-fitted"][0],
        Part.of(total, n),
        Part.of(total - ranking, n),
        Part.of(ranking, n),
        areas[0],
        areas[1],
        beside[AVERAGE_PRECISION],
        beside[PRECISION],
        beside[RECALL],
    )


def _averaged(curves, counts: Counts, average):
    """(2, n_rows, ...) of (2, n_rows, n_classes); nothing is said of "micro", whose curve is of all cells pooled."""
    if average is None:
        return curves
    if average == "micro":
        return np.full(curves.shape[:2], np.nan)
    return np.stack([average_over_classes(each, average, counts.support) for each in curves])


def _part(progress, start, stop):
    return lambda done: progress(start + (stop - start) * done)


def _ignore(done):
    pass
