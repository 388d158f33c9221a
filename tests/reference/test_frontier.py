"""The micro/macro frontier against every combination of thresholds of small problems."""

from fractions import Fraction

import numpy as np
import pytest

from dashboard.core import Predictions, RankedScores, metrics, policies
from dashboard.core.global_optimum import best_global_thresholds
from dashboard.core.policies import frontier as frontier_module
from dashboard.core.policies import frontier_search, one_threshold
from tests.reference.combinations import Combinations, countable_problem, random_locks, traded_problem

CLOSE = 1e-12
TRADED = [(traded_problem, seed) for seed in range(100)]


def supported_vertices(every: Combinations):
    """The upper hull between the best macro-F1 and the best micro-F1, in exact fractions: (micro, macro) floats."""
    order = np.lexsort((-every.macro_f1, -every.micro_f1))
    near_best = order[every.macro_f1[order] >= np.maximum.accumulate(every.macro_f1[order]) - 1e-9]
    tp, predicted = every.totals
    points = {}
    for row in np.column_stack([tp, predicted, every.tp, every.predicted])[near_best].tolist():
        n = (len(row) - 2) // 2
        size = every.n_positives + row[1]
        micro = Fraction(2 * row[0], size) if size else Fraction(0)
        sizes = [int(support) + k for support, k in zip(every.p.support, row[2 + n :], strict=True)]
        macro = sum(Fraction(2 * t, s) if s else Fraction(0) for t, s in zip(row[2 : 2 + n], sizes, strict=True)) / n
        points[micro] = max(points.get(micro, Fraction(0)), macro)
    chain = []
    for x, y in sorted(points.items()):
        while chain and y >= chain[-1][1]:
            chain.pop()
        while len(chain) > 1 and _is_below(chain[-2], chain[-1], (x, y)):
            chain.pop()
        chain.append((x, y))
    return np.array([[float(x), float(y)] for x, y in chain])


def _is_below(before, middle, after):
    across = (middle[0] - before[0]) * (after[1] - before[1])
    return (middle[1] - before[1]) * (after[0] - before[0]) <= across


def highest_above(frontier, every):
    """The most macro-F1 that a combination has above the lines; left of the curve, above its best macro-F1."""
    return float((every.macro_f1 - np.interp(every.micro_f1, frontier.micro, frontier.macro)).max())


@pytest.mark.parametrize(("problem", "seed"), [*((countable_problem, s) for s in range(60)), *TRADED[:40]])
def test_every_supported_vertex_is_found_and_no_combination_dominates(problem, seed):
    p = problem(seed)
    every = Combinations(p)
    frontier = policies.micro_macro_frontier(RankedScores.from_predictions(p))
    np.testing.assert_allclose(
        np.column_stack([frontier.micro, frontier.macro]), supported_vertices(every), rtol=0, atol=CLOSE
    )
    for micro, macro in zip(frontier.micro, frontier.macro, strict=True):
        assert every.macro_f1[every.micro_f1 >= micro - CLOSE].max() <= macro + CLOSE
    assert frontier.is_exact
    assert frontier.gap == 0
    assert highest_above(frontier, every) <= CLOSE


@pytest.fixture
def never_exhaustive(monkeypatch):
    """Small problems are searched as large ones are."""
    monkeypatch.setattr(frontier_module, "MOST_STEPS", -1)


@pytest.mark.usefixtures("never_exhaustive")
@pytest.mark.parametrize(("problem", "seed"), [*((countable_problem, s) for s in range(60)), *TRADED])
def test_stated_gap_holds(problem, seed):
    p = problem(seed)
    every = Combinations(p)
    frontier = policies.micro_macro_frontier(RankedScores.from_predictions(p))
    assert not frontier.is_exact
    assert highest_above(frontier, every) <= frontier.gap + CLOSE
    vertices = supported_vertices(every)
    np.testing.assert_allclose([frontier.micro[-1], frontier.macro[-1]], vertices[-1], rtol=0, atol=CLOSE)
    np.testing.assert_allclose([frontier.micro[0], frontier.macro[0]], vertices[0], rtol=0, atol=CLOSE)


