"""Two runs on the same samples: how much of a difference is threshold and how much is ranking.

The total difference at the thresholds in use is threshold plus ranking; ranking is what remains when each run decides
by its own best thresholds, tuned without the sample's unit. Intervals resample units with all decisions held fixed and
average precision recomputed, everything on the same replicates. Nothing is decided on the samples it was tuned on, so
there is no optimism to take off; that thresholds in use were tuned on these samples is for the caller to say.
"""

from collections.abc import Mapping, Sequence
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
from dashboard.core.progress import Progress, ignore, part_of
from dashboard.core.ranking import RankedScores
from dashboard.core.units import compact_units, n_units
from dashboard.core.weighted_ranking import affordable_replicates, lane_weights, weighted_ranking
from dashboard.core.weighted_ranking_kernels import AVERAGE_PRECISION, PRECISION, RECALL

IN_USE, OWN_BEST = ("a", "b"), ("a cross-fitted", "b cross-fitted")
MICRO_BEST = ("a cross-fitted for micro", "b cross-fitted for micro")
_NAMES = (IN_USE, OWN_BEST, MICRO_BEST)
CROSS_FITTED_TO = 0.4  # of the time, roughly


@dataclass(frozen=True)
class Asked:
    """What is compared and how. beta is that of "f_beta" alone; policy: what each run's own best thresholds are, None
    for each class at its best `metric`.
    """

    metric: str = "f1"
    beta: float = 1.0
    policy: Policy | None = None
    n_folds: int = 5
    n_replicates: int = 1000
    seed: int = 0

    @property
    def own_best(self) -> Policy:
        """Raises ValueError for a metric without a policy that makes it best."""
        return self.policy or default_policy(self.metric, self.beta)

    @property
    def each_best(self) -> tuple[Policy, Policy]:
        """For the classes, and for the micro average, of which each class at its own best is not the best."""
        # What makes micro-F1 best makes micro-Jaccard best too, which rises with it.
        joint = make_policy("best_micro_f_beta", beta=self.beta if self.metric == "f_beta" else 1.0)
        return self.own_best, joint


@dataclass(frozen=True, eq=False)
class Decisions:
    """What both runs decide, bool (n_samples, n_classes) by IN_USE, OWN_BEST and, where the micro average has
    thresholds of its own, MICRO_BEST; and how it was found.
    """

    predicted: Mapping[str, np.ndarray]
    metric: str
    beta: float
    n_folds: int

    @classmethod
    def of(cls, of_a: Sequence[np.ndarray], of_b: Sequence[np.ndarray], folds, asked: Asked) -> "Decisions":
        """Of what `run_decisions` gave for both runs on the same folds."""
        each = zip(_NAMES, zip(of_a, of_b, strict=True), strict=False)  # two or three of each run
        predicted = {name: decided for names, pair in each for name, decided in zip(names, pair, strict=True)}
        return cls(predicted, asked.metric, asked.beta, int(folds.max(initial=-1)) + 1)

    def own_best(self, average: str | None) -> tuple[str, str]:
        """The names of the decisions at both runs' own best thresholds for an average."""
        return MICRO_BEST if average == "micro" and MICRO_BEST[0] in self.predicted else OWN_BEST


def compare_runs(
    a: RankedScores,
    b: RankedScores,
    thresholds_a: Rule,
    thresholds_b: Rule,
    units,
    *,
    progress: Progress | None = None,
    **how,
) -> Comparison:
    """The differences of `b` less `a`, per class and averaged.

    units: (n_samples,) codes. how: fields of `Asked`. Raises ValueError unless both are on the same samples, classes
    and labels.
    """
    asked = Asked(**how)
    return _compared(a, b, (thresholds_a, thresholds_b), units, asked, (asked.own_best,), progress or ignore)


def compare_at_each_best(
    a: RankedScores,
    b: RankedScores,
    thresholds_a: Rule,
    thresholds_b: Rule,
    units,
    *,
    progress: Progress | None = None,
    **how,
) -> Comparison:
    """As `compare_runs` without a policy, but the micro average is that of thresholds that make it best.

    Each class at its own best is no run's best micro average: a difference between two such says nothing of ranking.
    """
    asked = Asked(policy=None, **how)
    return _compared(a, b, (thresholds_a, thresholds_b), units, asked, asked.each_best, progress or ignore)


