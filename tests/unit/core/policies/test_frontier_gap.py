"""The gap between pivots and lines is the one that a dense search finds."""

import numpy as np
import pytest

from dashboard.core.policies.frontier_gap import Pivot, largest_gap


def dense_gap(pivots, micro, macro, sizes):
    """The highest point that no pivot excludes for any D, above the lines, on a dense grid."""
    at, size = np.linspace(micro[0], micro[-1], 4001)[:, None], np.linspace(*sizes, 301)[None]
    bounds = [pivot.height - pivot.multiplier * size * (at - pivot.micro) for pivot in pivots]
    return float((np.min(bounds, axis=0).max(axis=1) - np.interp(at[:, 0], micro, macro)).max())


def random_case(seed):
    """Pivots whose bounds touch a falling, bent curve, and lines that lie below it."""
    rng = np.random.default_rng(seed)
    sizes = (100.0, 100.0 * rng.uniform(1.05, 2))
    places = np.sort(rng.uniform(0.4, 0.6, int(rng.integers(2, 6))))
    heights = 0.6 - 2 * (places - 0.4) ** 2
    slopes = 4 * (places - 0.4)
    pivots = [Pivot(*each) for each in zip(places, slopes / rng.uniform(*sizes), heights, strict=True)]
    micro = np.unique([places[0], *rng.uniform(places[0], places[-1], 2), places[-1]])
    return pivots, micro, 0.6 - 2 * (micro - 0.4) ** 2 - rng.uniform(0, 0.003), sizes


@pytest.mark.parametrize("seed", range(60))
def test_largest_gap_covers_a_dense_search(seed):
    pivots, micro, macro, sizes = random_case(seed)
    found, dense = largest_gap(pivots, micro, macro, sizes).value, dense_gap(pivots, micro, macro, sizes)
    assert found >= dense - 1e-9


@pytest.mark.parametrize("seed", range(60))
def test_largest_gap_with_two_pivots_is_no_larger_than_needed(seed):
    pivots, micro, macro, sizes = random_case(seed)
    pivots = [pivots[0], pivots[-1]]
    assert largest_gap(pivots, micro, macro, sizes).value == pytest.approx(
        dense_gap(pivots, micro, macro, sizes), abs=2e-4
    )


def test_a_pivot_above_the_lines_is_a_gap_but_no_place_to_look():
    pivots = [Pivot(0.0, 0.5, 1.0), Pivot(0.5, 0.6, 0.76), Pivot(1.0, 2.0, 0.0)]
    gap = largest_gap(pivots, np.array([0.0, 0.5, 1.0]), np.array([1.0, 0.0, 0.0]), (1.0, 1.0))
    assert gap.value == pytest.approx(0.76)
    assert gap.value_at_place < 0.76


def test_one_point_has_no_gap():
    assert largest_gap([Pivot(0.5, 0.0, 0.7)] * 2, np.array([0.5]), np.array([0.7]), (1.0, 2.0)).value == 0
