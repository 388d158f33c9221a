"""The tidy tables of groups of samples: one row per group, and one row per class with a column per group.

Takes counts with a row per group, from wherever. Draws nothing and rounds nothing; undefined rates are NaN.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.core import metrics
from dashboard.core.counts import Counts
from dashboard.figures.rates import rates_with_intervals

FEW = 10  # cases behind a rate; with fewer it is marked
TOTAL = "total"
_COUNTS = ("tp", "fp", "fn", "tn")


@dataclass(frozen=True, eq=False)
class GroupTable:
    """rows: one per group, then the total. few: (n_groups + 1,) known positives under FEW, or in some class so."""

    rows: pd.DataFrame
    few: np.ndarray


def with_total(c: Counts) -> Counts:
    """The same with one row more: the sum of all groups."""
    return _each(c, lambda counts: np.vstack([counts, counts.sum(axis=0, keepdims=True)]))


def averaged_table(c: Counts, names: Sequence[str], sizes, average: str) -> GroupTable:
    """Figures over all classes. average: "micro" or "macro"; in both 0/0 counts as 0, as in the headline.

    c: a row per group; sizes: (n_groups,) samples. Columns: group, samples, support, prevalence, predicted, RATES, and
    for "macro" the classes with fewer than FEW known positives.
    """
    c = with_total(c)
    few = c.support < FEW
    rows = _opening(c.pooled(), names, sizes) | {
        "precision": metrics.precision(c, average=average),
        "recall": metrics.recall(c, average=average),
        "F1": metrics.f_beta(c, average=average),
        "false positive rate": 1.0 - metrics.specificity(c, average=average, zero_division=np.nan),
    }
    if average == "micro":
        return GroupTable(pd.DataFrame(rows), c.pooled().support[:, 0] < FEW)
    return GroupTable(pd.DataFrame(rows | {f"classes under {FEW}": few.sum(axis=1)}), few.any(axis=1))


def class_table(c: Counts, names: Sequence[str], sizes, class_index: int) -> GroupTable:
    """Figures of one class, with exact binomial 95 % intervals: columns "precision low", "precision high" and so on."""
    one = with_total(_each(c, lambda counts: counts[:, [class_index]]))
    rates = pd.DataFrame(rates_with_intervals(one))
    rows = _opening(one, names, sizes)
    return GroupTable(pd.DataFrame(rows).join(rates), one.support[:, 0] < FEW)


@dataclass(frozen=True, eq=False)
class ClassesByGroup:
    """One rate of each class in each group, (n_classes, n_groups) each, in the order of classes and groups given.

    values: NaN where undefined; bases: the cases behind each value (see `classes_by_group`).
    """

    values: np.ndarray
    bases: np.ndarray

    @property
    def spread(self) -> np.ndarray:
        """Highest less lowest value of each class over the groups with FEW or more cases; NaN with fewer than two."""
        sound = np.where(self.bases >= FEW, self.values, np.nan)
        enough = (~np.isnan(sound)).sum(axis=1) > 1
        highest = np.where(np.isnan(sound), -np.inf, sound).max(axis=1, initial=-np.inf)
        lowest = np.where(np.isnan(sound), np.inf, sound).min(axis=1, initial=np.inf)
        return np.subtract(highest, lowest, out=np.full(len(sound), np.nan), where=enough)

    def widest_first(self) -> np.ndarray:
        """Indices of classes by spread, undefined ones last, ties in the order of the classes."""
        return np.argsort(-np.nan_to_num(self.spread, nan=-1.0), kind="stable")


def classes_by_group(c: Counts, rate: str) -> ClassesByGroup:
    """rate: one of RATES. Its cases are the known positives for recall and F1, for precision the predicted, for the
    false positive rate the known negatives."""
    values = {
        "precision": lambda: metrics.precision(c, zero_division=np.nan),
        "recall": lambda: metrics.recall(c, zero_division=np.nan),
        "F1": lambda: metrics.f_beta(c, zero_division=np.nan),
        "false positive rate": lambda: 1.0 - metrics.specificity(c, zero_division=np.nan),
    }[rate]()
    bases = {"precision": c.tp + c.fp, "false positive rate": c.fp + c.tn}.get(rate, c.support)
    return ClassesByGroup(values.T, bases.T)


def classes_by_group_table(by_group: ClassesByGroup, class_names, group_names, support) -> pd.DataFrame:
    """Columns class, support, spread, then one per group; a row per class, the widest spread first."""
    order = by_group.widest_first()
    table = pd.DataFrame({"class": np.asarray(class_names, dtype=object)[order], "support": np.asarray(support)[order]})
    table["spread"] = by_group.spread[order]
    values = pd.DataFrame(by_group.values[order], columns=distinct_from(group_names, table.columns))
    return table.join(values)


def distinct_from(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """The names, a space behind those that are taken: a group may be called as a column is."""
    found, taken = [], set(taken)
    for name in names:
        while name in taken:
            name += " "
        taken.add(name)
        found.append(name)
    return found


def _opening(c: Counts, names, sizes) -> dict:
    """What stands before the rates; c: (n_groups + 1, 1), the last row the total."""
    known = (c.support + c.fp + c.tn)[:, 0]
    support = c.support[:, 0]
    return {
        "group": [*names, TOTAL],
        "samples": np.append(sizes, np.sum(sizes)).astype(np.int64),
        "support": support,
        "prevalence": np.divide(support, known, out=np.full(len(known), np.nan), where=known > 0),
        "predicted": (c.tp + c.fp)[:, 0],
    }


def _each(c: Counts, function) -> Counts:
    return Counts(*(function(getattr(c, name)) for name in _COUNTS))
