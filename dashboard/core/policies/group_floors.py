"""A floor that every large enough group has to meet too. Knows nothing of which cut is then taken."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.policies.group_column import group_rows
from dashboard.core.ranking import RankedScores


@dataclass(frozen=True, eq=False)
class InGroups:
    """At each of a class's positive cuts: the lowest share of the groups asked, and whether all of them prove it."""

    lowest: np.ndarray
    proven: np.ndarray
    n_groups: int


@dataclass(frozen=True)
class GroupRequirement:
    """column "" asks nothing of groups."""

    column: str
    least_positives: int

    @property
    def parameters(self) -> dict:
        return {"column": self.column, "least_positives": self.least_positives}

    def masks(self, r: RankedScores, floor) -> "GroupMasks":
        if not self.column:
            return GroupMasks([None] * r.predictions.n_classes, [])
        groups = [RankedScores.from_predictions(r.predictions.take(rows)) for rows in self._rows(r)]
        asked = [
            [g for g in groups if len(g.positives(c)) >= max(1, self.least_positives)]
            for c in range(r.predictions.n_classes)
        ]
        return GroupMasks([_in_groups(r, c, asked[c], floor) for c in range(len(asked))], asked, floor)

    def _rows(self, r):
        return group_rows(r.predictions, self.column).values()


class GroupMasks:
    """InGroups by class, None where no group is asked."""

    def __init__(self, by_class, asked, floor=None):
        self._by_class, self._asked, self._floor = by_class, asked, floor

    def __call__(self, c: int) -> InGroups | None:
        return self._by_class[c]

    def figures(self, ts) -> dict:
        """How many groups were asked in each class and the lowest share among them at the thresholds, NaN without."""
        if not self._asked:
            return {}
        lowest = [
            min((_share(g, c, ts.score_thresholds[c : c + 1], self._floor)[0][0] for g in groups), default=np.nan)
            for c, groups in enumerate(self._asked)
        ]
        return {
            "groups asked": np.array([len(groups) for groups in self._asked]),
            f"lowest {self._floor.of} of a group": np.array(lowest, dtype=np.float64),
        }


def lowest_of(share, groups: InGroups | None):
    """The share over all samples, or in the group where it is lowest."""
    return share if groups is None else np.minimum(share, groups.lowest)


def _in_groups(r, c, groups, floor):
    if not groups:
        return None
    scores = r.positive_cuts(c).scores
    found = [_share(g, c, scores, floor) for g in groups]
    lowest = np.minimum.reduce([share for share, _ in found])
    return InGroups(lowest, np.logical_and.reduce([proven for _, proven in found]), len(groups))


def _share(g, c, scores, floor):
    """The share of one group at these score thresholds, and whether it is proven."""
    positives, known = g.positives(c), g.known(c)
    tp = len(positives) - np.searchsorted(positives, scores)
    fp = len(known) - np.searchsorted(known, scores) - tp
    cases = floor.cases(tp, fp, len(positives))
    return floor.observed(tp, cases), floor.is_proven(tp, cases)
