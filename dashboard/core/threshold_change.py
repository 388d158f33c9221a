"""What moved thresholds change on the same samples: F1 before and now, per class and averaged, with paired intervals.

Scores stay as they are; decisions are held fixed in the resamples. Knows nothing of why thresholds were moved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dashboard.core.bootstrap import bootstrap
from dashboard.core.differences import Part, metric_rows
from dashboard.core.policies.policy import Rule
from dashboard.core.predictions import Predictions
from dashboard.core.units import compact_units, n_units
from dashboard.core.weighted_ranking import affordable_replicates

BETTER, WORSE, CANNOT_TELL, SAME = "better", "worse", "cannot tell", "no cell changed"
BEFORE, NOW = "before", "now"
_AVERAGES = ("micro", "macro")


@dataclass(frozen=True, eq=False)
class Change:
    """F1 before and now and the difference now - before: arrays (n_classes,), or floats for an average."""

    before: np.ndarray | float
    now: np.ndarray | float
    difference: Part


@dataclass(frozen=True, eq=False)
class ThresholdChange:
    """classes: NaN for a class without known positives. averages: "micro", "macro". n_changed: (n_classes,) cells that
    are decided otherwise now. n_replicates: that the 95 % intervals are from."""

    class_names: tuple[str, ...]
    n_changed: np.ndarray
    classes: Change
    averages: Mapping[str, Change]
    n_units: int
    n_replicates: int

    @property
    def verdicts(self) -> list[str]:
        """One per class: SAME where nothing is decided otherwise, else whether the interval excludes 0."""
        return [
            SAME if not n else _verdict(low, high)
            for n, low, high in zip(self.n_changed, *self.classes.difference[1:], strict=True)
        ]


def threshold_change(
    p: Predictions,
    before: Rule,
    now: Rule,
    units,
    *,
    n_replicates: int = 1000,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> ThresholdChange:
    """The change in F1. units: (n_samples,) codes of what is independent; large data get fewer replicates."""
    predicted = {BEFORE: before.predict(p), NOW: now.predict(p)}
    units = compact_units(units, p.n_samples)
    n_replicates = affordable_replicates(p.labels.size, n_replicates)
    found = bootstrap(p, predicted, units, n_replicates, seed, progress)
    counts = {name: found.sums[name].counts for name in predicted}
    changes = {average: _change(counts, n_units(units), average) for average in (None, *_AVERAGES)}
    n_changed = (predicted[BEFORE] != predicted[NOW]).sum(axis=0)
    return ThresholdChange(p.class_names, n_changed, changes.pop(None), changes, n_units(units), n_replicates)


def _change(counts, n, average) -> Change:
    before, now = (metric_rows(counts[name], "f1", 1.0, average) for name in (BEFORE, NOW))
    return Change(before[0], now[0], Part.of(now - before, n))


def _verdict(low, high) -> str:
    return BETTER if low > 0 else WORSE if high < 0 else CANNOT_TELL
