"""What a policy's figures are worth on new samples: tuned here, cross-fitted, held out, and the intervals that cover.

The interval resamples units with the tuned thresholds held fixed and takes off what tuning found by chance: the
optimism. It is estimated twice, and the interval reaches from the lower end under the larger of the two to the upper
end under the smaller, since each alone covers too little where thresholds are many and positives few:
- tuned here minus cross-fitted, for every policy and metric;
- in resamples in which the thresholds are chosen anew: there minus on the data at the same thresholds. For policies and
  metrics without such a pass half of the first stands in for it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core import retuning
from dashboard.core.bootstrap import COUNT_METRICS, METRICS, Replicates, bootstrap, lost_classes, macro_f1
from dashboard.core.counts import Counts
from dashboard.core.cross_fitting import CrossFitted, cross_fit
from dashboard.core.folds import stratified_folds
from dashboard.core.percentile_interval import Interval, mean_defined
from dashboard.core.policies.policy import Policy, Rule
from dashboard.core.predictions import Predictions
from dashboard.core.progress import ignore, part_of
from dashboard.core.ranking import RankedScores

TUNED_HERE, CROSS_FITTED, HELD_OUT = "tuned here", "cross-fitted", "held out"
WITHOUT_A_PASS = 0.5  # of the cross-fitted optimism
RETUNED = 200  # replicates; the mean of so many is close enough to shift an interval by
# Nothing is tuned to make these high, so there is no optimism in them: they are those of the cross-fitted decisions.
NOT_MADE_BEST = ("n_never_predicted", "predicted_cardinality", "n_predicted_empty")
BOOTSTRAP_FROM, RETUNE_FROM = 0.4, 0.7  # of the time, roughly


@dataclass(frozen=True, eq=False)
class ExpectedFigure:
    """One metric, floats or (n_classes,): on the samples it was tuned on, cross-fitted, and the interval around it."""

    tuned_here: np.ndarray | float
    cross_fitted: np.ndarray | float
    interval: Interval

    @property
    def optimism(self) -> np.ndarray | float:
        """How much better the figure looks on the samples it was tuned on."""
        return self.tuned_here - self.cross_fitted


@dataclass(frozen=True, eq=False)
class Expected:
    """What to expect of a policy on new samples of the same kind.

    rule: tuned on all samples. figures: by the names of `bootstrap.METRICS`. counts: cross-fitted, one row.
    fold_thresholds: (n_folds, n_classes) score thresholds or None. To compare two policies resample the cross-fitted
    decisions of both with `bootstrap`.
    """

    rule: Rule
    figures: Mapping[str, ExpectedFigure]
    counts: Counts
    fold_thresholds: np.ndarray | None
    n_units: int
    n_folds: int
    n_replicates: int


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Figures of decisions on samples that nothing was tuned on: metric -> value, metric -> interval, and one row of
    counts.
    """

    values: Mapping[str, np.ndarray | float]
    intervals: Mapping[str, Interval]
    counts: Counts
    n_units: int


def expected(
    r: RankedScores,
    policy: Policy,
    units,
    n_folds: int = 5,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    *,
    locked: Mapping[int, float] | None = None,
) -> Expected:
    """Tune on all samples, cross-fit over folds of units, and resample units for the intervals.

    units: (n_samples,) codes as `unit_codes` gives them. locked: class index -> score threshold that stays as it is.
    """
    p, progress = r.predictions, progress or ignore
    rule = policy.tune(r, locked)
    folds = stratified_folds(p, units, n_folds, seed)
    cross = cross_fit(p, policy, folds, locked=locked, progress=part_of(progress, 0.0, BOOTSTRAP_FROM))
    replicates = bootstrap(
        p,
        {TUNED_HERE: rule.predict(p), CROSS_FITTED: cross.predicted},
        units,
        n_replicates,
        seed,
        part_of(progress, BOOTSTRAP_FROM, RETUNE_FROM),
    )
    chance = {} if locked else _chance(p, policy, units, n_replicates, seed, part_of(progress, RETUNE_FROM, 1.0))
    progress(1.0)
    return _expected(rule, cross, replicates, chance)


def held_out(
    p: Predictions,
    rule: Rule,
    units,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    *,
    of: Iterable[str] = METRICS,
) -> HeldOut:
    """Figures of a rule on samples it was not tuned on, with plain percentile intervals over units.

    of: the metrics wanted, names of `bootstrap.METRICS`.
    """
    predicted = rule.predict(p)
    replicates = bootstrap(p, {HELD_OUT: predicted}, units, n_replicates, seed, progress)
    figures = {metric: replicates.figure(HELD_OUT, metric) for metric in of}
    return HeldOut(
        {metric: value for metric, (value, _) in figures.items()},
        {metric: interval for metric, (_, interval) in figures.items()},
        Counts.from_predicted(p, predicted),
        replicates.n_units,
    )


def objective_of(policy: Policy) -> tuple[str, float] | None:
    """The objective and beta of the `retuning` pass that makes the same choice as the policy; None without one."""
    name, chosen = policy.kind.name, policy.parameters
    if chosen.get("min_positives") or chosen.get("shrink"):
        return None
    beta = chosen.get("beta", 1.0) if chosen.get("metric", "f_beta") == "f_beta" else 1.0
    if name == "best_per_class":
        return retuning.PER_CLASS, beta
    if name == "best_micro_f_beta":
        return retuning.JOINT, beta
    if name == "best_global" and chosen["average"] == "micro" and chosen["metric"] in ("f1", "f_beta", "jaccard"):
        return retuning.GLOBAL, beta
    return None


def _expected(rule, cross: CrossFitted, replicates: Replicates, chance) -> Expected:
    figures = {}
    for metric in METRICS:
        tuned, crossed = (replicates.value(name, metric) for name in (TUNED_HERE, CROSS_FITTED))
        optimism = tuned - crossed
        other = chance.get(metric, WITHOUT_A_PASS * optimism)
        fixed = replicates.interval(TUNED_HERE, metric)
        low = np.maximum(fixed.low - np.fmax(optimism, other), 0.0)
        high = np.minimum(fixed.high - np.fmin(optimism, other), 1.0)
        around = Interval(low, high, fixed.standard_error)
        if metric in NOT_MADE_BEST:
            around = replicates.interval(CROSS_FITTED, metric)
        figures[metric] = ExpectedFigure(tuned, crossed, around)
    n_folds = len(cross.rules)
    thresholds, n_replicates = cross.score_thresholds, replicates.n_replicates
    return Expected(rule, figures, cross.counts, thresholds, replicates.n_units, n_folds, n_replicates)


def _chance(p, policy, units, n_replicates, seed, progress) -> dict[str, np.ndarray | float]:
    """The mean over replicates of what choosing anew finds there beyond what the same thresholds do on the data."""
    objective = objective_of(policy)
    if objective is None:
        return {}
    retuned = retuning.retune(
        p, units, *objective, n_replicates=min(RETUNED, n_replicates), seed=seed, progress=progress
    )
    there, here = retuned.in_replicate, retuned.on_data
    lost = lost_classes(there, p.support)
    found = {name: metric(there) - metric(here) for name, metric in COUNT_METRICS.items()}
    found["macro_f1"] = macro_f1(there, lost) - macro_f1(here, lost)
    return {name: mean_defined(values) for name, values in found.items()}
