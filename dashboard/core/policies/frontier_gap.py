"""How far any combination of thresholds may lie above lines in the plane of micro-F1 and macro-F1.

Knows neither scores nor classes, only upper bounds (pivots).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Pivot:
    """No combination has a macro-F1 above `height - multiplier * D * (its micro-F1 - micro)`.

    D, the known positives plus the predicted cells of the combination, lies within known limits.
    """

    micro: float
    multiplier: float
    height: float


@dataclass(frozen=True)
class Gap:
    """value: the most macro-F1 by which a combination may lie above the lines; place: where between two pivots the
    bound is highest above them, and by how much there.
    """

    value: float
    place: float
    value_at_place: float


def largest_gap(pivots: Sequence[Pivot], micro, macro, sizes: tuple[int, int]) -> Gap:
    """Of the lines through the points (micro, macro), both (n_points,), micro rising from the first pivot to the last.

    Between pivots 1 and 2, with distances u and v to them, macro is at most min(h1 - t1 D u, h2 + t2 D v), which is
    largest for D = (h1 - h2) / (t1 u + t2 v) or the limit of D next to it. Less a straight line, that is largest at
    an end, where D meets a limit, or where it is level.
    """
    pivots = sorted(pivots, key=lambda pivot: pivot.micro)
    mu, t, h = np.array([(pivot.micro, pivot.multiplier, pivot.height) for pivot in pivots]).T
    at_pivots = max(0.0, float((h - np.interp(mu, micro, macro)).max()))
    breaks = np.unique(np.concatenate([mu, micro]))
    low, high = breaks[:-1], breaks[1:]
    if not len(low):
        return Gap(at_pivots, float(mu[0]), 0.0)
    pair = np.clip(np.searchsorted(mu, low, side="right") - 1, 0, len(mu) - 2)
    between = _Between(mu[pair], mu[pair + 1], t[pair], t[pair + 1], h[pair], h[pair + 1], sizes)
    slopes = -np.diff(np.interp(breaks, micro, macro)) / (high - low)
    places = np.clip(np.stack([low, high, *between.turning_places(slopes)]), low, high)
    above = between.bound(places) - np.interp(places, micro, macro)
    above[(places <= between.low) | (places >= between.high)] = 0.0  # the pivots themselves
    best = np.unravel_index(int(above.argmax()), above.shape)
    return Gap(max(at_pivots, float(above[best])), float(places[best]), float(above[best]))


@dataclass(frozen=True)
class _Between:
    """Pairs of neighbouring pivots: where they are, their multipliers, their heights; arrays of one shape."""

    low: np.ndarray
    high: np.ndarray
    t_low: np.ndarray
    t_high: np.ndarray
    h_low: np.ndarray
    h_high: np.ndarray
    sizes: tuple[int, int]

    def bound(self, places) -> np.ndarray:
        u, v = places - self.low, self.high - places
        with np.errstate(divide="ignore", invalid="ignore"):
            worst = (self.h_low - self.h_high) / (self.t_low * u + self.t_high * v)
        size = np.clip(np.where(np.isnan(worst), self.sizes[0], worst), *self.sizes)
        return np.minimum(self.h_low - self.t_low * size * u, self.h_high + self.t_high * size * v)

    def turning_places(self, slopes) -> list[np.ndarray]:
        """Where the bound falls as steeply as lines of these slopes (downwards), and where D meets its limits."""
        width, fall, faster = self.high - self.low, self.h_low - self.h_high, self.t_high - self.t_low
        with np.errstate(divide="ignore", invalid="ignore"):
            level = np.sqrt(self.t_low * self.t_high * width * fall / slopes)
            mixed = [level, *(fall / size for size in self.sizes)]
            places = [self.low + (self.t_high * width - each) / faster for each in mixed]
        return [np.where(np.isfinite(place), place, self.low) for place in places]
