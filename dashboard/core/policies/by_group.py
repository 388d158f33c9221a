"""Thresholds of their own for each group of a column, beside the pooled ones for whoever has none.

A rule over samples: which thresholds apply is told by the sample's value in the column. Knows nothing of the base.
"""

from dataclasses import dataclass, field

import numpy as np

from dashboard.core.policies.group_column import group_rows
from dashboard.core.policies.policy import TOO_FEW
from dashboard.core.policies.row_rules import in_row_blocks
from dashboard.core.predictions import Predictions
from dashboard.core.ranking import RankedScores
from dashboard.core.thresholds import ThresholdSet


@dataclass(frozen=True, eq=False)
class GroupThresholds:
    """by_group: value of the column, as text -> its thresholds; any other value gets those of `pooled`."""

    column: str
    pooled: ThresholdSet
    by_group: dict[str, ThresholdSet]
    details: dict = field(default_factory=dict)

    def predict(self, p: Predictions) -> np.ndarray:
        """(n_samples, n_classes) bool decisions; raises ValueError if there are groups and `p` lacks the column."""
        self.pooled.check_applies_to(p)
        rows_of = group_rows(p, self.column) if self.by_group else {}
        table = np.stack([self.pooled.score_thresholds, *(ts.score_thresholds for ts in self.by_group.values())])
        place = np.zeros(p.n_samples, dtype=np.intp)
        for index, name in enumerate(self.by_group, start=1):
            place[rows_of.get(name, [])] = index
        return in_row_blocks(p, lambda rows: p.scores[rows] >= table[place[rows]])


def per_group(
    r: RankedScores, column: str = "", base: str = "best_per_class", least_positives: int = 10, *, locked=None
) -> GroupThresholds:
    """The policy `base` (its text) tuned in each group of the column by itself.

    A class with fewer than `least_positives` known positives in a group keeps its pooled threshold there: that of the
    base tuned on all samples, which also stands for values of the column not seen here. "" is no column: no group.

    Each group's scores are sorted once more, which takes nearly all of the time: about as long as ranking all of them.
    """
    from dashboard.core.policies.registry import parse_policy  # the registry lists this function

    policy, p = parse_policy(base), r.predictions
    pooled = policy.tune(r, locked)
    if not isinstance(pooled, ThresholdSet):
        raise ValueError(f"thresholds per group need a policy with one threshold per class, got {base}")
    by_group = {}
    for name, rows in group_rows(p, column).items():
        group = p.take(rows)
        if (group.support >= least_positives).any():
            own = policy.tune(RankedScores.from_predictions(group), locked)
            by_group[name] = _where_enough(own, pooled, group.support >= least_positives, p)
    told = {name: int((group.score_thresholds != pooled.score_thresholds).sum()) for name, group in by_group.items()}
    parameters = {"column": column, "base": base, "least_positives": least_positives}
    details = {"policy": "per_group", "parameters": parameters, "groups": told}
    details |= {name: pooled.details[name] for name in ("states", "reached") if name in pooled.details}
    return GroupThresholds(column, pooled, by_group, details)


def _where_enough(own, pooled, enough, p):
    values = np.where(enough, own.score_thresholds, pooled.score_thresholds)
    states = np.where(enough, own.details.get("states", ""), TOO_FEW)
    return ThresholdSet.from_scores(p, values, states=tuple(states.tolist()))
