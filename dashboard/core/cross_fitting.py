"""Cross-fitting: every sample is decided by a rule that was tuned without its unit.

Knows nothing of any one policy. Counts are pooled over the folds before a metric is taken: the mean of the folds' own
F1 is biased low where a class has few positives.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dashboard.core.counts import Counts
from dashboard.core.headline import Headline, headline
from dashboard.core.policies.policy import Policy, Rule
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.sample_metrics import SampleMetrics, sample_metrics_from_predicted
from dashboard.core.thresholds import ThresholdSet


@dataclass(frozen=True, eq=False)
class CrossFitted:
    """Decisions for samples that the deciding rule has not seen.

    predictions: what was decided on. folds: int8 (n_samples,). rules: one per fold, tuned on the other folds.
    predicted: bool (n_samples, n_classes).
    """

    predictions: Predictions
    folds: np.ndarray
    rules: tuple[Rule, ...]
    predicted: np.ndarray

    @cached_property
    def counts(self) -> Counts:
        """Pooled over the folds: one row."""
        return Counts.from_predicted(self.predictions, self.predicted)

    @cached_property
    def samples(self) -> SampleMetrics:
        """Metrics of whole samples, over all folds."""
        return sample_metrics_from_predicted(self.predictions, self.predicted)

    @cached_property
    def headline(self) -> Headline:
        """The figures to expect of the policy on new samples."""
        return headline(self.counts, samples=self.samples)

    @property
    def score_thresholds(self) -> np.ndarray | None:
        """(n_folds, n_classes) in the dtype of the scores; None where the rules are more than thresholds, or none."""
        if not self.rules or not all(isinstance(rule, ThresholdSet) for rule in self.rules):
            return None
        return np.stack([rule.score_thresholds for rule in self.rules])


def cross_fit(
    p: Predictions,
    policy: Policy,
    folds,
    *,
    locked=None,
    progress: Callable[[float], None] | None = None,
) -> CrossFitted:
    """Tune on all folds but one and decide that one, for each fold.

    folds: (n_samples,) from 0, no unit in two of them, as `stratified_folds` gives them. With a single fold its rule is
    tuned on no sample at all. locked: class index -> score threshold, in every fold.
    """
    folds = np.asarray(folds)
    if folds.shape != (p.n_samples,):
        raise ValueError(f"folds must have shape ({p.n_samples},), got {folds.shape}")
    n_folds = int(folds.max(initial=-1)) + 1
    predicted = np.zeros(p.labels.shape, dtype=bool)
    rules = []
    for fold in range(n_folds):
        rules.append(_tuned_without(p, policy, folds == fold, locked))
        held_out = np.flatnonzero(folds == fold)
        predicted[held_out] = rules[-1].predict(p.take(held_out))
        if progress is not None:
            progress((fold + 1) / n_folds)
    return CrossFitted(p, folds, tuple(rules), predicted)


def _tuned_without(p, policy, held_out, locked) -> Rule:
    rows = np.flatnonzero(~held_out)
    ranked = RankedScores.from_predictions(p.take(rows))
    return policy.take(rows).tune(ranked, locked)
