"""Which vertices of a long curve to draw, and how far the drawn curve can then lie from the full one.

Knows nothing of precision, recall or plotly: a curve is x (never decreasing) and y at its vertices.
"""

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True, eq=False)
class Thinned:
    """The vertices to draw (ascending indices) and the error bound.

    Each point of the full curve has a point of the drawn one within `error` in x and in y, and the other way round.
    """

    kept: np.ndarray
    error: float


class _Stretch(NamedTuple):
    """The vertices between two corners, inclusive: `extremes` are drawn too. Sorts with the worst first."""

    negative_error: float
    first: int
    last: int
    extremes: tuple[int, ...]


def thin(x, y, limit: int, *, keep=()) -> Thinned:
    """At most `limit` vertices, among them both ends and those in `keep`; all of them, without error, if they fit.

    Between two drawn vertices the curve may be a straight line, or a step (first to the new y, then to the new x).
    The worst stretch is halved, in x, until the vertices are spent: n log n at most.
    Raises ValueError when `limit` cannot hold the ends, `keep` and one stretch more.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if len(x) <= limit:
        return Thinned(np.arange(len(x)), 0.0)
    corners = np.unique([0, *keep, len(x) - 1])
    stretches = [_stretch(x, y, first, last) for first, last in pairwise(corners.tolist())]
    n_kept = len(corners) + sum(len(s.extremes) for s in stretches)
    if n_kept > limit:
        raise ValueError(f"limit must be at least {3 * len(corners)} to keep {len(corners)} vertices, got {limit}")
    heapify(stretches)
    while stretches[0].negative_error < 0 and n_kept + 5 <= limit:  # a split adds a corner and at most four extremes
        worst = heappop(stretches)
        halves = _halves(x, y, worst)
        n_kept += 1 + sum(len(half.extremes) for half in halves) - len(worst.extremes)
        for half in halves:
            heappush(stretches, half)
    kept = {index for s in stretches for index in (s.first, *s.extremes, s.last)}
    return Thinned(np.array(sorted(kept)), -stretches[0].negative_error)


def _stretch(x, y, first, last) -> _Stretch:
    """A stretch in which the drawn and the full curve run from the same start to the same end.

    Low one (less high than wide): at every x the two differ by no more than its height, whatever is left out.
    Steep one: with its lowest and highest vertex drawn, both curves pass every y in between, within its width.
    """
    inside = y[first : last + 1]
    low, high = first + int(inside.argmin()), first + int(inside.argmax())
    width, height = float(x[last] - x[first]), float(y[high] - y[low])
    if last - first < 2:
        return _Stretch(0.0, first, last, ())
    if height <= width:
        return _Stretch(-height, first, last, ())
    beyond = {low} if y[low] < min(y[first], y[last]) else set()
    beyond |= {high} if y[high] > max(y[first], y[last]) else set()
    return _Stretch(-width, first, last, tuple(sorted(beyond)))


def _halves(x, y, stretch) -> tuple[_Stretch, _Stretch]:
    _, first, last, _ = stretch
    middle = first + 1 + int(np.searchsorted(x[first + 1 : last], (x[first] + x[last]) / 2))
    middle = min(middle, last - 1)
    return _stretch(x, y, first, middle), _stretch(x, y, middle, last)
