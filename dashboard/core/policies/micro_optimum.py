"""The best micro-F-beta with one threshold per class, in exact fractions, by Dinkelbach's method on the hulls.

F-beta of all cells is N / D with N = (1 + beta^2) TP and D = beta^2 P + K, both sums over classes. For a value lambda
each class on its own makes N - lambda D as large as it can; the F-beta of the result is the next lambda. It rises until
no class can improve, and then no combination of thresholds is better. Knows nothing of scores.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dashboard.core.policies.ladders import Ladder


class Blocks:
    """The edges of a hull in order of falling slope: tp gained and cells predicted more on each."""

    def __init__(self, vertices: Ladder):
        self.gained, self.more = np.diff(vertices.tp), np.diff(vertices.predicted)
        self._falling = -(self.gained / self.more)

    def n_steeper(self, slope: Fraction, or_equal: bool = False) -> int:
        """How many edges are steeper than `slope`. Floats find the place, integers decide."""
        n = int(np.searchsorted(self._falling, -float(slope)))
        while n < len(self.more) and self._is_steeper(n, slope, or_equal):
            n += 1
        while n and not self._is_steeper(n - 1, slope, or_equal):
            n -= 1
        return n

    def _is_steeper(self, edge, slope, or_equal):
        excess = int(self.gained[edge]) * slope.denominator - int(self.more[edge]) * slope.numerator
        return excess >= 0 if or_equal else excess > 0


@dataclass(frozen=True, eq=False)
class MicroOptimum:
    """value: the optimum; trace: every lambda on the way to it; vertices: (n_classes,) the vertex of each hull.

    Of equally good vertices the first, with the highest threshold; last_vertices: the last, with the lowest. gains:
    (n_classes,) Fractions: how much more N - value D any other vertex gives; all zero.
    """

    value: Fraction
    trace: tuple[Fraction, ...]
    vertices: np.ndarray
    last_vertices: np.ndarray
    gains: tuple[Fraction, ...]


def micro_optimum(hulls: list[Ladder], n_positives: int, beta: float = 1.0) -> MicroOptimum:
    """The optimum over all combinations of vertices, which is the one over all thresholds; 0 where it is 0/0.

    n_positives: known positives of all classes together.
    """
    weight, blocks = Fraction(beta) ** 2, [Blocks(vertices) for vertices in hulls]
    value, trace = Fraction(0), []
    while True:
        trace.append(value)
        slope = value / (1 + weight)
        vertices = np.array([block.n_steeper(slope) for block in blocks], dtype=np.int64)
        tp, predicted = totals(hulls, vertices)
        size = weight * n_positives + predicted
        if not size or (1 + weight) * tp == value * size:
            break
        value = (1 + weight) * tp / size
    last = np.array([block.n_steeper(slope, or_equal=True) for block in blocks], dtype=np.int64)
    # With beta 0 no prediction at all has no F-beta, while the best precision takes the blocks that have it.
    chosen = vertices if size else last
    gains = tuple(
        _largest_gain(block, int(vertex), slope) * (1 + weight) for block, vertex in zip(blocks, chosen, strict=True)
    )
    return MicroOptimum(value, tuple(trace), chosen, last, gains)


def totals(ladders: list[Ladder], steps) -> tuple[int, int]:
    """True positives and predicted cells of all classes together at one step of each."""
    tp = sum(int(each.tp[step]) for each, step in zip(ladders, steps, strict=True))
    return tp, sum(int(each.predicted[step]) for each, step in zip(ladders, steps, strict=True))


def _largest_gain(block, vertex, slope) -> Fraction:
    """The most of tp - slope * predicted that any vertex has beyond the chosen one."""
    longest = max((int(block.gained.sum()) + 1) * slope.denominator, (int(block.more.sum()) + 1) * slope.numerator)
    dtype = np.int64 if longest < 1 << 62 else object
    excess = block.gained.astype(dtype) * slope.denominator - block.more.astype(dtype) * slope.numerator
    onwards, back = np.cumsum(excess[vertex:]), np.cumsum(-excess[:vertex][::-1])
    return Fraction(max([0, *onwards.tolist(), *back.tolist()]), slope.denominator)
