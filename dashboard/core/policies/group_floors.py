"""A floor that every large enough group has to meet too. Knows nothing of which cut is then taken."""

from dataclasses import dataclass

import numpy as np

from dashboard.core.policies.group_column import group_rows
from dashboard.core.ranking import RankedScores

FEWEST_CUTS = 4096


@dataclass(frozen=True)
class GroupRequirement:
    """In every group of the column with at least so many known positives of the class; column "" asks nothing."""

    column: str
    least_positives: int

    @property
    def parameters(self) -> dict:
        return {"column": self.column, "least_positives": self.least_positives}

    def groups(self, r: RankedScores, floor) -> "AskedGroups":
        ranked = [RankedScores.from_predictions(r.predictions.take(rows)) for rows in self._rows(r)]
        least, classes = max(1, self.least_positives), range(r.predictions.n_classes)
        return AskedGroups(
            [[g for g in ranked if len(g.positives(c)) >= least] for c in classes], floor, bool(self.column)
        )

    def _rows(self, r):
        return group_rows(r.predictions, self.column).values()


@dataclass(frozen=True, eq=False)
class AskedGroups:
    """by_class: the groups in which each class is asked to meet the floor; any_column: whether groups were named."""

    by_class: list[list[RankedScores]]
    floor: object
    any_column: bool

    def at(self, c: int, scores, share, proven) -> tuple[np.ndarray, np.ndarray]:
        """The lowest share at each of these score thresholds, overall or of a group, and whether all prove the floor.

        share, proven: those over all samples.
        """
        if not self.by_class[c]:
            return share, proven
        shares, proofs = self._shares(c, scores)
        return np.minimum(share, shares.min(axis=0)), proven & proofs.all(axis=0)

    def worst(self, c: int, cuts, share, proven) -> tuple[np.ndarray, np.ndarray]:
        """The same at each cut.

        Cuts whose share over all samples is low already, so that they neither meet the floor nor come closest, are
        not looked at in the groups: they get 0 and False.
        """
        if not self.by_class[c]:
            return share, proven
        lowest, all_proven = np.zeros(len(share)), np.zeros(len(share), dtype=bool)
        order = np.argsort(-share, kind="stable")
        done, step = 0, max(FEWEST_CUTS, np.count_nonzero(share >= self.floor.value))
        while done < len(order) and not (done and lowest.max() > share[order[done]]):
            part = np.sort(order[done : done + step])[::-1]  # a search for ascending scores is quicker
            lowest[part], all_proven[part] = self.at(c, cuts.scores[part], share[part], proven[part])
            done, step = done + step, 2 * step
        return lowest, all_proven

    def figures(self, ts) -> dict:
        """How many groups were asked in each class and the lowest share among them at the thresholds, NaN without."""
        if not self.any_column:
            return {}
        lowest = [self._lowest(c, ts.score_thresholds[c : c + 1]) for c in range(len(self.by_class))]
        return {
            "groups asked": np.array([len(groups) for groups in self.by_class]),
            f"lowest {self.floor.of} of a group": np.array(lowest, dtype=np.float64),
        }

    def _lowest(self, c, threshold):
        """NaN too where some group has nothing that it could be a share of."""
        counts = [_counts(g.positives(c), g.known(c), threshold, self.floor) for g in self.by_class[c]]
        shares = [float(tp[0] / cases[0]) if cases[0] else np.nan for tp, cases in counts]
        return min(shares, default=np.nan) if not np.isnan(shares).any() else np.nan

    def _shares(self, c, scores):
        """The share of each group at these score thresholds and whether it is proven, (n_groups, n_thresholds)."""
        counts = [_counts(g.positives(c), g.known(c), scores, self.floor) for g in self.by_class[c]]
        shares = [self.floor.observed(tp, cases) for tp, cases in counts]
        return np.stack(shares), np.stack([self.floor.is_proven(tp, cases) for tp, cases in counts])


def _counts(positives, known, scores, floor):
    """True positives at each score threshold, and what they are a share of."""
    tp = len(positives) - np.searchsorted(positives, scores)
    fp = len(known) - np.searchsorted(known, scores) - tp
    return tp, floor.cases(tp, fp, len(positives))