def compare_groups(
    a: RankedScores,
    b: RankedScores,
    thresholds_a: Rule,
    thresholds_b: Rule,
    units,
    groups,
    *,
    progress: Progress | None = None,
    **how,
) -> dict[str, Comparison]:
    """The same as `compare_runs` within each value of a column, (n_samples,), in sorted order of the values as text.

    Own best thresholds are those of all samples (cross-fitted), not of the group: a run is used with one set of them.
    """
    names = np.asarray(groups).astype(str)
    if names.shape != (a.predictions.n_samples,):
        raise ValueError(f"groups must have shape ({a.predictions.n_samples},), got {names.shape}")
    asked, report = Asked(**how), progress or ignore
    in_use, policies = (thresholds_a, thresholds_b), (asked.own_best,)
    decisions = cross_fitted_decisions(a, b, in_use, units, asked, policies, part_of(report, 0.0, CROSS_FITTED_TO))
    found, distinct = {}, np.unique(names)
    for done, name in enumerate(distinct.tolist()):
        rows = np.flatnonzero(names == name)
        within = replace(decisions, predicted={key: each[rows] for key, each in decisions.predicted.items()})
        ranked = [RankedScores.from_predictions(r.predictions.take(rows)) for r in (a, b)]
        found[name] = compared_decisions(*ranked, within, np.asarray(units)[rows], asked)
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


def cross_fitted_decisions(a, b, in_use, units, asked: Asked, policies, progress: Progress) -> Decisions:
    """What both runs decide at the thresholds in use, and by each of the policies on the same folds."""
    check_metric(asked.metric)
    p, q = a.predictions, b.predictions
    check_comparable(p, q)
    folds = stratified_folds(p, units, asked.n_folds, asked.seed)
    of_a = run_decisions(p, in_use[0], policies, folds, part_of(progress, 0.0, 0.5))
    of_b = run_decisions(q, in_use[1], policies, folds, part_of(progress, 0.5, 1.0))
    return Decisions.of(of_a, of_b, folds, asked)


def run_decisions(p: Predictions, in_use: Rule, policies: Sequence[Policy], folds, progress=ignore) -> list[np.ndarray]:
    """What one run decides at the thresholds in use, then by each policy, tuned without the sample's unit."""
    n = len(policies)
    parts = [part_of(progress, done / n, (done + 1) / n) for done in range(n)]
    crossed = [cross_fit(p, each, folds, progress=part) for each, part in zip(policies, parts, strict=True)]
    return [in_use.predict(p), *(each.predicted for each in crossed)]


def compared_decisions(a, b, decisions: Decisions, units, asked: Asked, progress: Progress = ignore) -> Comparison:
    """The comparison of given decisions of two runs on their samples."""
    p, units = a.predictions, compact_units(units, a.predictions.n_samples)
    n_replicates = affordable_replicates(p.labels.size, asked.n_replicates)
    sums = bootstrap(p, decisions.predicted, units, n_replicates, asked.seed, part_of(progress, 0.0, 0.4)).sums
    counts = {name: each.counts for name, each in sums.items()}
    weights = lane_weights(n_units(units), n_replicates, asked.seed)
    curves = weighted_ranking((p, b.predictions), units, counts["a"], weights, part_of(progress, 0.4, 1.0))
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


def _compared(a, b, in_use, units, asked: Asked, policies, progress: Progress) -> Comparison:
    decisions = cross_fitted_decisions(a, b, in_use, units, asked, policies, part_of(progress, 0.0, CROSS_FITTED_TO))
    compared = compared_decisions(a, b, decisions, units, asked, part_of(progress, CROSS_FITTED_TO, 1.0))
    progress(1.0)
    return compared


def _differences(counts, curves, decisions, n, average) -> Differences:
    rows = {name: metric_rows(each, decisions.metric, decisions.beta, average) for name, each in counts.items()}
    best_a, best_b = (rows[name] for name in decisions.own_best(average))
    total, ranking = rows["b"] - rows["a"], best_b - best_a
    of_curves = {
        kind: _averaged(curves[:, kind], counts["a"], average) for kind in (AVERAGE_PRECISION, PRECISION, RECALL)
    }
    beside = {kind: Part.of(of_b - of_a, n) for kind, (of_a, of_b) in of_curves.items()}
    areas = of_curves[AVERAGE_PRECISION][:, 0]
    return Differences(
        rows["a"][0],
        rows["b"][0],
        best_a[0],
        best_b[0],
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