@pytest.mark.usefixtures("never_exhaustive")
@pytest.mark.parametrize("seed", range(40))
def test_stated_gap_holds_with_few_pivots_and_points(seed, monkeypatch):
    monkeypatch.setattr(frontier_search, "MOST_PIVOTS", 2 + seed % 3)
    monkeypatch.setattr(frontier_search, "MOST_POINTS", 2 + seed % 2)
    p = traded_problem(seed)
    frontier = policies.micro_macro_frontier(RankedScores.from_predictions(p))
    assert len(frontier) <= 2 + seed % 2
    assert highest_above(frontier, Combinations(p)) <= frontier.gap + CLOSE


@pytest.mark.parametrize("seed", range(50))
@pytest.mark.parametrize("exhaustive", [True, False])
def test_locked_classes_stay(seed, exhaustive, monkeypatch):
    if not exhaustive:
        monkeypatch.setattr(frontier_module, "MOST_STEPS", -1)
    p = countable_problem(seed)
    locked = random_locks(p, seed)
    every = Combinations(p, locked)
    frontier = policies.micro_macro_frontier(RankedScores.from_predictions(p), locked)
    assert all(ts.score_thresholds[c] == p.scores.dtype.type(t) for ts in frontier.points for c, t in locked.items())
    assert highest_above(frontier, every) <= frontier.gap + CLOSE
    vertices = supported_vertices(every)
    np.testing.assert_allclose([frontier.micro[0], frontier.macro[0]], vertices[0], rtol=0, atol=CLOSE)


def long_tailed(seed, n_samples=3_000, n_classes=12):
    rng = np.random.default_rng(seed)
    labels = (rng.random((n_samples, n_classes)) < np.geomspace(0.01, 0.3, n_classes)).astype(np.int8)
    scores = rng.normal(size=labels.shape) + rng.uniform(0.5, 2.5, n_classes) * labels
    return RankedScores.from_predictions(Predictions(np.round(scores, 2), labels))


@pytest.mark.parametrize("seed", range(3))
def test_named_points_lie_on_the_lines_or_below(seed):
    r = long_tailed(seed)
    frontier = policies.micro_macro_frontier(r)
    assert len(frontier) <= 60
    assert frontier.gap < 1e-3
    for point in frontier.named:
        assert point.macro <= np.interp(point.micro, frontier.micro, frontier.macro) + frontier.gap + CLOSE
    named = {point.name: point for point in frontier.named}
    assert frontier.macro[0] == pytest.approx(named["per-class best"].macro, abs=CLOSE)
    assert frontier.micro[-1] == named["joint best"].micro == policies.best_micro_f_beta(r).details["value"]


def test_a_best_threshold_that_is_known_is_taken_and_not_sought(monkeypatch):
    rng = np.random.default_rng(0)
    labels = (rng.random((60, 4)) < 0.3).astype(np.int8)
    r = RankedScores.from_predictions(Predictions(rng.normal(size=labels.shape) + labels, labels))
    sought = policies.micro_macro_frontier(r)
    known = best_global_thresholds(r, [("f1", "micro"), ("f1", "macro")])["f1", "micro"]
    monkeypatch.setattr(one_threshold, "_optimum", None)
    found = policies.micro_macro_frontier(r, best_micro=known)
    for one, other in zip(sought.named, found.named, strict=True):
        assert (one.micro, one.macro) == (other.micro, other.macro)
        assert one.thresholds.to_json() == other.thresholds.to_json()


@pytest.mark.parametrize("seed", range(3))
def test_random_thresholds_stay_below_the_curve(seed):
    r = long_tailed(seed)
    frontier = policies.micro_macro_frontier(r)
    rng = np.random.default_rng(seed)
    thresholds = np.array([ts.score_thresholds for ts in frontier.points])
    mixed = np.take_along_axis(thresholds, rng.integers(len(frontier), size=(20_000, 12)), axis=0)
    for values in (mixed, mixed + rng.normal(size=mixed.shape) * 0.02):
        c = r.counts_at_scores(values)
        micro, macro = metrics.f_beta(c, average="micro"), metrics.f_beta(c, average="macro")
        assert np.all(macro <= np.interp(micro, frontier.micro, frontier.macro) + frontier.gap + CLOSE)


@pytest.mark.parametrize("shape", [(0, 2), (3, 0), (0, 0)])
def test_no_samples_or_no_classes(shape):
    p = Predictions(np.zeros(shape), np.zeros(shape, dtype=np.int8))
    frontier = policies.micro_macro_frontier(RankedScores.from_predictions(p))
    assert len(frontier) == 1
    assert frontier.points[0].predict(p).shape == shape
