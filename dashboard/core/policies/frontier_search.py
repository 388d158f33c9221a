"""Which combinations of steps no other beats in both micro-F1 and macro-F1. Knows counts only, no scores.

Few combinations are all looked at. Otherwise, at a demanded micro-F1 mu, sum_c F1_c / C + t (2 TP - mu (P + K)) is made
largest class by class for the multiplier t that makes its maximum h lowest (Lagrange). Then every combination has
macro <= h - t D (micro - mu), whatever its D = P + K: a pivot. Two pivots bound what lies between them without D.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from dashboard.core.policies.ladders import Ladder

MOST_COMBINATIONS = 1 << 17
MOST_PIVOTS = 40
MOST_POINTS = 60
CLOSE_ENOUGH = 1e-6  # in macro-F1
MOST_COMPARED = 2_000
ROUNDING = 1e-13


@dataclass(frozen=True)
class Point:
    """One step per class, (n_classes,), with the macro-F1 and the counts of all classes that it gives."""

    steps: np.ndarray
    macro: float
    tp: int
    predicted: int


@dataclass(frozen=True)
class Pivot:
    """No combination has a macro-F1 above `height - multiplier * D * (its micro-F1 - micro)`."""

    micro: float
    multiplier: float
    height: float


def f1_of(steps: Ladder, support: int) -> np.ndarray:
    """F1 at each step of one class, 0 where it is 0/0."""
    sizes = support + steps.predicted
    return np.divide(2 * steps.tp, sizes, out=np.zeros(len(steps)), where=sizes > 0)


def undominated(steps: Ladder, support: int, micro_range: tuple[float, float], better: np.ndarray) -> np.ndarray:
    """The steps of one class that no other step can replace, ascending; perhaps a few that one can.

    A step may be replaced by one whose F1 is not lower and whose 2 tp - mu * predicted is not lower at either end of
    the micro-F1 that the frontier spans: then it is not lower between them, so neither average falls. better: some
    steps that are likely to replace others.
    """
    gains = [2 * steps.tp - mu * steps.predicted for mu in micro_range]
    merits = np.stack([f1_of(steps, support), *gains])
    left = np.arange(len(steps))
    for step in better:
        if step in left:
            left = left[(merits[:, left] > merits[:, [step]]).any(axis=0) | (left == step)]
    if len(left) > MOST_COMPARED:
        return left
    order = np.lexsort((left, *-merits[:, left]))  # nothing is replaced by what comes later
    kept = []
    for step in left[order]:
        if not kept or (merits[:, kept] < merits[:, [step]]).any(axis=0).all():
            kept.append(step)
    return np.sort(np.array(kept))


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

    def point(self, steps) -> Point:
        steps = np.asarray(steps)
        macro, tp, predicted = (
            np.take_along_axis(array, steps[:, None], axis=1).sum() for array in (self.f1, self.tp, self.predicted)
        )
        return Point(steps, float(macro), int(tp), int(predicted))

    def excess(self, point: Point, micro: float) -> float:
        """(its micro-F1 - micro) * D: at least 0 where it reaches that micro-F1."""
        return 2 * point.tp - micro * (self.n_positives + point.predicted)

    def micro(self, point: Point) -> float:
        size = self.n_positives + point.predicted
        return 2 * point.tp / size if size else 0.0

    def best(self, multiplier: float, micro: float) -> Point:
        """The point with the largest macro + multiplier * excess."""
        return self.point((self.f1 + multiplier * (2 * self.tp - micro * self.predicted)).argmax(axis=1))

    def highest_macro(self) -> Point:
        """The best macro-F1, and of its ties the best micro-F1."""
        return self._tied_best(np.where(self.f1 >= self.f1.max(axis=1, keepdims=True) - ROUNDING, 0, np.inf))

    def highest_micro(self, micro: Fraction) -> Point:
        """The given best micro-F1, and of its ties the best macro-F1."""
        gains = 2 * micro.denominator * self.tp.astype(object) - micro.numerator * self.predicted.astype(object)
        gains = np.where(np.isneginf(self.f1), gains.min() - 1, gains)
        tied = gains == gains.max(axis=1, keepdims=True)
        return self.point(np.where(tied, self.f1, -np.inf).argmax(axis=1))

    def _tied_best(self, penalty) -> Point:
        micro, found = -1.0, self.point((-penalty).argmax(axis=1))
        while self.micro(found) > micro:
            micro = self.micro(found)
            found = self.point((2 * self.tp - micro * self.predicted - penalty).argmax(axis=1))
        return found


@dataclass
class Search:
    """Finds points between two ends: the best macro-F1 (low micro-F1) and the best micro-F1."""

    choices: Choices
    ends: tuple[Point, Point]
    points: list[Point] = field(init=False)
    gap: float = field(init=False, default=0.0)
    is_exact: bool = field(init=False)

    def __post_init__(self):
        self.points = list(self.ends)
        n_combinations = np.prod(self.choices.lengths.astype(np.float64))
        self.is_exact = bool(n_combinations <= MOST_COMBINATIONS)

    def run(self) -> list[Point]:
        """The supported points in order of rising micro-F1: the vertices of the upper hull of what was found.

        Afterwards `gap` is the most macro-F1 that any combination has above the straight lines between them.
        """
        if self.is_exact:
            self.points += self._every_combination()
            return self._supported()
        pivots = [self._pivot(self.choices.micro(end)) for end in self.ends]
        while True:
            supported = thinned(self._supported(), self.choices.micro)
            at, inside, self.gap = self._largest_gap(sorted(pivots, key=lambda pivot: pivot.micro), supported)
            if len(pivots) >= MOST_PIVOTS or inside < max(self.gap, CLOSE_ENOUGH):
                return supported
            pivots.append(self._pivot(at))

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
        if self.choices.excess(below, micro) >= 0:
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
        micro = self.choices.micro
        chain: list[Point] = []
        for point in sorted(self.points, key=lambda point: (micro(point), point.macro)):
            while chain and point.macro >= chain[-1].macro - ROUNDING:
                chain.pop()
            while len(chain) > 1 and _rise(chain[-2], chain[-1], point, micro) <= ROUNDING:
                chain.pop()
            chain.append(point)
        return chain

    def _largest_gap(self, pivots, supported) -> tuple[float, float, float]:
        """Where between two pivots the bound is highest above the lines, by how much there, and by how much anywhere.

        Between pivots 1 and 2 with distances u and v to them, the worst D makes both bounds equal, which leaves
        (h1 t2 v + h2 t1 u) / (t1 u + t2 v). Less a straight line that has its maximum at an end or where it is level.
        """
        x = np.array([self.choices.micro(point) for point in supported])
        y = np.array([point.macro for point in supported])
        mu, t, h = np.array([(pivot.micro, pivot.multiplier, pivot.height) for pivot in pivots]).T
        at_pivots = float((h - np.interp(mu, x, y)).max(initial=0.0))
        breaks = np.unique(np.concatenate([mu, x]))
        low, high = breaks[:-1], breaks[1:]
        if not len(low):
            return mu[0], 0.0, max(0.0, at_pivots)
        pair = np.clip(np.searchsorted(mu, low, side="right") - 1, 0, len(mu) - 2)
        slope = -np.diff(np.interp(breaks, x, y)) / (high - low)
        level = _level_place(mu[pair], mu[pair + 1], t[pair], t[pair + 1], h[pair] - h[pair + 1], slope)
        places = np.concatenate([low, high, np.clip(level, low, high)])
        pair = np.tile(pair, 3)
        u, v = places - mu[pair], mu[pair + 1] - places
        share = np.divide(
            t[pair] * u, t[pair] * u + t[pair + 1] * v, out=np.zeros(len(u)), where=(t[pair] > 0) & (u > 0)
        )
        above = h[pair] - (h[pair] - h[pair + 1]) * share - np.interp(places, x, y)
        above_inside = np.where((u > 0) & (v > 0), above, 0.0)
        best = int(above_inside.argmax())
        return float(places[best]), float(above_inside[best]), max(at_pivots, float(above_inside[best]), 0.0)


def thinned(points: list[Point], micro) -> list[Point]:
    """At most MOST_POINTS of a hull's vertices; the ones left out lie lowest above the line that passes below them."""
    points = list(points)
    while len(points) > MOST_POINTS:
        rises = [_rise(*points[i - 1 : i + 2], micro) for i in range(1, len(points) - 1)]
        del points[1 + int(np.argmin(rises))]
    return points


def _rise(before: Point, middle: Point, after: Point, micro) -> float:
    """How much macro-F1 the middle point has above the line between the others."""
    share = (micro(middle) - micro(before)) / (micro(after) - micro(before))
    return middle.macro - before.macro - share * (after.macro - before.macro)


def _level_place(low, high, t_low, t_high, fall, slope) -> np.ndarray:
    """Where the bound between two pivots falls as steeply as a line of `slope` (downwards)."""
    width = high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        mixed = np.sqrt(t_low * t_high * width * fall / slope)
        u = (t_high * width - mixed) / (t_high - t_low)
    return np.where(np.isfinite(u), low + u, low)
