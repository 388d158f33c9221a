"""Which steps of each class a point of the frontier may have, and what a choice of one step per class gives.

Knows counts only, no scores.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dashboard.core.policies.ladders import Ladder

MOST_COMPARED = 2_000  # steps of one class
ROUNDING = 1e-13


@dataclass(frozen=True)
class Point:
    """One step per class, (n_classes,), with the macro-F1 and the counts of all classes that it gives."""

    steps: np.ndarray
    macro: float
    tp: int
    predicted: int


def f1_of(steps: Ladder, support: int) -> np.ndarray:
    """F1 at each step of one class, 0 where it is 0/0."""
    sizes = support + steps.predicted
    return np.divide(2 * steps.tp, sizes, out=np.zeros(len(steps)), where=sizes > 0)


def between_the_ends(steps: Ladder, vertices: Ladder, support: int, micro_range) -> tuple[Ladder, Ladder]:
    """The steps, and the vertices, from the first to the last vertex that is best for one of the averages.

    Along the hull F1 rises to its best and falls after it, and so does 2 tp - mu * predicted for every micro-F1 mu
    that the frontier spans. What lies before all of these best vertices or after them is not better than the first
    or the last of them in any.
    """
    f1, slopes = f1_of(vertices, support), np.diff(vertices.tp) / np.diff(vertices.predicted)
    low, high = (mu / 2 for mu in micro_range)
    best = np.flatnonzero(f1 >= f1.max() - ROUNDING)
    first = min(int(best[0]), int((slopes > high + ROUNDING).sum()))
    last = max(int(best[-1]), int((slopes >= low - ROUNDING).sum()))
    ends = np.searchsorted(steps.predicted, vertices.predicted[[first, last]])
    return steps.take(slice(int(ends[0]), int(ends[1]) + 1)), vertices.take(slice(first, last + 1))


def best_of_mixtures(steps: Ladder, vertices: Ladder, support: int) -> Ladder:
    """The vertices and the steps that may beat every mixture of two vertices in F1 plus a multiple of the excess.

    A step below the hull predicts as much as a mixture of two vertices with no fewer true positives; it is only left
    if its F1 is above the mixture of theirs.
    """
    mixed = np.interp(steps.predicted, vertices.predicted, f1_of(vertices, support))
    left = f1_of(steps, support) > mixed + ROUNDING
    left[np.searchsorted(steps.predicted, vertices.predicted)] = True
    return steps.take(left)


def undominated(steps: Ladder, support: int, micro_range: tuple[float, float]) -> Ladder:
    """The steps that no other step can replace; all of them where they are many.

    A step may be replaced by one whose F1 is not lower and whose 2 tp - mu * predicted is not lower at either end of
    the micro-F1 that the frontier spans: then it is not lower between them, so neither average falls.
    """
    if len(steps) > MOST_COMPARED:
        return steps
    merits = np.stack([f1_of(steps, support), *(2 * steps.tp - mu * steps.predicted for mu in micro_range)])
    kept: list[int] = []
    for step in np.lexsort((np.arange(len(steps)), *-merits)):  # nothing is replaced by what comes later
        if not kept or (merits[:, kept] < merits[:, [step]]).any(axis=0).all():
            kept.append(step)
    return steps.take(np.sort(kept))


class Choices:
    """The steps left of all classes side by side, so that one argmax chooses for all classes at once.

    ladders: of the steps left of each class; supports: (n_classes,) known positives.
    """

    def __init__(self, ladders: Sequence[Ladder], supports):
        self.n_positives = int(np.sum(supports))
        self.lengths = np.array([len(each) for each in ladders])
        shape = (len(ladders), int(self.lengths.max(initial=1)))
        self.f1, self.tp, self.predicted = np.full(shape, -np.inf), np.zeros(shape, int), np.zeros(shape, int)
        for c, (each, support) in enumerate(zip(ladders, supports, strict=True)):
            self.f1[c, : len(each)] = f1_of(each, int(support)) / len(ladders)
            self.tp[c, : len(each)], self.predicted[c, : len(each)] = each.tp, each.predicted

    @property
    def sizes(self) -> tuple[int, int]:
        """The least and the most known positives plus predicted cells of any choice."""
        least, most = (sum(int(row[i]) for row, i in self._rows(end)) for end in (0, -1))
        return self.n_positives + least, self.n_positives + most

    def _rows(self, end):
        return [(row[:length], end) for row, length in zip(self.predicted, self.lengths, strict=True)]

    def point(self, steps) -> Point:
        steps = np.asarray(steps)
        macro, tp, predicted = (
            np.take_along_axis(array, steps[:, None], axis=1).sum() for array in (self.f1, self.tp, self.predicted)
        )
        return Point(steps, float(macro), int(tp), int(predicted))

    def excess(self, point: Point, micro: float) -> float:
        """(its micro-F1 - micro) * D with D = positives + predicted: at least 0 where it reaches that micro-F1."""
        return 2 * point.tp - micro * (self.n_positives + point.predicted)

    def micro(self, point: Point) -> float:
        size = self.n_positives + point.predicted
        return 2 * point.tp / size if size else 0.0

    def best(self, multiplier: float, micro: float) -> Point:
        """The point with the largest macro + multiplier * excess."""
        return self.point((self.f1 + multiplier * (2 * self.tp - micro * self.predicted)).argmax(axis=1))

    def highest_macro(self) -> Point:
        """The best macro-F1, and of its ties the best micro-F1."""
        penalty = np.where(self.f1 >= self.f1.max(axis=1, keepdims=True) - ROUNDING, 0, np.inf)
        micro, found = -1.0, self.point((-penalty).argmax(axis=1))
        while self.micro(found) > micro:
            micro = self.micro(found)
            found = self.point((2 * self.tp - micro * self.predicted - penalty).argmax(axis=1))
        return found

    def highest_micro(self, micro: Fraction) -> Point:
        """The given best micro-F1, and of its ties the best macro-F1."""
        gains = 2 * micro.denominator * self.tp - micro.numerator * self.predicted
        gains = np.where(np.isneginf(self.f1), np.iinfo(np.int64).min, gains)
        tied = gains == gains.max(axis=1, keepdims=True)
        return self.point(np.where(tied, self.f1, -np.inf).argmax(axis=1))
