"""Do you need a threshold per class? What they gain over one threshold, beside what calibrating gains, on samples that
no rule was tuned on.

Each fold is ranked once for all policies. Knows nothing of screens.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dashboard.core import metrics
from dashboard.core.bootstrap import bootstrap
from dashboard.core.counts import Counts
from dashboard.core.percentile_interval import Interval
from dashboard.core.policies.registry import parse_policy
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores

HALF, ONE_MICRO, ONE_MACRO = "fixed", "best_global", "best_global:average=macro"
PER_CLASS, JOINT = "best_per_class", "best_micro_f_beta"
PLATT = "calibrated_cut"
COMPARED = (
    HALF,
    ONE_MICRO,
    ONE_MACRO,
    PER_CLASS,
    JOINT,
    PLATT,
    "calibrated_cut:method=isotonic",
    "calibrated_cut:method=temperature",
)
CALIBRATED = tuple(name for name in COMPARED if name.startswith(PLATT))
MOST_RESAMPLED = 20_000_000  # cells: above that no interval is computed
SHARE = 0.9  # of a replicate's work that is left when the folds are done, for progress


@dataclass(frozen=True, eq=False)
class PerClassNeed:
    """Cross-fitted figures of COMPARED, by a policy's text.

    micro_f1, macro_f1: from counts pooled over folds. gains: (policy, "micro_f1" or "macro_f1") -> the 95 % interval of
    its gain over the single threshold for that average, paired over units; empty for very large data. leads: the same
    for each of CALIBRATED, of what the best thresholds per class for that average gain over it.
    """

    micro_f1: dict[str, float]
    macro_f1: dict[str, float]
    gains: dict[tuple[str, str], Interval]
    leads: dict[tuple[str, str], Interval]

    def gain(self, policy: str, average: str, over: str) -> float:
        values = self.micro_f1 if average == "micro" else self.macro_f1
        return values[policy] - values[over]


def per_class_need(
    p: Predictions, folds, units, *, seed: int = 0, progress: Callable[[float], None] | None = None
) -> PerClassNeed:
    """Every policy of COMPARED, tuned on all folds but one and judged on that one.

    folds: (n_samples,) from 0; units: the codes the folds were made of.
    """
    folds = np.asarray(folds)
    n_folds = int(folds.max(initial=-1)) + 1
    predicted = {name: np.zeros(p.labels.shape, dtype=bool) for name in COMPARED}
    for fold in range(n_folds):
        held_out = np.flatnonzero(folds == fold)
        r, judged = RankedScores.from_predictions(p.take(np.flatnonzero(folds != fold))), p.take(held_out)
        for number, name in enumerate(COMPARED):
            predicted[name][held_out] = parse_policy(name).tune(r).predict(judged)
            if progress is not None:
                progress(SHARE * (fold + (number + 1) / len(COMPARED)) / n_folds)
    counts = {name: Counts.from_predicted(p, decided) for name, decided in predicted.items()}
    micro, macro = (
        {name: float(metrics.f_beta(c, average=average)[0]) for name, c in counts.items()}
        for average in ("micro", "macro")
    )
    return PerClassNeed(micro, macro, *_intervals(p, predicted, units, seed))


def _intervals(p, predicted, units, seed) -> tuple[dict, dict]:
    """`gains` and `leads`."""
    if p.scores.size > MOST_RESAMPLED or not p.scores.size:
        return {}, {}
    resampled = bootstrap(p, predicted, units, seed=seed)
    gains, leads = {}, {}
    for metric, single, per_class in (("micro_f1", ONE_MICRO, JOINT), ("macro_f1", ONE_MACRO, PER_CLASS)):
        gains |= {(name, metric): resampled.difference(name, single, metric) for name in COMPARED}
        leads |= {(name, metric): resampled.difference(per_class, name, metric) for name in CALIBRATED}
    return gains, leads
