"""Which combinations of steps no other beats in both micro-F1 and macro-F1. Knows counts only, no scores.

Few combinations are all looked at. Otherwise, at a demanded micro-F1 mu, sum_c F1_c / C + t (2 TP - mu (P + K)) is made
largest class by class for the multiplier t that makes its maximum lowest (Lagrange). Whatever that visits is a point;
the maximum itself is a bound on all combinations, see `frontier_gap`.
"""

from dataclasses import dataclass, field

import numpy as np

from dashboard.core.policies.frontier_gap import Pivot, largest_gap
from dashboard.core.policies.frontier_steps import ROUNDING, Choices, Point

MOST_COMBINATIONS = 1 << 20
MOST_PIVOTS = 40
MOST_POINTS = 60
CLOSE_ENOUGH = 1e-5  # in macro-F1


@dataclass
class Search:
    """Finds points between two ends: the best macro-F1 (low micro-F1) and the best micro-F1.

    is_exact: every combination is looked at. gap: after `run`, the most macro-F1 that any combination has above the
    straight lines between the points.
    """

    choices: Choices
    ends: tuple[Point, Point]
    is_exact: bool
    points: list[Point] = field(init=False)
    gap: float = field(init=False, default=0.0)

    def __post_init__(self):
        self.points = list(self.ends)

    def run(self) -> list[Point]:
        """The supported points in order of rising micro-F1: the vertices of the upper hull of what was found."""
        if not len(self.choices.lengths):
            return self._supported()
        if self.is_exact:
            self.points += self._every_combination()
            return self._supported()
        pivots = [self._pivot(self.choices.micro(end)) for end in self.ends]
        while True:
            supported = self._supported()
            gap = largest_gap(pivots, *self._places(supported), self.choices.sizes)
            if len(pivots) >= MOST_PIVOTS or gap.value_at_place < max(gap.value, CLOSE_ENOUGH):
                supported = [supported[i] for i in thinned(*self._places(supported))]
                self.gap = largest_gap(pivots, *self._places(supported), self.choices.sizes).value
                return supported
            pivots.append(self._pivot(gap.place))

    def _places(self, points) -> tuple[np.ndarray, np.ndarray]:
        return tuple(np.array([(self.choices.micro(point), point.macro) for point in points]).T)

    def _every_combination(self) -> list[Point]:
        """The points that no other combination beats in both."""
        c, macro, tp, predicted = self.choices, np.zeros(1), np.zeros(1, int), np.zeros(1, int)
        for row, length in enumerate(c.lengths):
            macro, tp, predicted = (
                (total[:, None] + array[row, :length]).reshape(-1)
                for total, array in ((macro, c.f1), (tp, c.tp), (predicted, c.predicted))
            )
        micro = 2 * tp / np.maximum(1, c.n_positives + predicted)
        order = np.lexsort((-macro, -micro))
        best_before = np.concatenate([[-np.inf], np.maximum.accumulate(macro[order])[:-1]])
        found = order[macro[order] > best_before + ROUNDING]
        return [c.point(np.array(steps)) for steps in zip(*np.unravel_index(found, c.lengths), strict=True)]

    def _pivot(self, micro: float) -> Pivot:
        """The lowest maximum over the multipliers, by the crossing of two lines; the points met on the way are kept."""
        below, above = self.ends
        if self.choices.micro(below) >= micro:
            return Pivot(micro, 0.0, below.macro)
        while True:
            rise = self.choices.excess(above, micro) - self.choices.excess(below, micro)
            multiplier = max(0.0, (below.macro - above.macro) / rise)
            found = self.choices.best(multiplier, micro)
            excess = self.choices.excess(found, micro)
            height = found.macro + multiplier * excess
            if height <= above.macro + multiplier * self.choices.excess(above, micro) + ROUNDING:
                return Pivot(micro, multiplier, height)
            self.points.append(found)
            below, above = (below, found) if excess >= 0 else (found, above)

    def _supported(self) -> list[Point]:
        """The upper hull, from the highest macro-F1 to the highest micro-F1."""
        places = sorted((self.choices.micro(point), point.macro, index) for index, point in enumerate(self.points))
        chain: list[tuple[float, float, int]] = []
        for place in places:
            while chain and place[1] >= chain[-1][1] - ROUNDING:
                chain.pop()
            while len(chain) > 1 and _rise(chain[-2], chain[-1], place) <= ROUNDING:
                chain.pop()
            chain.append(place)
        return [self.points[index] for _, _, index in chain]


def thinned(micro, macro) -> np.ndarray:
    """Indices of at most MOST_POINTS vertices of a hull; those left out lie lowest above the lines without them."""
    left = np.arange(len(micro))
    while len(left) > MOST_POINTS:
        before, middle, after = ((micro[each], macro[each]) for each in (left[:-2], left[1:-1], left[2:]))
        left = np.delete(left, 1 + int(np.argmin(_rise(before, middle, after))))
    return left


def _rise(before, middle, after):
    """How much macro-F1 the middle point, (micro, macro), has above the line between the others."""
    share = (middle[0] - before[0]) / (after[0] - before[0])
    return middle[1] - before[1] - share * (after[1] - before[1])
